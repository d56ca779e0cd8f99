import type { NdArray } from 'ndarray'
import { defect } from '../prelude/defect.js'
import { constantOwning } from './primitives/constant.js'
import { type Shape, showShape, sizeOf } from './shape.js'
import type { Tensor } from './tensor.js'

/** Numbers nested as deep as the tensor's rank. */
export type Nested = number | readonly Nested[]

const shapeOf = (nested: Nested): Shape =>
  typeof nested === 'number' ? [] : [nested.length, ...(nested.length === 0 ? [] : shapeOf(nested[0] as Nested))]

const flatten = (nested: Nested, shape: Shape): readonly number[] => {
  if (typeof nested === 'number')
    return shape.length === 0 ? [nested] : defect(`ragged nesting: a number where ${showShape(shape)} should be`)
  return nested.length === shape[0]
    ? nested.flatMap(child => flatten(child, shape.slice(1)))
    : defect(`ragged nesting: ${nested.length} entries where ${shape.length === 0 ? 'a number' : shape[0]} should be`)
}

/**
 * A constant from nested arrays; an empty array has shape [0].
 * @throws TypeError if the nesting is ragged
 * @example fromNested([[1, 2], [3, 4]]).shape // => [2, 2]
 */
export const fromNested = (nested: Nested): Tensor => {
  const shape = shapeOf(nested)
  return constantOwning(Float64Array.from(flatten(nested, shape)), shape)
}

/** A constant scalar. */
export const scalar = (value: number): Tensor => constantOwning(Float64Array.of(value), [])

/**
 * A constant from numbers in row-major order, copied.
 * @throws TypeError if their number is not that of the shape
 */
export const fromArray = (values: ArrayLike<number>, shape: Shape = [values.length]): Tensor =>
  values.length === sizeOf(shape)
    ? constantOwning(Float64Array.from(values), shape)
    : defect(`${values.length} numbers do not fill shape ${showShape(shape)}`)

/** A constant from an ndarray or a view of one, copied. */
export const fromNdarray = (array: NdArray): Tensor => {
  const shape = [...array.shape]
  const values = new Float64Array(sizeOf(shape))
  const index = shape.map(() => 0)
  for (let i = 0; i < values.length; i++) {
    values[i] = Number(array.get(...index))
    for (let axis = shape.length - 1; axis >= 0; axis--) {
      index[axis] = ((index[axis] as number) + 1) % (shape[axis] as number)
      if (index[axis] !== 0) break
    }
  }
  return constantOwning(values, shape)
}

/** Numbers in row-major order, nested by shape. */
export const nest = (values: ArrayLike<number>, shape: Shape, offset = 0): Nested => {
  const [length, ...rest] = shape
  if (length === undefined) return values[offset] as number
  const stride = sizeOf(rest)
  return Array.from({ length }, (_, i) => nest(values, rest, offset + i * stride))
}
