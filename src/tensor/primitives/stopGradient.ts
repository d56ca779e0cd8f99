import { elementwise, none } from '../rules.js'
import { apply, type Tensor } from '../tensor.js'

export const stopGradientPrimitive = elementwise('stopGradient', ['real'], [null])

/** The value of x, regarded as a constant: its derivative is 0. */
export const stopGradient = (x: Tensor): Tensor => apply(stopGradientPrimitive, none, x)
