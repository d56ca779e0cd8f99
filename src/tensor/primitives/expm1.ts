import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { add } from './add.js'
import { asTensor } from './constant.js'
import { mul } from './mul.js'

export const expm1Primitive = elementwise('expm1', ['real'], [(dx, _, y) => mul(dx, add(y, 1))])

/**
 * Elementwise e^x - 1, accurate near 0.
 * shape    [...s] -> [...s]
 * tangent  dy = (y + 1) dx
 */
export const expm1 = (x: Like): Tensor => apply(expm1Primitive, none, asTensor(x))
