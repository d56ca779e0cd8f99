import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { asTensor } from './constant.js'

export const signPrimitive = elementwise('sign', ['real'], [null])

/**
 * Elementwise sign: -1, 0 or 1; NaN at NaN. Its derivative is 0 everywhere, also at 0.
 * shape    [...s] -> [...s]
 */
export const sign = (x: Like): Tensor => apply(signPrimitive, none, asTensor(x))
