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
import { stopGradient } from '../tensor/primitives/stopGradient.js'
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

/** What is known of the norms of a stack of weights: singular vectors u [nets out], v [nets in], upper bounds [nets]. */
export type NormState = Vectors & { readonly bound: Tensor }

/** The norm state of every layer's stack. */
export const normStates = (layout: Layout, flat: Tensor): readonly NormState[] =>
  vectorOffsets(layout).map(({ u, v, bound }, l) => ({
    u: part(flat, u, [layout.nets, layout.widths[l + 1] as number]),
    v: part(flat, v, [layout.nets, layout.widths[l] as number]),
    bound: part(flat, bound, [layout.nets])
  }))

/** Some steps of power iteration, and the bound, of every matrix of a stack at once. */
export const refreshed = (stack: Tensor, { u, v }: NormState, steps: number): NormState => {
  const [newU, newV, bound] = vectorizeOver(
    (weight, u0, v0) => {
      const end = range(steps).reduce<Vectors>(now => powerIteration(weight as Tensor)(now), {
        u: u0 as Tensor,
        v: v0 as Tensor
      })
      return [end.u, end.v, gramBound(weight as Tensor)]
    },
    [stack, u, v],
    [true, true, true],
    stack.shape[0] as number,
    'first'
  ) as [Tensor, Tensor, Tensor]
  return { u: newU, v: newV, bound }
}

/** Covers the rounding of a bound in float32. */
const slack = 1 + 2 ** -16

/**
 * W / max(1, norm / coefficient) for every matrix of a stack. The norm is the bound, so that the result's norm never
 * exceeds the coefficient; its slope is that of the estimate u' W v, as if their ratio were constant.
 */
const normalisedStack = (stack: Tensor, { u, v, bound }: NormState, coefficient: number): Tensor =>
  vectorizeOver(
    (weight, u0, v0, above) => {
      const estimate = estimatedNorm(weight as Tensor, { u: u0 as Tensor, v: v0 as Tensor })
      const ratio = stopGradient(div(mul(slack, above as Tensor), maximum(estimate, 1e-30)))
      return [div(weight as Tensor, maximum(1, div(mul(estimate, ratio), coefficient)))]
    },
    [stack, u, v, bound],
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
