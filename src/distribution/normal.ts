import { mul } from '../tensor/primitives/mul.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'

/**
 * ln density of a standard normal at one sample [d], in nats.
 * @example standardNormal(fromArray([0, 0])) // => -Math.log(2 * Math.PI)
 */
export const standardNormal = (z: Tensor): Tensor =>
  sub(mul(-0.5, sum(mul(z, z))), 0.5 * (z.shape[0] ?? 0) * Math.log(2 * Math.PI))
