import { sizeOf } from '../../tensor/shape.js'
import { fresh, type Numbers, rowMajor, withShape } from './arrays.js'

/** Matrix product over the last two axes, summed in the order of the inner index. */
export const product = (a: Numbers, b: Numbers, transposeA: boolean, transposeB: boolean): Numbers => {
  const rank = a.shape.length
  const [aRows, aColumns] = a.shape.slice(-2) as [number, number]
  const [bRows, bColumns] = b.shape.slice(-2) as [number, number]
  const [m, inner] = transposeA ? [aColumns, aRows] : [aRows, aColumns]
  const n = transposeB ? bRows : bColumns
  const left = rowMajor(transposeA ? a.transpose(...swapped(rank)) : a)
  const right = rowMajor(transposeB ? b.transpose(...swapped(rank)) : b)
  const result = fresh([...a.shape.slice(0, -2), m, n])
  const out = result.data
  const count = sizeOf(a.shape.slice(0, -2))
  for (let s = 0; s < count; s++)
    for (let i = 0; i < m; i++) {
      const row = (s * m + i) * n
      for (let k = 0; k < inner; k++) {
        const x = left[(s * m + i) * inner + k] as number
        const from = (s * inner + k) * n
        for (let j = 0; j < n; j++) out[row + j] = (out[row + j] as number) + x * (right[from + j] as number)
      }
    }
  return result
}

const swapped = (rank: number): readonly number[] =>
  Array.from({ length: rank }, (_, i) => (i < rank - 2 ? i : i === rank - 2 ? rank - 1 : rank - 2))

/**
 * Elimination of one matrix [n, width] in place, in a buffer of the caller's own.
 * @returns the pivots, 0 where the matrix is singular
 */
const eliminate = (rows: Float64Array, n: number, width: number, pivoting: boolean): Float64Array => {
  const pivots = new Float64Array(n)
  for (let k = 0; k < n; k++) {
    let best = k
    if (pivoting)
      for (let i = k + 1; i < n; i++)
        if (Math.abs(rows[i * width + k] as number) > Math.abs(rows[best * width + k] as number)) best = i
    if (best !== k)
      for (let j = 0; j < width; j++) {
        const held = rows[k * width + j] as number
        rows[k * width + j] = rows[best * width + j] as number
        rows[best * width + j] = held
      }
    const pivot = rows[k * width + k] as number
    pivots[k] = pivot
    if (pivot === 0) continue
    for (let i = k + 1; i < n; i++) {
      const factor = (rows[i * width + k] as number) / pivot
      for (let j = k; j < width; j++)
        rows[i * width + j] = (rows[i * width + j] as number) - factor * (rows[k * width + j] as number)
    }
  }
  return pivots
}

/** ln |det| of every matrix: -Infinity for a singular one. */
export const logDeterminants = (m: Numbers, pivoting: boolean): Numbers => {
  const n = m.shape.at(-1) as number
  const lead = m.shape.slice(0, -2)
  const rows = rowMajor(m)
  const result = fresh(lead)
  for (let s = 0; s < result.data.length; s++)
    result.data[s] = eliminate(rows.slice(s * n * n, (s + 1) * n * n), n, n, pivoting).reduce(
      (sum, pivot) => sum + Math.log(Math.abs(pivot)),
      0
    )
  return result
}

/** The solutions of M y = b, or of M' y = b; infinite or NaN for a singular matrix. */
export const solutions = (m: Numbers, b: Numbers, transpose: boolean, pivoting: boolean): Numbers => {
  const [n, k] = b.shape.slice(-2) as [number, number]
  const width = n + k
  const left = rowMajor(transpose ? m.transpose(...swapped(m.shape.length)) : m)
  const right = rowMajor(b)
  const result = new Float64Array(right.length)
  const count = sizeOf(b.shape.slice(0, -2))
  for (let s = 0; s < count; s++) {
    const rows = new Float64Array(n * width)
    for (let i = 0; i < n; i++) {
      rows.set(left.subarray((s * n + i) * n, (s * n + i + 1) * n), i * width)
      rows.set(right.subarray((s * n + i) * k, (s * n + i + 1) * k), i * width + n)
    }
    eliminate(rows, n, width, pivoting)
    for (let i = n - 1; i >= 0; i--)
      for (let j = 0; j < k; j++) {
        let value = rows[i * width + n + j] as number
        for (let l = i + 1; l < n; l++)
          value -= (rows[i * width + l] as number) * (result[(s * n + l) * k + j] as number)
        result[(s * n + i) * k + j] = value / (rows[i * width + i] as number)
      }
  }
  return withShape(result, b.shape)
}
