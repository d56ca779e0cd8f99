import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { aligned } from './broadcast.js'

export const mulPrimitive = elementwise(
  'mul',
  ['real', 'real'],
  [(dx, [, b]) => mul(dx, b as Tensor), (dx, [a]) => mul(a as Tensor, dx)],
  [(ct, [, b]) => mul(ct, b as Tensor), (ct, [a]) => mul(a as Tensor, ct)]
)

/**
 * Elementwise a b. Shapes broadcast from the last axis.
 * tangent  dy = da b + a db
 */
export const mul = (a: Like, b: Like): Tensor => apply(mulPrimitive, none, ...aligned(a, b))
