import { taskEither as TE } from 'fp-ts'
import { blocksOf } from '../data/blocks.js'
import type { Points } from '../data/points.js'
import type { Architecture } from '../flow/architecture.js'
import type { Method } from '../flow/residual.js'
import {
  type Backend,
  type BackendError,
  type Compiled,
  type Reals,
  toPrecision,
  zerosOf
} from '../interpret/backend.js'
import { inParallel } from '../prelude/parallel.js'
import { type RowsProgram, rowsProgram } from './rows.js'
import { averageDecay } from './schedule.js'
import type { StepReport, TrainError, TrainState } from './state.js'
import { type Optimiser, updateProgram } from './update.js'

/** Rows that one program run takes: large enough for efficient products, small enough for the cache. */
const trainingRows = 512

/** One training step on a batch: from state to state, or why not. */
export type Step = (
  state: TrainState,
  batch: Points,
  learningRate: number
) => TE.TaskEither<TrainError, readonly [TrainState, StepReport]>

/** Sums of the row programs' outputs, in the order of the blocks. */
const summed = (results: readonly (readonly Reals[])[], size: number) => {
  const gradient = new Float64Array(size)
  let loss = 0
  for (const [blockLoss, blockGradient] of results) {
    loss += (blockLoss as Reals)[0] as number
    for (let i = 0; i < size; i++) gradient[i] = (gradient[i] as number) + ((blockGradient as Reals)[i] as number)
  }
  return { loss, gradient }
}

/** A loop, as this looks at every parameter in every step. */
const allFinite = (values: Reals): boolean => {
  for (const x of values) if (!Number.isFinite(x)) return false
  return true
}

const failure = (step: number, { gradientNorm }: StepReport, raw: Reals): TrainError | undefined => {
  if (!Number.isFinite(gradientNorm)) return { tag: 'NonFinite', step, what: 'gradient' }
  return allFinite(raw) ? undefined : { tag: 'NonFinite', step, what: 'parameters' }
}

/** What a block of rows was given, and what its program said. */
type Ran = readonly [inputs: readonly Reals[], outputs: readonly Reals[]]

/** The first root that did not converge, also if rounding is allowed for; asked of the few blocks where |F| is large. */
const unconverged = (
  step: number,
  rows: RowsProgram,
  ran: readonly Ran[]
): TE.TaskEither<BackendError, TrainError | undefined> => {
  const doubtful = ran.filter(([, [, , above]]) => above?.some(count => count > 0) === true)
  const judged = doubtful.map(([inputs, [, , , steps]]) =>
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
  (
    rows: RowsProgram,
    update: Compiled,
    backend: Backend,
    optimiser: Optimiser,
    average: number,
    threads: number
  ): Step =>
  (state, batch, learningRate) => {
    const t = state.step + 1
    const asTrainError = TE.mapLeft(
      (error: BackendError): TrainError => ({ tag: 'Backend', step: t, message: error.message })
    )
    const tasks = blocksOf(batch, rows.size, zerosOf(backend.precision)).map(({ points, weights }) => {
      const inputs = [state.effective, points, weights]
      return TE.map((outputs: readonly Reals[]): Ran => [inputs, outputs])(rows.run(inputs))
    })
    const scalar = (x: number): Reals => toPrecision(backend.precision, [x])
    return TE.flatMap(asTrainError(inParallel(tasks, threads)), (ran): ReturnType<Step> => {
      const results = ran.map(([, outputs]) => outputs)
      const { loss, gradient } = summed(results, state.raw.length)
      if (!Number.isFinite(loss)) return TE.left({ tag: 'NonFinite', step: t, what: 'loss' })
      const scalars = [
        learningRate,
        1 / (1 - optimiser.beta1 ** t),
        1 / (1 - optimiser.beta2 ** t),
        averageDecay(average, state.step),
        1 / batch.rows
      ].map(scalar)
      const { raw, vectors, first, second } = state
      const updated = update([
        raw,
        vectors,
        first,
        second,
        state.average,
        toPrecision(backend.precision, gradient),
        ...scalars
      ])
      const checked = TE.flatMap(unconverged(t, rows, ran), stuck =>
        TE.map((outputs: readonly Reals[]) => ({ stuck, outputs }))(updated)
      )
      return TE.flatMap(asTrainError(checked), ({ stuck, outputs }): ReturnType<Step> => {
        if (stuck !== undefined) return TE.left(stuck)
        const [newRaw, newVectors, newFirst, newSecond, newAverage, effective, norm] = outputs as readonly Reals[] as [
          Reals,
          Reals,
          Reals,
          Reals,
          Reals,
          Reals,
          Reals
        ]
        const solverSteps = Math.max(0, ...results.flatMap(([, , , steps]) => Array.from(steps ?? [])))
        const report = { nats: loss / batch.rows, gradientNorm: norm[0] as number, solverSteps }
        const cause = failure(t, report, newRaw)
        if (cause !== undefined) return TE.left(cause)
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
  readonly threads: number
}

/** Compiles the programs of a training step. */
export const compileStep = (
  backend: Backend,
  { architecture, method, optimiser, average, threads }: StepSettings
): TE.TaskEither<BackendError, Step> =>
  TE.flatMap(rowsProgram(backend, architecture, method, trainingRows, threads), rows =>
    TE.map((update: Compiled) => stepOf(rows, update, backend, optimiser, average, threads))(
      updateProgram(backend, architecture, optimiser)
    )
  )
