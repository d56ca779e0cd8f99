import { either as E, taskEither as TE } from 'fp-ts'
import { blocksOf } from '../data/blocks.js'
import type { Points } from '../data/points.js'
import type { Model } from '../distribution/model.js'
import { logProb } from '../distribution/pushforward.js'
import type { Architecture } from '../flow/architecture.js'
import { flowOf } from '../flow/architecture.js'
import { certify } from '../flow/certify.js'
import { flowInput, layoutOf, unpacked } from '../flow/layout.js'
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
import { simplify } from '../rewrite/simplify.js'
import { vectorizeOver } from '../rewrite/vectorize.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { input } from '../tensor/primitives/input.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'
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

/** Sum of weighted negative log-likelihoods of a block, compiled. */
const lossProgram = (
  backend: Backend,
  architecture: Architecture,
  method: Method,
  threads: number
): TE.TaskEither<BackendError, Compiled> => {
  const layout = layoutOf(architecture)
  const flat = input('effective', [layout.size])
  const points = input('points', [architecture.dimension, validationRows])
  const weights = input('weights', [validationRows])
  const norms = layout.segments.filter(({ kind }) => kind === 'weight').map(() => constantOf(architecture.coefficient))
  const density = logProb(flowOf(architecture, method))(flowInput(architecture, unpacked(layout, flat), norms))
  const [nats] = vectorizeOver(x => [neg(density(x as Tensor).logDensity)], [points], [true], validationRows, 'last')
  return backend.compile([flat, points, weights], simplify([sum(mul(weights, nats as Tensor))]), threads)
}

/** Compiles the validation of a training state: averaged weights, normalised, certified, and scored. */
export const compileValidation = (
  backend: Backend,
  architecture: Architecture,
  method: Method,
  validation: Points,
  threads: number
): TE.TaskEither<BackendError, (state: TrainState) => TE.TaskEither<TrainError, Validated>> =>
  TE.flatMap(lossProgram(backend, architecture, method, threads), loss =>
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
