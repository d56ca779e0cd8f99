import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { asTensor } from './constant.js'
import { mul } from './mul.js'
import { sign } from './sign.js'

export const absPrimitive = elementwise('abs', ['real'], [(dx, [x]) => mul(dx, sign(x as Tensor))])

/**
 * Elementwise absolute value; its derivative at 0 is 0.
 * shape    [...s] -> [...s]
 * tangent  dy = sign(x) dx
 */
export const abs = (x: Like): Tensor => apply(absPrimitive, none, asTensor(x))
