import { either as E, function as F } from 'fp-ts'
import { foldIn, fromSeed } from '../random/key.js'
import { permutation } from '../random/permutation.js'
import { uniform } from '../random/uniform.js'
import type { DataError } from './dataError.js'
import { type Points, selectColumns, selectRows } from './points.js'
import type { Splits } from './split.js'
import { type Standardisation, standardisationOf, standardise } from './standardise.js'

/**
 * The five tables that flows are compared on, as the files of Papamakarios et al. 2017 have them, preprocessed and split as
 * they do it: 10 % of the rows, the last ones, for the test, 10 % of the rest for validation; scores are in units of the
 * standardised columns. What is drawn (an order of rows, the noise of POWER) is drawn from a fixed key of ours.
 */
export interface UciTable {
  readonly name: string
  readonly description: string
  readonly dimension: number
  /** Paths below the data root, as `readPoints` takes them. */
  readonly files: readonly string[]
  /** How a file that is not in a format of ours is converted. */
  readonly conversion?: string
  readonly splits: (files: readonly Points[]) => E.Either<DataError, Splits>
}

const key = fromSeed(0)
const range = (from: number, to: number): readonly number[] => Array.from({ length: to - from }, (_, i) => from + i)
const rowsFrom = (points: Points, from: number, to: number): Points => ({
  ...points,
  rows: to - from,
  values: points.values.slice(from * points.columns, to * points.columns)
})

/** The last tenth of the rows, and the rest. */
const lastTenth = (points: Points): readonly [rest: Points, last: Points] => {
  const at = points.rows - Math.floor(0.1 * points.rows)
  return [rowsFrom(points, 0, at), rowsFrom(points, at, points.rows)]
}

/** Test and validation from the end of the rows. */
const cut = (points: Points): Splits => {
  const [rest, test] = lastTenth(points)
  const [training, validation] = lastTenth(rest)
  return { training, validation, test }
}

/** All parts in units of the standardised columns of some points. */
const inUnitsOf = (points: Points, { training, validation, test }: Splits): E.Either<DataError, Splits> =>
  E.map((units: Standardisation) => {
    const scaled = standardise(units)
    return { training: scaled(training), validation: scaled(validation), test: scaled(test) }
  })(standardisationOf(points))

const withColumns = (file: string, points: Points, expected: number): E.Either<DataError, Points> =>
  points.columns === expected
    ? E.right(points)
    : E.left({ _tag: 'WrongColumns', file, columns: points.columns, expected })

/** Widths of the uniform noise of POWER's columns that stay: active power, voltage, three meters, time of day. */
const powerNoise = [0.001, 0.01, 1, 1, 1, 0]

const power = ([data]: readonly Points[]): E.Either<DataError, Splits> =>
  F.pipe(
    withColumns('power/data.npy', data as Points, 8),
    E.flatMap(whole => {
      const kept = selectColumns(selectRows(whole, permutation(foldIn(key, 1))(whole.rows)), [0, 2, 4, 5, 6, 7])
      const noise = uniform(foldIn(key, 2))(kept.values.length)
      const values = kept.values.map((x, i) => x + (powerNoise[i % 6] as number) * (noise[i] as number))
      const noisy = { ...kept, values }
      return inUnitsOf(lastTenth(noisy)[0], cut(noisy))
    })
  )

const means = ({ rows, columns, values }: Points): readonly number[] =>
  range(0, columns).map(j => range(0, rows).reduce((sum, i) => sum + (values[i * columns + j] as number), 0) / rows)

/** Correlations of the columns above a limit, as a matrix of booleans; a column is so correlated with itself. */
const correlated = (points: Points, limit: number): readonly (readonly boolean[])[] => {
  const { rows, columns, values } = points
  const mean = means(points)
  const covariance = (j: number, k: number): number => {
    let sum = 0
    for (let i = 0; i < rows; i++)
      sum +=
        ((values[i * columns + j] as number) - (mean[j] as number)) *
        ((values[i * columns + k] as number) - (mean[k] as number))
    return sum
  }
  const matrix = range(0, columns).map(j => range(0, columns).map(k => covariance(j, k)))
  const variance = (j: number): number => (matrix[j] as readonly number[])[j] as number
  return matrix.map((row, j) => row.map((x, k) => j === k || x > limit * Math.sqrt(variance(j) * variance(k))))
}

/** Columns without those that are correlated with another above 0.98: the first such one goes, and so on. */
const uncorrelated = (points: Points): readonly number[] => {
  const tooNear = correlated(points, 0.98)
  const without = (columns: readonly number[]): readonly number[] => {
    const first = columns.find(j => columns.filter(k => tooNear[j]?.[k] === true).length > 1)
    return first === undefined ? columns : without(columns.filter(j => j !== first))
  }
  return without(range(0, points.columns))
}

const gas = ([data]: readonly Points[]): E.Either<DataError, Splits> => {
  const points = selectColumns(data as Points, uncorrelated(data as Points))
  return E.flatMap(withColumns('gas/ethylene_CO.npy', points, 8), kept => inUnitsOf(kept, cut(kept)))
}

/** How often the commonest value of a column occurs. */
const commonest = ({ rows, columns, values }: Points, j: number): number => {
  const counts = new Map<number, number>()
  for (let i = 0; i < rows; i++) {
    const x = values[i * columns + j] as number
    counts.set(x, (counts.get(x) ?? 0) + 1)
  }
  return [...counts.values()].reduce((most, n) => Math.max(most, n), 0)
}

/** Rows of class 1, the first column, without it. */
const signal = (points: Points): Points => {
  const rows = range(0, points.rows).filter(i => points.values[i * points.columns] === 1)
  return selectColumns(selectRows(points, rows), range(1, points.columns))
}

const hepmass = ([first, second]: readonly Points[]): E.Either<DataError, Splits> =>
  F.pipe(
    withColumns('hepmass/1000_train.csv', first as Points, 29),
    E.flatMap(() => withColumns('hepmass/1000_test.csv', second as Points, 30)),
    E.flatMap(() => {
      const [fitted, held] = [signal(first as Points), signal(second as Points)]
      return E.flatMap(standardisationOf(fitted), units => {
        const scaled = standardise(units)(fitted)
        const kept = range(0, 28).filter(j => commonest(scaled, j) <= 5)
        const [training, validation] = lastTenth(selectColumns(scaled, kept))
        const test = selectColumns(standardise(units)(selectColumns(held, range(0, 28))), kept)
        return E.right({ training, validation, test })
      })
    })
  )

const miniboone = ([data]: readonly Points[]): E.Either<DataError, Splits> =>
  E.flatMap(withColumns('miniboone/data.npy', data as Points, 43), points =>
    inUnitsOf(lastTenth(points)[0], cut(points))
  )

const bsds300 = (files: readonly Points[]): E.Either<DataError, Splits> =>
  E.map(([training, validation, test]: readonly Points[]) => ({ training, validation, test }) as Splits)(
    E.traverseArray((part: Points) => withColumns('BSDS300/BSDS300.hdf5', part, 63))(files)
  )

/** POWER, GAS, HEPMASS, MINIBOONE, BSDS300. */
export const uciTables: readonly UciTable[] = [
  {
    name: 'power',
    description: 'electric power of a household, by the minute',
    dimension: 6,
    files: ['power/data.npy'],
    splits: power
  },
  {
    name: 'gas',
    description: 'chemical sensors in mixtures of ethylene and CO',
    dimension: 8,
    files: ['gas/ethylene_CO.npy'],
    conversion:
      `python3 -c "import numpy, pandas; numpy.save('gas/ethylene_CO.npy', ` +
      `pandas.read_pickle('gas/ethylene_CO.pickle').drop(columns=['Meth', 'Eth', 'Time']).to_numpy(float))"`,
    splits: gas
  },
  {
    name: 'hepmass',
    description: 'collisions of particles that make a heavy one',
    dimension: 21,
    files: ['hepmass/1000_train.csv', 'hepmass/1000_test.csv'],
    splits: hepmass
  },
  {
    name: 'miniboone',
    description: 'electron neutrinos of a detector',
    dimension: 43,
    files: ['miniboone/data.npy'],
    splits: miniboone
  },
  {
    name: 'bsds300',
    description: '8 x 8 patches of natural images',
    dimension: 63,
    files: ['train', 'validation', 'test'].map(part => `BSDS300/BSDS300.hdf5:${part}`),
    splits: bsds300
  }
]
