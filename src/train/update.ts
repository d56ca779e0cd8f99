import type { taskEither as TE } from 'fp-ts'
import type { Architecture } from '../flow/architecture.js'
import { type Layout, layoutOf } from '../flow/layout.js'
import type { Backend, BackendError, Compiled } from '../interpret/backend.js'
import { vjp } from '../rewrite/derivatives.js'
import { fromArray } from '../tensor/constructors.js'
import { add } from '../tensor/primitives/add.js'
import { div } from '../tensor/primitives/div.js'
import { input } from '../tensor/primitives/input.js'
import { minimum } from '../tensor/primitives/minimum.js'
import { mul } from '../tensor/primitives/mul.js'
import { sqrt } from '../tensor/primitives/sqrt.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import { sizeOf } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { vectorSize } from './initial.js'
import { effectiveStacks, flattened, normStates, refreshed, stacksOf } from './normalise.js'

/** Constants of AdamW, clipping and power iteration. */
export interface Optimiser {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** Decoupled decay of weights; biases and betas do not decay. */
  readonly weightDecay: number
  /** Largest Euclidean norm of the whole gradient; a longer one is scaled down to it. */
  readonly clip: number
  /** Steps of power iteration a training step. */
  readonly powerSteps: number
}

/** The optimiser of the presets. */
export const defaultOptimiser: Optimiser = {
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0,
  clip: 1,
  powerSteps: 2
}

/** What changes from step to step, as the scalar inputs of the update. */
const updateScalars = ['learningRate', 'correction1', 'correction2', 'decay', 'gradientScale'] as const

/** The effective parameters of raw ones, and the norm state after some power iterations. */
const prepare = (layout: Layout, raw: Tensor, vectors: Tensor, coefficient: number, steps: number) => {
  const stacks = stacksOf(layout, raw)
  const refreshedVectors = normStates(layout, vectors).map((state, l) => refreshed(stacks[l] as Tensor, state, steps))
  const next = flattened(refreshedVectors.flatMap(({ u, v, bound }) => [u, v, bound]))
  return { effective: flattened(effectiveStacks(layout, stacks, next, coefficient)), vectors: next }
}

/**
 * Normalisation alone, compiled. Inputs: raw parameters, norm state. Outputs: effective parameters, norm state.
 * @param steps of power iteration
 */
export const prepareProgram = (
  backend: Backend,
  architecture: Architecture,
  steps: number
): TE.TaskEither<BackendError, Compiled> => {
  const layout = layoutOf(architecture)
  const raw = input('raw', [layout.size])
  const vectors = input('vectors', [vectorSize(layout)])
  const next = prepare(layout, raw, vectors, architecture.coefficient, steps)
  return backend.compile([raw, vectors], [next.effective, next.vectors])
}

/**
 * An optimiser step and the normalisation after it, compiled. Inputs: raw parameters, vectors, first and second moments,
 * averages, the gradient by the effective parameters, and the scalars of `updateScalars`. Outputs: raw parameters,
 * vectors, moments, averages, effective parameters, norm of the gradient before clipping.
 * Source: Loshchilov, Hutter 2019 (AdamW).
 */
export const updateProgram = (
  backend: Backend,
  architecture: Architecture,
  { beta1, beta2, epsilon, weightDecay, clip, powerSteps }: Optimiser
): TE.TaskEither<BackendError, Compiled> => {
  const layout = layoutOf(architecture)
  const { size, segments } = layout
  const flat = (name: string): Tensor => input(name, [size])
  const [raw, first, second, average, byEffective] = ['raw', 'first', 'second', 'average', 'gradient'].map(flat) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor
  ]
  const vectors = input('vectors', [vectorSize(layout)])
  const scalars = updateScalars.map(name => input(name, []))
  const [learningRate, correction1, correction2, decay, gradientScale] = scalars as [
    Tensor,
    Tensor,
    Tensor,
    Tensor,
    Tensor
  ]

  const stacks = stacksOf(layout, raw)
  const [, pull] = vjp((tree: readonly Tensor[]): readonly Tensor[] =>
    effectiveStacks(layout, tree, vectors, architecture.coefficient)
  )(stacks)
  const cotangents = stacksOf(layout, mul(gradientScale, byEffective))
  const gradient = flattened(pull(cotangents))
  const length = sqrt(sum(mul(gradient, gradient)))
  const clipped = mul(gradient, minimum(1, div(clip, add(length, 1e-30))))

  const newFirst = add(mul(beta1, first), mul(1 - beta1, clipped))
  const newSecond = add(mul(beta2, second), mul(1 - beta2, mul(clipped, clipped)))
  const direction = div(mul(correction1, newFirst), add(sqrt(mul(correction2, newSecond)), epsilon))
  const decays = segments.flatMap(({ kind, shape }) =>
    new Array<number>(sizeOf(shape)).fill(kind === 'weight' ? weightDecay : 0)
  )
  const shrunk = weightDecay === 0 ? direction : add(direction, mul(fromArray(decays), raw))
  const newRaw = sub(raw, mul(learningRate, shrunk))
  const newAverage = add(mul(decay, average), mul(sub(1, decay), newRaw))
  const next = prepare(layout, newRaw, vectors, architecture.coefficient, powerSteps)
  return backend.compile(
    [raw, vectors, first, second, average, byEffective, ...scalars],
    [newRaw, next.vectors, newFirst, newSecond, newAverage, next.effective, length]
  )
}
