import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { aligned } from './broadcast.js'

export const greaterEqualPrimitive = elementwise('greaterEqual', ['real', 'real'], [null, null])

/**
 * Elementwise 1 where a >= b, else 0 (also at NaN). Shapes broadcast from the last axis.
 * tangent  zero
 */
export const greaterEqual = (a: Like, b: Like): Tensor => apply(greaterEqualPrimitive, none, ...aligned(a, b))
