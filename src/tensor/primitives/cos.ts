import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { asTensor } from './constant.js'
import { mul } from './mul.js'
import { neg } from './neg.js'
import { sin } from './sin.js'

export const cosPrimitive = elementwise('cos', ['real'], [(dx, [x]) => neg(mul(dx, sin(x as Tensor)))])

/**
 * Elementwise cosine (radians); Lipschitz constant 1.
 * shape    [...s] -> [...s]
 * tangent  dy = -sin(x) dx
 */
export const cos = (x: Like): Tensor => apply(cosPrimitive, none, asTensor(x))
