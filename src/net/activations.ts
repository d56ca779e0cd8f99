import { add } from '../tensor/primitives/add.js'
import { div } from '../tensor/primitives/div.js'
import { expm1 } from '../tensor/primitives/expm1.js'
import { greater } from '../tensor/primitives/greater.js'
import { maximum } from '../tensor/primitives/maximum.js'
import { minimum } from '../tensor/primitives/minimum.js'
import { mul } from '../tensor/primitives/mul.js'
import { select } from '../tensor/primitives/select.js'
import { sigmoid } from '../tensor/primitives/sigmoid.js'
import { sin } from '../tensor/primitives/sin.js'
import { softplus } from '../tensor/primitives/softplus.js'
import { sub } from '../tensor/primitives/sub.js'
import { tanh } from '../tensor/primitives/tanh.js'
import type { Tensor } from '../tensor/tensor.js'

/**
 * An elementwise nonlinearity `outer * apply(inner * t)`. The scalings are kept apart so that a net can fold them into
 * its weights.
 */
export interface Activation {
  readonly name: string
  /** Upper bound of the slope's absolute value. */
  readonly lipschitz: number
  readonly inner: number
  readonly outer: number
  /** Whether it has a learnable scalar of its own, `beta`. */
  readonly learnable: boolean
  readonly apply: (t: Tensor, beta: Tensor | undefined) => Tensor
}

const fixed = (name: string, apply: (t: Tensor) => Tensor): Activation => ({
  name,
  lipschitz: 1,
  inner: 1,
  outer: 1,
  learnable: false,
  apply
})

/**
 * sin(2 pi t) / (2 pi); slope at most 1, because the product of these two floats is not above 1: that of 2 * Math.PI and
 * its reciprocal is, by 2e-17. Source: Lu et al. 2021, toy and tabular experiments.
 */
const sine: Activation = { ...fixed('sine', sin), inner: 6.283185307179587, outer: 0.15915494309189532 }

/**
 * t sigmoid(t softplus(beta)) / 1.1 with a learnable raw beta; slope at most 0.99986.
 * Source: Chen et al. 2019, Residual Flows.
 */
const lipSwish: Activation = {
  name: 'lipSwish',
  lipschitz: 0.99985393,
  inner: 1,
  outer: 1 / 1.1,
  learnable: true,
  apply: (t, beta) => mul(t, sigmoid(mul(t, softplus(beta ?? 0))))
}

/** t for t > 0, else e^t - 1; slope at most 1. */
const elu = fixed('elu', t => select(greater(t, 0), t, expm1(minimum(t, 0))))

/** t^3 / 3 for |t| < 1, else t -+ 2/3; slope at most 1. */
const lipschitzCube = fixed('lipschitzCube', t => {
  const inside = maximum(minimum(t, 1), -1)
  return add(div(mul(inside, mul(inside, inside)), 3), sub(t, inside))
})

/** The activations by name. Adding one: its definition here, with the proof or the source of its slope bound. */
export const activations = {
  sine,
  lipSwish,
  elu,
  tanh: fixed('tanh', tanh),
  lipschitzCube,
  softplus: fixed('softplus', softplus),
  identity: fixed('identity', t => t)
} as const

/** Activations that are no contractions, by name: their steepest slope. Nets refuse them. */
export const tooSteep: Readonly<Record<string, number>> = {
  selu: 1.7580993408473766,
  gelu: 1.1289041453,
  mish: 1.0884981614,
  swish: 1.0998393202,
  silu: 1.0998393202
}

/** Which activation a net has. */
export type ActivationName = keyof typeof activations
