import { range } from '../shape.js'
import { rankOf, type Tensor } from '../tensor.js'
import { broadcast } from './broadcast.js'
import { constantOwning } from './constant.js'
import { equal } from './equal.js'
import { matmul } from './matmul.js'
import { reshape } from './reshape.js'

/** 0, 1, ... count - 1 as a vector. */
export const iota = (count: number): Tensor => constantOwning(Float64Array.from(range(count)), [count])

/** The identity matrix. */
export const eye = (count: number): Tensor =>
  constantOwning(
    Float64Array.from({ length: count * count }, (_, i) => (i % (count + 1) === 0 ? 1 : 0)),
    [count, count]
  )

/**
 * Rows that are 1 at the index and 0 elsewhere; a number that is no index gives a row of zeros.
 * shape    [...s] -> [...s count]
 */
export const oneHot = (indices: Tensor, count: number): Tensor => {
  const shape = [...indices.shape, count]
  return equal(broadcast(indices, shape, range(rankOf(indices))), broadcast(iota(count), shape, [rankOf(indices)]))
}

/**
 * Rows of a table by their index; differentiable in the table.
 * shape    [n ...s], [m] -> [m ...s]
 * @example gather(fromNested([[1, 2], [3, 4]]), fromArray([1, 0])) // => [[3, 4], [1, 2]]
 */
export const gather = (table: Tensor, indices: Tensor): Tensor => {
  const [count = 0, ...rest] = table.shape
  const rows = reshape(table, [count, rest.reduce((a, b) => a * b, 1)])
  return reshape(matmul(oneHot(indices, count), rows), [...indices.shape, ...rest])
}
