import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { asTensor } from './constant.js'
import { cos } from './cos.js'
import { mul } from './mul.js'

export const sinPrimitive = elementwise('sin', ['real'], [(dx, [x]) => mul(dx, cos(x as Tensor))])

/**
 * Elementwise sine (radians); Lipschitz constant 1.
 * shape    [...s] -> [...s]
 * tangent  dy = cos(x) dx
 */
export const sin = (x: Like): Tensor => apply(sinPrimitive, none, asTensor(x))
