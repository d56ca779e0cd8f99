import type { Layout } from '../flow/layout.js'
import { gramBound } from '../lipschitz/gramBound.js'
import { estimatedNorm, powerIteration, type Vectors } from '../lipschitz/spectralNorm.js'
import { vectorizeOver } from '../rewrite/vectorize.js'
import { concat } from '../tensor/primitives/concat.js'
import { div } from '../tensor/primitives/div.js'
import { maximum } from '../tensor/primitives/maximum.js'
import { mul } from '../tensor/primitives/mul.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { slice } from '../tensor/primitives/slice.js'
import { range, type Shape, sizeOf } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { vectorOffsets } from './initial.js'

/** A part of a flat expression under a shape. */
const part = (flat: Tensor, offset: number, shape: Shape): Tensor =>
  reshape(slice(flat, [offset], [sizeOf(shape)]), shape)

/** The stacks of a flat parameter vector: weights [nets out in] of every layer, then the rest, flat. */
export const stacksOf = ({ nets, widths, size }: Layout, flat: Tensor): readonly Tensor[] => {
  let offset = 0
  const weights = widths.slice(1).map((out, l) => {
    const stack = part(flat, offset, [nets, out, widths[l] as number])
    offset += sizeOf(stack.shape)
    return stack
  })
  return [...weights, part(flat, offset, [size - offset])]
}

/** The flat vector of stacks. */
export const flattened = (stacks: readonly Tensor[]): Tensor =>
  concat(
    stacks.map(x => reshape(x, [sizeOf(x.shape)])),
    0
  )

/**
 * What is known of the norms of a stack of weights: singular vectors u [nets out], v [nets in], and by how many times an
 * upper bound of the norm exceeds the estimate u' W v [nets].
 */
export type NormState = Vectors & { readonly excess: Tensor }

/** The norm state of every layer's stack. */
export const normStates = (layout: Layout, flat: Tensor): readonly NormState[] =>
  vectorOffsets(layout).map(({ u, v, excess }, l) => ({
    u: part(flat, u, [layout.nets, layout.widths[l + 1] as number]),
    v: part(flat, v, [layout.nets, layout.widths[l] as number]),
    excess: part(flat, excess, [layout.nets])
  }))

/** Covers the rounding of a bound in float32. */
const slack = 1 + 2 ** -16

/** A new norm state: some steps of power iteration and, where it is asked for, the excess measured anew by a Gram bound. */
export interface Refreshing {
  readonly powerSteps: number
  readonly measureExcess: boolean
}

/** The norm state of every matrix of a stack, refreshed. */
export const refreshed = (
  stack: Tensor,
  { u, v, excess }: NormState,
  { powerSteps, measureExcess }: Refreshing
): NormState => {
  const [newU, newV, newExcess] = vectorizeOver(
    (weight, u0, v0, old) => {
      const w = weight as Tensor
      const start: Vectors = { u: u0 as Tensor, v: v0 as Tensor }
      const end = range(powerSteps).reduce(now => powerIteration(w)(now), start)
      const measured = (): Tensor => div(mul(slack, gramBound(w)), maximum(estimatedNorm(w, end), 1e-30))
      return [end.u, end.v, measureExcess ? measured() : (old as Tensor)]
    },
    [stack, u, v, excess],
    [true, true, true, true],
    stack.shape[0] as number,
    'first'
  ) as [Tensor, Tensor, Tensor]
  return { u: newU, v: newV, excess: newExcess }
}

/**
 * W / max(1, norm / coefficient) for every matrix of a stack, norm = excess u' W v. Where the excess was measured at this
 * W, the result's norm does not exceed the coefficient. The slope is that of the estimate, the excess held.
 */
const normalisedStack = (stack: Tensor, { u, v, excess }: NormState, coefficient: number): Tensor =>
  vectorizeOver(
    (weight, u0, v0, times) => {
      const estimate = estimatedNorm(weight as Tensor, { u: u0 as Tensor, v: v0 as Tensor })
      return [div(weight as Tensor, maximum(1, div(mul(estimate, times as Tensor), coefficient)))]
    },
    [stack, u, v, excess],
    [true, true, true, true],
    stack.shape[0] as number,
    'first'
  )[0] as Tensor

/** The effective stacks of raw ones under a norm state; what is no weight stays. */
export const effectiveStacks = (
  layout: Layout,
  stacks: readonly Tensor[],
  state: Tensor,
  coefficient: number
): readonly Tensor[] => {
  const states = normStates(layout, state)
  return stacks.map((stack, l) => (states[l] === undefined ? stack : normalisedStack(stack, states[l], coefficient)))
}
