import { either as E, function as F, taskEither as TE } from 'fp-ts'
import { evaluationMethod } from '../distribution/evaluate.js'
import { type Architecture, flowOf } from '../flow/architecture.js'
import { flowInput, layoutOf, packed, unpacked } from '../flow/layout.js'
import { type Backend, type BackendError, type Compiled, type Reals, toPrecision, zerosOf } from '../interpret/backend.js'
import { foldIn, fromSeed } from '../random/key.js'
import { valueAndGrad } from '../rewrite/derivatives.js'
import { simplify } from '../rewrite/simplify.js'
import { vectorizeOver } from '../rewrite/vectorize.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { input } from '../tensor/primitives/input.js'
import { power } from '../tensor/primitives/power.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import { div } from '../tensor/primitives/div.js'
import { mul } from '../tensor/primitives/mul.js'
import { exp } from '../tensor/primitives/exp.js'
import { log } from '../tensor/primitives/log.js'
import type { Tensor } from '../tensor/tensor.js'
import { initialParameters, initialVectors } from '../train/initial.js'
import { learningRateAt, type Schedule } from '../train/schedule.js'
import { type Optimiser, prepareProgram, updateProgram } from '../train/update.js'

/** What a fit by regression is, apart from its target. */
export interface RegressionSettings {
  readonly architecture: Architecture
  readonly optimiser: Optimiser
  readonly schedule: Schedule
  readonly steps: number
  readonly power: number
  readonly seed: number
}

export const lossProgram = (
  backend: Backend,
  architecture: Architecture,
  size: number,
  p: number
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
    const mean = div(sum(power(sub(images as Tensor, targets), p)), size)
    return simplify([exp(div(log(mean), p))])[0] as Tensor
  }
  const [value, gradient] = valueAndGrad(loss)(unpacked(layout, flat))
  return backend.compile([flat, points, targets], [value, packed(gradient)])
}

export const regress = (
  backend: Backend,
  { architecture, optimiser, schedule, steps, power: p, seed }: RegressionSettings,
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  onStep: (step: number, loss: number) => void
): TE.TaskEither<BackendError, Reals> => {
  const layout = layoutOf(architecture)
  const key = fromSeed(seed)
  const real = (values: ArrayLike<number>): Reals => toPrecision(backend.precision, values)
  const zeros = zerosOf(backend.precision)(layout.size)
  const programs = F.pipe(
    lossProgram(backend, architecture, x.length, p),
    TE.bindTo('loss'),
    TE.bind('prepare', () => prepareProgram(backend, architecture, 100)),
    TE.bind('update', () => updateProgram(backend, architecture, optimiser))
  )
  return TE.flatMap(programs, ({ loss, prepare, update }) => async () => {
    let raw = real(initialParameters(foldIn(key, 1), layout))
    const prepared = await prepare([raw, real(initialVectors(foldIn(key, 2), layout))])()
    if (E.isLeft(prepared)) return prepared
    let [effective, vectors] = prepared.right as [Reals, Reals]
    let [first, second, average] = [zeros, zeros, raw]
    const [points, targets] = [real(x), real(y)]
    for (let step = 0; step < steps; step++) {
      const found = await loss([effective, points, targets])()
      if (E.isLeft(found)) return found
      const [value, gradient] = found.right as [Reals, Reals]
      onStep(step, value[0] as number)
      const scalars = [
        learningRateAt(schedule, step, step / steps),
        1 / (1 - optimiser.beta1 ** (step + 1)),
        1 / (1 - optimiser.beta2 ** (step + 1)),
        0,
        1
      ].map(s => real([s]))
      const next = await update([raw, vectors, first, second, average, gradient, ...scalars])()
      if (E.isLeft(next)) return next
      ;[raw, vectors, first, second, average, effective] = next.right as [Reals, Reals, Reals, Reals, Reals, Reals]
    }
    const final = await prepare([raw, vectors])()
    return E.map((r: readonly Reals[]) => r[0] as Reals)(final)
  })
}
