import type { Layout } from '../flow/layout.js'
import { powerIteration, spectrallyNormalized, type Vectors } from '../lipschitz/spectralNorm.js'
import { vectorizeOver } from '../rewrite/vectorize.js'
import { concat } from '../tensor/primitives/concat.js'
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

/** Singular vectors of every layer's stack. */
export const stackedVectors = (layout: Layout, flat: Tensor): readonly Vectors[] =>
  vectorOffsets(layout).map(({ u, v }, l) => ({
    u: part(flat, u, [layout.nets, layout.widths[l + 1] as number]),
    v: part(flat, v, [layout.nets, layout.widths[l] as number])
  }))

/** Some steps of power iteration on every matrix of a stack at once. */
export const refreshed = (stack: Tensor, vectors: Vectors, steps: number): Vectors => {
  const nets = stack.shape[0] as number
  const [u, v] = vectorizeOver(
    (weight, u0, v0) => {
      const end = range(steps).reduce<Vectors>(now => powerIteration(weight as Tensor)(now), {
        u: u0 as Tensor,
        v: v0 as Tensor
      })
      return [end.u, end.v]
    },
    [stack, vectors.u, vectors.v],
    [true, true, true],
    nets,
    'first'
  ) as [Tensor, Tensor]
  return { u, v }
}

/** W / max(1, sigma / coefficient) for every matrix of a stack, the gradient passing through sigma. */
export const normalisedStack = (stack: Tensor, vectors: Vectors, coefficient: number): Tensor =>
  vectorizeOver(
    (weight, u, v) => [spectrallyNormalized(weight as Tensor, { u: u as Tensor, v: v as Tensor }, coefficient)],
    [stack, vectors.u, vectors.v],
    [true, true, true],
    stack.shape[0] as number,
    'first'
  )[0] as Tensor
