import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { add } from './add.js'
import { aligned } from './broadcast.js'
import { equal } from './equal.js'
import { greater } from './greater.js'
import { mul } from './mul.js'

/** 1 where a is the larger, 1/2 at a tie. */
const share = (a: Tensor, b: Tensor): Tensor => add(greater(a, b), mul(equal(a, b), 0.5))

export const minimumPrimitive = elementwise(
  'minimum',
  ['real', 'real'],
  [(dx, [a, b]) => mul(dx, share(b as Tensor, a as Tensor)), (dx, [a, b]) => mul(dx, share(a as Tensor, b as Tensor))]
)

/**
 * Elementwise min(a, b); NaN if either is. Shapes broadcast from the last axis.
 * tangent  that of the smaller; at a tie half of each
 */
export const minimum = (a: Like, b: Like): Tensor => apply(minimumPrimitive, none, ...aligned(a, b))
