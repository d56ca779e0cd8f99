import { either as E, function as F, taskEither as TE } from 'fp-ts'
import { evaluationMethod } from '../distribution/programs.js'
import { type Architecture, flowOf } from '../flow/architecture.js'
import { flowInput, layoutOf, packed, unpacked } from '../flow/layout.js'
import {
  type Backend,
  type BackendError,
  type Compiled,
  type Reals,
  toPrecision,
  zerosOf
} from '../interpret/backend.js'
import { foldIn, fromSeed } from '../random/key.js'
import { valueAndGrad } from '../rewrite/derivatives.js'
import { simplify } from '../rewrite/simplify.js'
import { vectorizeOver } from '../rewrite/vectorize.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { div } from '../tensor/primitives/div.js'
import { exp } from '../tensor/primitives/exp.js'
import { input } from '../tensor/primitives/input.js'
import { log } from '../tensor/primitives/log.js'
import { power } from '../tensor/primitives/power.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'
import { initialParameters, initialVectors } from '../train/initial.js'
import { learningRateAt, type Schedule } from '../train/schedule.js'
import type { TrainError } from '../train/state.js'
import { type Optimiser, prepareProgram, type Update, updateProgram } from '../train/update.js'

/** What a fit by regression is, apart from its points: with the seed, it determines every number. */
export interface RegressionSettings {
  readonly architecture: Architecture
  readonly optimiser: Optimiser
  readonly schedule: Schedule
  readonly steps: number
  /** The loss is the mean of error^norm over the points, to the power 1 / norm; even. 2 is root mean square, more nears sup. */
  readonly norm: number
  readonly seed: number
}

/** Points of a 1-D function, all of them one batch. */
export interface Examples {
  readonly x: ArrayLike<number>
  readonly y: ArrayLike<number>
}

/** Loss of a flow's forward map and its gradient. Inputs: flat effective parameters, points [1 size], targets [1 size]. */
const lossProgram = (
  backend: Backend,
  { architecture, norm }: Pick<RegressionSettings, 'architecture' | 'norm'>,
  size: number
): TE.TaskEither<BackendError, Compiled> => {
  const layout = layoutOf(architecture)
  const flat = input('effective', [layout.size])
  const points = input('points', [architecture.dimension, size])
  const targets = input('targets', [architecture.dimension, size])
  const norms = layout.segments.filter(({ kind }) => kind === 'weight').map(() => constantOf(architecture.coefficient))
  const flow = flowOf(architecture, evaluationMethod(backend))
  const loss = (tensors: readonly Tensor[]): Tensor => {
    const map = flow.forward(flowInput(architecture, tensors, norms))
    const [images] = vectorizeOver(x => [map(x as Tensor).value], [points], [true], size, 'last')
    const mean = div(sum(power(sub(images as Tensor, targets), norm)), size)
    return simplify([exp(div(log(mean), norm))])[0] as Tensor
  }
  const [value, gradient] = valueAndGrad(loss)(unpacked(layout, flat))
  return backend.compile([flat, points, targets], [value, packed(gradient)])
}

/** What a step depends on. All arrays are flat, see `layoutOf`. */
interface State {
  readonly raw: Reals
  readonly vectors: Reals
  readonly first: Reals
  readonly second: Reals
  readonly effective: Reals
}

const atStep = (step: number): (<A>(task: TE.TaskEither<BackendError, A>) => TE.TaskEither<TrainError, A>) =>
  TE.mapLeft(({ message }) => ({ tag: 'Backend', step, message }))

/**
 * Fits a flow's forward map to the points by full-batch Adam with the normalisation of training.
 * @param onStep told every step's loss, before the step
 * @returns effective weights, not yet certified; Left where the loss is not finite or the backend fails
 */
export const regress = (
  backend: Backend,
  settings: RegressionSettings,
  { x, y }: Examples,
  onStep: (step: number, loss: number) => void = () => undefined
): TE.TaskEither<TrainError, Reals> => {
  const { architecture, optimiser, schedule, steps, seed } = settings
  const layout = layoutOf(architecture)
  const real = (values: ArrayLike<number>): Reals => toPrecision(backend.precision, values)
  const [points, targets] = [real(x), real(y)]
  const raw = real(initialParameters(foldIn(fromSeed(seed), 1), layout))
  const unrefined = real(initialVectors(foldIn(fromSeed(seed), 2), layout))
  const zeros = zerosOf(backend.precision)(layout.size)
  const begin = F.pipe(
    lossProgram(backend, settings, x.length),
    TE.bindTo('loss'),
    TE.bind('update', () => updateProgram(backend, architecture, optimiser)),
    TE.bind('prepared', () => TE.flatMap(prepareProgram(backend, architecture, 100), run => run([raw, unrefined]))),
    atStep(0)
  )
  const stepOf =
    (loss: Compiled, update: Update) =>
    (state: State, step: number): TE.TaskEither<TrainError, State> =>
      F.pipe(
        atStep(step)(loss([state.effective, points, targets])),
        TE.flatMap(([values, gradient]) => {
          const value = (values as Reals)[0] as number
          if (!Number.isFinite(value))
            return TE.left<TrainError, readonly Reals[]>({ tag: 'NonFinite', step, what: 'loss' })
          onStep(step, value)
          const rate = learningRateAt(schedule, step, step / steps)
          const corrections = [optimiser.beta1, optimiser.beta2].map(beta => 1 / (1 - beta ** (step + 1)))
          const scalars = [rate, ...corrections, 0, 1].map(s => real([s]))
          const { raw, vectors, first, second } = state
          return atStep(step)(update(step + 1)([raw, vectors, first, second, raw, gradient as Reals, ...scalars]))
        }),
        TE.map(outputs => {
          const [raw, vectors, first, second, , effective] = outputs as readonly [
            Reals,
            Reals,
            Reals,
            Reals,
            Reals,
            Reals
          ]
          return { raw, vectors, first, second, effective }
        })
      )
  return TE.flatMap(begin, ({ loss, update, prepared }) => async () => {
    const [effective, vectors] = prepared as readonly [Reals, Reals]
    const next = stepOf(loss, update)
    // A loop, because thousands of chained tasks would hold thousands of closures.
    let state: State = { raw, vectors, first: zeros, second: zeros, effective }
    for (let step = 0; step < steps; step++) {
      const done = await next(state, step)()
      if (E.isLeft(done)) return done
      state = done.right
    }
    return E.right(state.effective)
  })
}
