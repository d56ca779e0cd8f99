import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { aligned } from './broadcast.js'

export const greaterPrimitive = elementwise('greater', ['real', 'real'], [null, null])

/**
 * Elementwise 1 where a > b, else 0 (also at NaN). Shapes broadcast from the last axis.
 * tangent  zero
 */
export const greater = (a: Like, b: Like): Tensor => apply(greaterPrimitive, none, ...aligned(a, b))
