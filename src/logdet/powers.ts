import type { Smooth } from '../lipschitz/contractive.js'
import { vjp } from '../rewrite/derivatives.js'
import { close, open } from '../tensor/body.js'
import { add } from '../tensor/primitives/add.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { equal } from '../tensor/primitives/equal.js'
import { greater } from '../tensor/primitives/greater.js'
import { iterate } from '../tensor/primitives/iterate.js'
import { mul } from '../tensor/primitives/mul.js'
import { iota } from '../tensor/primitives/oneHot.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { slice } from '../tensor/primitives/slice.js'
import { stopGradient } from '../tensor/primitives/stopGradient.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Shape } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'

/** A linear map of vectors. */
export type Along = (v: Tensor) => Tensor

/** v -> J' v at x. */
export const pullbackAt = (g: Smooth, x: Tensor): Along => {
  const [, pull] = vjp(g.value)(x)
  return v => pull(v)
}

/** A linear map as it is, of which nothing that it captures is differentiated. */
export const held = (f: Along, shape: Shape): Along => {
  const { body, captured } = close(['v'], [shape], v => [f(v as Tensor)])
  const constants = captured.map(stopGradient)
  return v => open(body, [v], constants)[0] as Tensor
}

/**
 * Sums of powers of a map A, sum over k = 1 to n of w_jk A^k v for every j: n products or fewer, as what follows the last
 * weight that is not 0 is not computed. No power is kept, so memory does not grow with n; without derivatives.
 * shape    weights [m n], v [d] -> [m d]
 */
export const powerSums = (along: Along, weights: Tensor, v: Tensor): Tensor => {
  const [m, n] = weights.shape as readonly [number, number]
  const d = v.shape[0] as number
  const terms = iota(n)
  const used = sum(mul(weights, weights), [0])
  const left = (k: Tensor): Tensor => sum(mul(used, greater(terms, sub(k, 1.5))))
  const [, , sums] = iterate({
    names: ['k', 'power', 'sums'],
    start: [constantOf(1), v, constantOf(0, [m, d])],
    limit: n,
    going: k => greater(left(k as Tensor), 0),
    step: (...state) => {
      const [k, power, sums] = state as readonly [Tensor, Tensor, Tensor]
      const next = along(power)
      const weight = reshape(sum(mul(weights, equal(terms, sub(k, 1))), [1]), [m, 1])
      return [add(k, 1), next, add(sums, mul(weight, next))]
    }
  }) as readonly Tensor[]
  return sums as Tensor
}

/** Row j of a matrix. shape [m d] -> [d] */
export const rowAt = (rows: Tensor, j: number): Tensor => {
  const d = rows.shape[1] as number
  return reshape(slice(rows, [j, 0], [1, d]), [d])
}
