import { taskEither as TE } from 'fp-ts'
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
import { effectiveStacks, flattened, normStates, type Refreshing, refreshed, stacksOf } from './normalise.js'

/** Constants of AdamW, clipping and power iteration. */
export interface Optimiser {
  readonly beta1: number
  readonly beta2: number
  readonly epsilon: number
  /** Decoupled decay of weights; biases and betas do not decay. */
  readonly weightDecay: number
  /** Largest Euclidean norm of the whole gradient; a longer one is scaled down to it. */
  readonly clip: number
  /** The last layer of every net learns at this share of the learning rate: it begins near 0, where relative steps are largest. */
  readonly lastLayerRate: number
  /** Steps of power iteration a training step. */
  readonly powerSteps: number
  /** An upper bound of every norm is measured in every so many steps, and between them taken to exceed the estimate as it did. */
  readonly boundEvery: number
}

/** The optimiser of the presets. */
export const defaultOptimiser: Optimiser = {
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0,
  clip: 0.3,
  lastLayerRate: 0.2,
  powerSteps: 2,
  boundEvery: 4
}

/** What changes from step to step, as the scalar inputs of the update. */
const updateScalars = ['learningRate', 'correction1', 'correction2', 'decay', 'gradientScale'] as const

/** The effective parameters of raw ones, and the norm state refreshed. */
const prepare = (layout: Layout, raw: Tensor, vectors: Tensor, coefficient: number, refreshing: Refreshing) => {
  const stacks = stacksOf(layout, raw)
  const states = normStates(layout, vectors).map((state, l) => refreshed(stacks[l] as Tensor, state, refreshing))
  const next = flattened(states.flatMap(({ u, v, excess }) => [u, v, excess]))
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
  const next = prepare(layout, raw, vectors, architecture.coefficient, { powerSteps: steps, measureExcess: true })
  return backend.compile([raw, vectors], [next.effective, next.vectors])
}

/** A constant for every parameter, by its segment. */
const perParameter = ({ segments }: Layout, constant: (segment: Layout['segments'][number]) => number): Tensor =>
  fromArray(segments.flatMap(segment => new Array<number>(sizeOf(segment.shape)).fill(constant(segment))))

/**
 * An optimiser step and the normalisation after it, compiled. Inputs: raw parameters, vectors, first and second moments,
 * averages, the gradient by the effective parameters, and the scalars of `updateScalars`. Outputs: raw parameters,
 * vectors, moments, averages, effective parameters, norm of the gradient before clipping, and the sum of squares of the
 * new raw parameters (not finite if one of them is not).
 * Source: Loshchilov, Hutter 2019 (AdamW).
 */
const compileUpdate = (
  backend: Backend,
  architecture: Architecture,
  { beta1, beta2, epsilon, weightDecay, clip, lastLayerRate, powerSteps }: Optimiser,
  measureExcess: boolean
): TE.TaskEither<BackendError, Compiled> => {
  const layout = layoutOf(architecture)
  const { size } = layout
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
  const last = layout.widths.length - 2
  const shares = perParameter(layout, ({ kind, layer }) => (kind === 'weight' && layer === last ? lastLayerRate : 1))
  const decays = perParameter(layout, ({ kind }) => (kind === 'weight' ? weightDecay : 0))
  const learned = mul(shares, direction)
  const newRaw = sub(raw, mul(learningRate, weightDecay === 0 ? learned : add(learned, mul(decays, raw))))
  const newAverage = add(mul(decay, average), mul(sub(1, decay), newRaw))
  const next = prepare(layout, newRaw, vectors, architecture.coefficient, { powerSteps, measureExcess })
  return backend.compile(
    [raw, vectors, first, second, average, byEffective, ...scalars],
    [newRaw, next.vectors, newFirst, newSecond, newAverage, next.effective, length, sum(mul(newRaw, newRaw))]
  )
}

/** The update of a step, counted from 1: with the bounds measured in every `boundEvery`-th, without in the others. */
export type Update = (step: number) => Compiled

/** The update of every step, compiled; see `compileUpdate` for its inputs and outputs. */
export const updateProgram = (
  backend: Backend,
  architecture: Architecture,
  optimiser: Optimiser
): TE.TaskEither<BackendError, Update> =>
  TE.flatMap(compileUpdate(backend, architecture, optimiser, true), measuring =>
    TE.map(
      (plain: Compiled): Update =>
        step =>
          step % optimiser.boundEvery === 0 ? measuring : plain
    )(optimiser.boundEvery === 1 ? TE.right(measuring) : compileUpdate(backend, architecture, optimiser, false))
  )
