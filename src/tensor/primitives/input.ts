import { either as E } from 'fp-ts'
import { notLinear } from '../rules.js'
import type { Shape } from '../shape.js'
import { apply, type Primitive, type Tensor } from '../tensor.js'

/** A name to read in listings, and the shape of the values to come. */
export interface Declared {
  readonly name: string
  readonly shape: Shape
}

export const inputPrimitive: Primitive<Declared> = {
  name: 'input',
  domain: [],
  shape: ({ shape }) => E.right(shape),
  jvp: () => [],
  transpose: node => notLinear(node),
  vectorize: (_, lanes) => lanes.all()[0] as Tensor
}

/**
 * A variable: a tensor whose numbers are given when the expression is interpreted. Two inputs of the same name differ.
 * @example listing([input('x', [2])]) // => 'x = input [2]\nreturn x'
 */
export const input = (name: string, shape: Shape): Tensor => apply(inputPrimitive, Object.freeze({ name, shape }))
