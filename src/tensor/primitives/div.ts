import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { aligned } from './broadcast.js'
import { mul } from './mul.js'
import { neg } from './neg.js'

export const divPrimitive = elementwise(
  'div',
  ['real', 'nonzero'],
  [(dx, [, b]) => div(dx, b as Tensor), (dx, [, b], y) => neg(div(mul(dx, y), b as Tensor))],
  [(ct, [, b]) => div(ct, b as Tensor), null]
)

/**
 * Elementwise a / b; IEEE at b = 0. Shapes broadcast from the last axis.
 * tangent  dy = (da - y db) / b
 */
export const div = (a: Like, b: Like): Tensor => apply(divPrimitive, none, ...aligned(a, b))
