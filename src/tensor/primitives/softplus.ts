import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { asTensor } from './constant.js'
import { mul } from './mul.js'
import { sigmoid } from './sigmoid.js'

export const softplusPrimitive = elementwise('softplus', ['real'], [(dx, [x]) => mul(dx, sigmoid(x as Tensor))])

/**
 * Elementwise ln(1 + e^x), without overflow; Lipschitz constant 1.
 * shape    [...s] -> [...s]
 * tangent  dy = sigmoid(x) dx
 */
export const softplus = (x: Like): Tensor => apply(softplusPrimitive, none, asTensor(x))
