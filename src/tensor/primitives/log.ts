import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { asTensor } from './constant.js'
import { div } from './div.js'

export const logPrimitive = elementwise('log', ['positive'], [(dx, [x]) => div(dx, x as Tensor)])

/**
 * Elementwise natural logarithm; NaN below 0, -Infinity at 0.
 * shape    [...s] -> [...s]
 * tangent  dy = dx / x
 */
export const log = (x: Like): Tensor => apply(logPrimitive, none, asTensor(x))
