import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { asTensor } from './constant.js'
import { mul } from './mul.js'
import { sub } from './sub.js'

export const sigmoidPrimitive = elementwise('sigmoid', ['real'], [(dx, _, y) => mul(dx, mul(y, sub(1, y)))])

/**
 * Elementwise logistic function 1 / (1 + e^-x), relatively accurate everywhere; Lipschitz constant 1/4.
 * shape    [...s] -> [...s]
 * tangent  dy = y (1 - y) dx
 */
export const sigmoid = (x: Like): Tensor => apply(sigmoidPrimitive, none, asTensor(x))
