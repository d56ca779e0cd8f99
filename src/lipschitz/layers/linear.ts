import { abs } from '../../tensor/primitives/abs.js'
import { add } from '../../tensor/primitives/add.js'
import { broadcast } from '../../tensor/primitives/broadcast.js'
import { concat } from '../../tensor/primitives/concat.js'
import { div } from '../../tensor/primitives/div.js'
import { greater } from '../../tensor/primitives/greater.js'
import { matmul } from '../../tensor/primitives/matmul.js'
import { mul } from '../../tensor/primitives/mul.js'
import { eye } from '../../tensor/primitives/oneHot.js'
import { transposed } from '../../tensor/primitives/permute.js'
import { select } from '../../tensor/primitives/select.js'
import { slice } from '../../tensor/primitives/slice.js'
import { solve } from '../../tensor/primitives/solve.js'
import { sqrt } from '../../tensor/primitives/sqrt.js'
import { sub } from '../../tensor/primitives/sub.js'
import { sum } from '../../tensor/primitives/sum.js'
import type { Tensor } from '../../tensor/tensor.js'

/**
 * A matrix with orthonormal columns (or rows, where it is wide) from any matrix of its shape, by Cayley's transform. With U
 * the upper square and V the rest, A = U - U' + V'V, Q = [(I + A)^-1 (I - A); -2 V (I + A)^-1].
 *
 * Lemma: the norm is 1. The symmetric part of I + A is I + V'V, so it is regular; and A + A' = 2 V'V gives
 * (I - A)'(I - A) + 4 V'V = (I + A)'(I + A), that is Q'Q = I. Square ones have determinant 1: reflections are not reached.
 * shape    [m n] -> [m n]
 * Source: Trockman, Kolter 2021, Orthogonalizing convolutional layers with the Cayley transform, section 3.
 */
export const cayley = (weight: Tensor): Tensor => {
  const [m, n] = weight.shape as [number, number]
  if (m < n) return transposed(cayley(transposed(weight)))
  const u = slice(weight, [0, 0], [n, n])
  const skew = sub(u, transposed(u))
  // (I + A)^-1 from the right: X (I + A) = B is (I + A)' X' = B'.
  const divided = (b: Tensor, a: Tensor): Tensor =>
    transposed(solve(add(eye(n), a), transposed(b), { transpose: true }))
  if (m === n) return divided(sub(eye(n), skew), skew)
  const v = slice(weight, [n, 0], [m - n, n])
  const a = add(skew, matmul(v, v, { transposeA: true }))
  return concat([divided(sub(eye(n), a), a), mul(-2, divided(v, a))], 0)
}

/** Sums of the absolute entries of the columns of W'W, [n]. */
const columnSums = (gram: Tensor): Tensor => sum(abs(gram), [0])

/** x^-1/2, 0 where x is 0. */
const inverseRoot = (x: Tensor): Tensor => {
  const some = greater(x, 0)
  return mul(some, div(1, sqrt(select(some, x, 1))))
}

/**
 * W diag(d), d_j = (sum over i of |W'W|_ij)^-1/2: almost orthogonal where the columns nearly are.
 *
 * Lemma: the norm is at most 1. D^-2 - W'W is diagonally dominant with a diagonal that is not negative, so W'W <= D^-2 and
 * D W'W D <= I. A column of zeros stays one.
 * shape    [m n] -> [m n]
 * Source: Prach, Lampert 2022, Almost-orthogonal layers for efficient general-purpose Lipschitz networks, theorem 1.
 */
export const almostOrthogonal = (weight: Tensor): Tensor => {
  const d = inverseRoot(columnSums(matmul(weight, weight, { transposeA: true })))
  return mul(weight, broadcast(d, weight.shape, [1]))
}

/**
 * 2 T^-1 of an SLL layer, T = diag(sum over j of |W'W|_ij q_j / q_i); 0 for a column of zeros.
 * shape    W [n m], q [m] -> [m]
 */
export const sllScales = (weight: Tensor, q: Tensor): Tensor => {
  const gram = abs(matmul(weight, weight, { transposeA: true }))
  const t = div(sum(mul(gram, broadcast(q, gram.shape, [1])), [1]), q)
  const some = greater(t, 0)
  return mul(some, div(2, select(some, t, 1)))
}
