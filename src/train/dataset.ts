import { either as E } from 'fp-ts'
import type { DataError } from '../data/dataError.js'
import type { Density } from '../data/density.js'
import { type Points, selectRows } from '../data/points.js'
import { type Splits, splitRows } from '../data/split.js'
import { logScale, type Standardisation, standardisationOf, standardise } from '../data/standardise.js'
import { foldIn, fromSeed, type Key } from '../random/key.js'
import { permutation } from '../random/permutation.js'

/** What a flow is fitted to. Training and validation points are as the flow sees them; test points are in the data's units. */
export interface Dataset {
  readonly name: string
  readonly dimension: number
  /** What the flow's points have been through; null if nothing. */
  readonly standardisation: Standardisation | null
  /** To add to a negative log-likelihood of the flow's points, nats, for one in the data's units. */
  readonly logScale: number
  /** The distribution itself, where it is known. */
  readonly density: Density | null
  /** The batch of a step, from 0: a pure function of seed and step. */
  readonly batch: (step: number) => Points
  readonly validation: Points
  /** Points that neither training nor selection has seen. */
  readonly test: () => Points
  /** Points to draw, in the data's units: all of a table, the test points of a generator. */
  readonly shown: () => Points
}

/** How a data set is used. */
export interface Use {
  readonly seed: number
  readonly batch: number
}

/** Fresh points of a generator: for choosing the best weights, and for the final numbers. */
const validationCount = 5000
const testCount = 50_000

/** Streams of a seed; 1 and 2 are the weights'. */
const streams = { batches: 3, validation: 4, test: 5 } as const

/** A distribution that can be drawn from: fresh points in every batch, never standardised. */
export const generatedDataset = (density: Density, { seed, batch }: Use): Dataset => {
  const key = fromSeed(seed)
  const batches = foldIn(key, streams.batches)
  const test = (): Points => density.sample(foldIn(key, streams.test))(testCount)
  return {
    name: density.name,
    dimension: density.dimension,
    standardisation: null,
    logScale: 0,
    density,
    batch: step => density.sample(foldIn(batches, step))(batch),
    validation: density.sample(foldIn(key, streams.validation))(validationCount),
    test,
    shown: test
  }
}

/**
 * The order in which rows are used: every epoch is a new permutation, and batches run on from one epoch to the next.
 * @returns step -> rows, the same whenever it is asked
 */
export const epochRows = (key: Key, rows: number, batch: number): ((step: number) => Uint32Array) => {
  // The last two epochs are kept, which changes no result.
  const kept = new Map<number, Uint32Array>()
  const order = (epoch: number): Uint32Array => {
    const known = kept.get(epoch)
    if (known !== undefined) return known
    const made = permutation(foldIn(key, epoch))(rows)
    for (const old of kept.keys()) if (old !== epoch - 1) kept.delete(old)
    kept.set(epoch, made)
    return made
  }
  return step =>
    Uint32Array.from({ length: batch }, (_, i) => {
      const place = step * batch + i
      return order(Math.floor(place / rows))[place % rows] as number
    })
}

/** The key of every split: the same rows are held out whatever the seed, so that runs can be compared. */
const splitKey: Key = fromSeed(0)

/** What flows see of a table: its parts as they are to be fitted, batches of the training part, test points in the data's units. */
const ofSplits = (
  name: string,
  { training, validation }: Pick<Splits, 'training' | 'validation'>,
  { seed, batch }: Use
): Pick<Dataset, 'name' | 'dimension' | 'density' | 'batch' | 'validation'> => {
  const rowsOf = epochRows(foldIn(fromSeed(seed), streams.batches), training.rows, batch)
  return {
    name,
    dimension: training.columns,
    density: null,
    batch: step => selectRows(training, rowsOf(step)),
    validation
  }
}

/**
 * A table: split 80 : 10 : 10, standardised by its training part.
 * failure  TooFewRows, ConstantColumn
 */
export const tableDataset = (name: string, points: Points, use: Use): E.Either<DataError, Dataset> =>
  E.flatMap(splitRows(splitKey)(points), ({ training, validation, test }) =>
    E.map((standardisation: Standardisation): Dataset => {
      const scaled = standardise(standardisation)
      return {
        ...ofSplits(name, { training: scaled(training), validation: scaled(validation) }, use),
        standardisation,
        logScale: logScale(standardisation),
        test: () => test,
        shown: () => points
      }
    })(standardisationOf(training))
  )

/** A table that comes in parts, in the units that its scores are told in: nothing is split or standardised. */
export const splitDataset = (name: string, splits: Splits, use: Use): Dataset => ({
  ...ofSplits(name, splits, use),
  standardisation: null,
  logScale: 0,
  test: () => splits.test,
  shown: () => splits.test
})

/** Base-2 entropy of a data set's distribution; null where it is unknown. */
export const entropyBits = ({ density }: Pick<Dataset, 'density'>): number | null =>
  density?.entropy == null ? null : density.entropy.nats / Math.LN2
