import { linearize } from '../rewrite/linearize.js'
import { add } from '../tensor/primitives/add.js'
import { mul } from '../tensor/primitives/mul.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Tree } from '../tensor/tree.js'

/** A function of several tensors. */
export type Several = (xs: readonly Tensor[]) => Tensor

/** Inner product of two lists of tensors of the same shapes. */
export const inner = (as: readonly Tensor[], bs: readonly Tensor[]): Tensor =>
  as.map((a, i) => sum(mul(a, bs[i] as Tensor))).reduce((total, term) => add(total, term))

/** The derivative of a function at a point, and its transpose. */
const derivative = (f: Several, xs: readonly Tensor[]) =>
  linearize<readonly Tree[], Tensor>(ys => f(ys as Tensor[]))(xs)

/** Tangent of f at xs along directions. */
export const tangent = (f: Several, xs: readonly Tensor[], directions: readonly Tensor[]): Tensor =>
  derivative(f, xs)[1].apply(directions)

/** Cotangents of the arguments of f at xs, from that of its value. */
export const cotangents = (f: Several, xs: readonly Tensor[], ct: Tensor): readonly Tensor[] =>
  derivative(f, xs)[1].transpose(ct) as readonly Tensor[]
