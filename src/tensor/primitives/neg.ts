import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { asTensor } from './constant.js'

export const negPrimitive = elementwise('neg', ['real'], [dx => neg(dx)], [ct => neg(ct)])

/**
 * Elementwise -x.
 * shape    [...s] -> [...s]
 */
export const neg = (x: Like): Tensor => apply(negPrimitive, none, asTensor(x))
