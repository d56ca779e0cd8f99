import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { asTensor } from './constant.js'
import { mul } from './mul.js'
import { sub } from './sub.js'

export const tanhPrimitive = elementwise('tanh', ['real'], [(dx, _, y) => mul(dx, sub(1, mul(y, y)))])

/**
 * Elementwise hyperbolic tangent; Lipschitz constant 1.
 * shape    [...s] -> [...s]
 * tangent  dy = (1 - y y) dx
 */
export const tanh = (x: Like): Tensor => apply(tanhPrimitive, none, asTensor(x))
