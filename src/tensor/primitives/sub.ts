import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { aligned } from './broadcast.js'
import { neg } from './neg.js'

export const subPrimitive = elementwise('sub', ['real', 'real'], [dx => dx, dx => neg(dx)], [ct => ct, ct => neg(ct)])

/**
 * Elementwise a - b. Shapes broadcast from the last axis.
 * tangent  dy = da - db
 */
export const sub = (a: Like, b: Like): Tensor => apply(subPrimitive, none, ...aligned(a, b))
