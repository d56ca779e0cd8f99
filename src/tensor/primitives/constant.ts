import { either as E } from 'fp-ts'
import ndarray, { type NdArray } from 'ndarray'
import { notLinear } from '../rules.js'
import type { Shape } from '../shape.js'
import { apply, isA, type Like, type Primitive, type Tensor } from '../tensor.js'
import { broadcastPrimitive, broadcastTo } from './broadcast.js'

/** The numbers of a constant, under a symbol that only this file knows. */
const stored = Symbol('numbers')

/** The shape, and the numbers where nobody can reach them. */
export interface Stored {
  readonly shape: Shape
  readonly [stored]: NdArray<Float64Array>
}

export const constantPrimitive: Primitive<Stored> = {
  name: 'constant',
  domain: [],
  shape: ({ shape }) => E.right(shape),
  jvp: () => [],
  transpose: node => notLinear(node),
  vectorize: (_, lanes) => lanes.all()[0] as Tensor
}

/** A constant that takes ownership of the numbers: nobody else may hold the array. Internal to the package. */
export const constantOwning = (values: Float64Array, shape: Shape): Tensor =>
  apply(constantPrimitive, Object.freeze({ shape, [stored]: ndarray(values, [...shape]) }))

/** A tensor filled with one number. */
export const constantOf = (value: number, shape: Shape = []): Tensor =>
  broadcastTo(constantOwning(Float64Array.of(value), []), shape)

/** The ndarray of a constant, for interpreters, which never write to it; undefined for other tensors. */
export const numbersOf = (tensor: Tensor): NdArray<Float64Array> | undefined =>
  tensor.primitive.name === 'constant' ? (tensor.parameters as Stored)[stored] : undefined

/** The number that a tensor is filled with, if it is known: that of a constant scalar or of a broadcast one. */
export const fillOf = (tensor: Tensor): number | undefined => {
  if (isA(broadcastPrimitive, tensor)) return fillOf(tensor.inputs[0] as Tensor)
  return tensor.shape.length === 0 ? numbersOf(tensor)?.data[0] : undefined
}

/** A tensor, or the constant scalar that a number stands for. */
export const asTensor = (x: Like): Tensor => (typeof x === 'number' ? constantOf(x) : x)

/** Zeros of the shape of a tensor. */
export const zerosLike = (tensor: Tensor): Tensor => constantOf(0, tensor.shape)
