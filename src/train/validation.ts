import { either as E, taskEither as TE } from 'fp-ts'
import { blocksOf } from '../data/blocks.js'
import type { Points } from '../data/points.js'
import type { Model } from '../distribution/model.js'
import type { Architecture } from '../flow/architecture.js'
import { certify } from '../flow/certify.js'
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
import { lossProgram } from './rows.js'
import type { TrainError, TrainState } from './state.js'
import { prepareProgram } from './update.js'

/** Rows that a validation program takes at once. */
const validationRows = 512

/** Power iterations on averaged weights, whose singular vectors are near those of the weights in training. */
const averageSteps = 20

/** The averaged weights as a model with certified norms, and how well it does on the validation points. */
export interface Validated {
  readonly model: Model
  readonly lipschitzBound: number
  /** Mean negative log-likelihood, nats, in the units of the points as trained on. */
  readonly nats: number
}

/** Compiles the validation of a training state: averaged weights, normalised, certified, and scored. */
export const compileValidation = (
  backend: Backend,
  architecture: Architecture,
  method: Method,
  validation: Points,
  threads: number
): TE.TaskEither<BackendError, (state: TrainState) => TE.TaskEither<TrainError, Validated>> =>
  TE.flatMap(lossProgram(backend, architecture, method, validationRows, threads), loss =>
    TE.map((prepare: Compiled) => {
      const blocks = blocksOf(validation, validationRows, zerosOf(backend.precision))
      return ({ step, average, vectors }: TrainState): TE.TaskEither<TrainError, Validated> => {
        const failed = TE.mapLeft(({ message }: BackendError): TrainError => ({ tag: 'Backend', step, message }))
        return TE.flatMap(failed(prepare([average, vectors])), ([flat]) => {
          const certified = certify(architecture, flat as Reals)
          if (E.isLeft(certified)) return TE.left<TrainError, Validated>({ ...certified.left, step })
          const { effective, norms, lipschitzBound } = certified.right
          const weights = toPrecision(backend.precision, effective)
          const losses = inParallel(
            blocks.map(block => loss([weights, block.points, block.weights])),
            threads
          )
          return TE.map((results: readonly (readonly Reals[])[]): Validated => {
            const total = results.reduce((sum, [value]) => sum + ((value as Reals)[0] as number), 0)
            const model = { architecture, effective, norms, standardisation: null }
            return { model, lipschitzBound, nats: total / validation.rows }
          })(failed(losses))
        })
      }
    })(prepareProgram(backend, architecture, averageSteps))
  )
