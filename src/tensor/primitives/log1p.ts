import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { add } from './add.js'
import { asTensor } from './constant.js'
import { div } from './div.js'

export const log1pPrimitive = elementwise('log1p', ['aboveMinusOne'], [(dx, [x]) => div(dx, add(x as Tensor, 1))])

/**
 * Elementwise ln(1 + x), accurate near 0.
 * shape    [...s] -> [...s]
 * tangent  dy = dx / (1 + x)
 */
export const log1p = (x: Like): Tensor => apply(log1pPrimitive, none, asTensor(x))
