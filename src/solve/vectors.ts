import { broadcast } from '../tensor/primitives/broadcast.js'
import { concat } from '../tensor/primitives/concat.js'
import { mul } from '../tensor/primitives/mul.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { slice } from '../tensor/primitives/slice.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'

// Small products as sums, which stay elementwise along the rows when vectorized.

/** a'b of vectors [n]. */
export const dot = (a: Tensor, b: Tensor): Tensor => sum(mul(a, b))

/** M v, [m n] and [n] -> [m]. */
export const times = (m: Tensor, v: Tensor): Tensor => sum(mul(m, broadcast(v, m.shape, [1])), [1])

/** M'v, [m n] and [m] -> [n]. */
export const timesTransposed = (m: Tensor, v: Tensor): Tensor => sum(mul(m, broadcast(v, m.shape, [0])), [0])

/** The rows [m n] of a memory with a new one [n] in front and the last one dropped. */
export const remembered = (rows: Tensor, row: Tensor): Tensor => {
  const [m, n] = rows.shape as [number, number]
  return concat([reshape(row, [1, n]), slice(rows, [0, 0], [m - 1, n])], 0)
}
