import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { asTensor } from './constant.js'
import { div } from './div.js'
import { mul } from './mul.js'

export const sqrtPrimitive = elementwise('sqrt', ['positive'], [(dx, _, y) => div(mul(dx, 0.5), y)])

/**
 * Elementwise square root; NaN below 0, an infinite slope at 0.
 * shape    [...s] -> [...s]
 * tangent  dy = dx / (2 y)
 */
export const sqrt = (x: Like): Tensor => apply(sqrtPrimitive, none, asTensor(x))
