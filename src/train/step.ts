import { taskEither as TE } from 'fp-ts'
import { blocksOf } from '../data/blocks.js'
import type { Points } from '../data/points.js'
import type { Architecture } from '../flow/architecture.js'
import type { Method } from '../flow/residual.js'
import {
  type Backend,
  type BackendError,
  type Precision,
  type Reals,
  toPrecision,
  zerosOf
} from '../interpret/backend.js'
import type { Roulette } from '../logdet/terms.js'
import { inParallel } from '../prelude/parallel.js'
import { mostTerms, noiseOf } from './noise.js'
import { rowsProgram } from './rows.js'
import type { RowsProgram } from './rowsProgram.js'
import { averageDecay } from './schedule.js'
import type { StepReport, TrainError, TrainState } from './state.js'
import { type Optimiser, type Update, updateProgram } from './update.js'

/**
 * Most rows that one program run takes: large enough for efficient products, small enough for the cache. A batch of up to
 * half as many is one block; larger ones are an even number of blocks, so that two threads have equal shares.
 */
const mostRows = 1024

/** Rows of a block, so that a batch of this size makes few blocks, with little padding. */
const rowsOf = (batch: number): number =>
  batch <= mostRows / 2 ? batch : Math.ceil(batch / (2 * Math.ceil(batch / (2 * mostRows))))

/** One training step on a batch: from state to state, or why not. */
export type Step = (
  state: TrainState,
  batch: Points,
  learningRate: number
) => TE.TaskEither<TrainError, readonly [TrainState, StepReport]>

/** Sums of the row programs' outputs, in the order of the blocks. */
const summed = (results: readonly (readonly Reals[])[], precision: Precision) => {
  const loss = results.reduce((total, [nats]) => total + ((nats as Reals)[0] as number), 0)
  const [first, ...rest] = results.map(([, gradient]) => gradient as Reals)
  if (first === undefined || rest.length === 0) return { loss, gradient: first ?? zerosOf(precision)(0) }
  const total = Float64Array.from(first)
  for (const part of rest) for (let i = 0; i < total.length; i++) total[i] = (total[i] as number) + (part[i] as number)
  return { loss, gradient: toPrecision(precision, total) }
}

/** What a block of rows was given, and what its program said. */
type Ran = readonly [inputs: readonly Reals[], outputs: readonly Reals[]]

/** What did not converge: linear systems behind the gradient, or the first root that did not, also if rounding is allowed for; asked of the few blocks where |F| is large. */
const unconverged = (
  step: number,
  rows: RowsProgram,
  ran: readonly Ran[]
): TE.TaskEither<BackendError, TrainError | undefined> => {
  const unsolved = ran.reduce((rows, [, [, , missed]]) => rows + ((missed as Reals)[0] as number), 0)
  if (unsolved > 0) return TE.right({ tag: 'UnconvergedGradient', step, rows: unsolved })
  const doubtful = ran.filter(([, [, , , above]]) => above?.some(count => count > 0) === true)
  const judged = doubtful.map(([inputs, [, , , , steps]]) =>
    TE.map(([counts]: readonly Reals[]): TrainError | undefined => {
      const block = (counts as Reals).findIndex(count => count > 0)
      if (block < 0) return undefined
      return {
        tag: 'Unconverged',
        step,
        block,
        rows: (counts as Reals)[block] as number,
        steps: (steps as Reals)[block] as number
      }
    })(rows.judge(inputs))
  )
  return TE.map((causes: readonly (TrainError | undefined)[]) => causes.find(cause => cause !== undefined))(
    TE.sequenceSeqArray(judged)
  )
}

const stepOf =
  (rows: RowsProgram, update: Update, backend: Backend, settings: StepSettings): Step =>
  (state, batch, learningRate) => {
    const { optimiser, average, threads, roulette = null, seed = 0 } = settings
    const t = state.step + 1
    const asTrainError = TE.mapLeft(
      (error: BackendError): TrainError => ({ tag: 'Backend', step: t, message: error.message })
    )
    const shape = { seed, step: state.step, rows: batch.rows, size: rows.size, dimension: batch.columns }
    const noise = roulette === null ? [] : noiseOf(roulette, shape, backend.precision)
    const tasks = blocksOf(batch, rows.size, zerosOf(backend.precision)).map(({ points, weights }, b) => {
      const inputs = [state.effective, points, weights, ...(noise[b] ?? [])]
      return TE.map((outputs: readonly Reals[]): Ran => [inputs, outputs])(rows.run(inputs))
    })
    const scalar = (x: number): Reals => toPrecision(backend.precision, [x])
    return TE.flatMap(asTrainError(inParallel(tasks, threads)), (ran): ReturnType<Step> => {
      const results = ran.map(([, outputs]) => outputs)
      const { loss, gradient } = summed(results, backend.precision)
      if (!Number.isFinite(loss)) return TE.left({ tag: 'NonFinite', step: t, what: 'loss' })
      const scalars = [
        learningRate,
        1 / (1 - optimiser.beta1 ** t),
        1 / (1 - optimiser.beta2 ** t),
        averageDecay(average, state.step),
        1 / batch.rows
      ].map(scalar)
      const { raw, vectors, first, second } = state
      const updated = update(t)([raw, vectors, first, second, state.average, gradient, ...scalars])
      const checked = TE.flatMap(unconverged(t, rows, ran), stuck =>
        TE.map((outputs: readonly Reals[]) => ({ stuck, outputs }))(updated)
      )
      return TE.flatMap(asTrainError(checked), ({ stuck, outputs }): ReturnType<Step> => {
        if (stuck !== undefined) return TE.left(stuck)
        const [newRaw, newVectors, newFirst, newSecond, newAverage, effective, norm, squares] = outputs as readonly [
          Reals,
          Reals,
          Reals,
          Reals,
          Reals,
          Reals,
          Reals,
          Reals
        ]
        const solverSteps = Math.max(0, ...results.flatMap(([, , , , steps]) => Array.from(steps ?? [])))
        const report = { nats: loss / batch.rows, gradientNorm: norm[0] as number, solverSteps }
        if (!Number.isFinite(report.gradientNorm)) return TE.left({ tag: 'NonFinite', step: t, what: 'gradient' })
        if (!Number.isFinite(squares[0])) return TE.left({ tag: 'NonFinite', step: t, what: 'parameters' })
        const next: TrainState = {
          step: t,
          raw: newRaw,
          vectors: newVectors,
          first: newFirst,
          second: newSecond,
          average: newAverage,
          effective
        }
        return TE.right([next, report])
      })
    })
  }

/** What a step needs to know, apart from state and batch. */
export interface StepSettings {
  readonly architecture: Architecture
  readonly method: Method
  readonly optimiser: Optimiser
  /** Decay of the weight average. */
  readonly average: number
  /** Points of a batch. */
  readonly batch: number
  readonly threads: number
  /** Of estimated log-determinants, whose noise the seed determines; exact ones unless told. */
  readonly roulette?: Roulette | null
  readonly seed?: number
}

/** Compiles the programs of a training step. */
export const compileStep = (backend: Backend, settings: StepSettings): TE.TaskEither<BackendError, Step> => {
  const { architecture, method, optimiser, batch, threads, roulette = null } = settings
  const terms = roulette === null ? null : mostTerms(roulette)
  return TE.flatMap(rowsProgram(backend, architecture, method, rowsOf(batch), threads, terms), rows =>
    TE.map((update: Update) => stepOf(rows, update, backend, settings))(updateProgram(backend, architecture, optimiser))
  )
}
