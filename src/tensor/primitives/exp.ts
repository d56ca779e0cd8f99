import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { asTensor } from './constant.js'
import { mul } from './mul.js'

export const expPrimitive = elementwise('exp', ['real'], [(dx, _, y) => mul(dx, y)])

/**
 * Elementwise exponential.
 * shape    [...s] -> [...s]
 * tangent  dy = y dx
 */
export const exp = (x: Like): Tensor => apply(expPrimitive, none, asTensor(x))
