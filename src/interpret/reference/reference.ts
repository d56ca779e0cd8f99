import { type Nested, nest } from '../../tensor/constructors.js'
import type { Tensor } from '../../tensor/tensor.js'
import { rowMajor } from './arrays.js'
import { program } from './evaluate.js'

/**
 * The numbers of a tensor without inputs, in row-major order, in a new array: float64, computed by `reference`.
 * @example toArray(fromNested([[1, 2], [3, 4]])) // => [1, 2, 3, 4]
 */
export const toArray = (tensor: Tensor): Float64Array => {
  const [value] = program([], [tensor])([])
  return value === undefined ? new Float64Array(0) : Float64Array.from(rowMajor(value))
}

/**
 * The numbers of a tensor without inputs, nested by its shape.
 * @example toNested(add(fromArray([1, 2]), 10)) // => [11, 12]
 */
export const toNested = (tensor: Tensor): Nested => nest(toArray(tensor), tensor.shape)
