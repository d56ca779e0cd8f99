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
  const count = sizeOf(a.shape.slice(0, -2))
  const panel = new Float64Array(4 * inner)
  for (let s = 0; s < count; s++) {
    const matrices = {
      left: left.subarray(s * m * inner, (s + 1) * m * inner),
      right: right.subarray(s * inner * n, (s + 1) * inner * n),
      out: result.data.subarray(s * m * n, (s + 1) * m * n)
    }
    const [evenRows, evenColumns] = [m - (m % 4), n - (n % 4)]
    for (let j = 0; j < evenColumns; j += 4) {
      for (let k = 0; k < inner; k++)
        for (let c = 0; c < 4; c++) panel[4 * k + c] = matrices.right[k * n + j + c] as number
      for (let i = 0; i < evenRows; i += 4) fourByFour(matrices, panel, i, j, inner, n)
    }
    entries(matrices, [0, evenRows], [evenColumns, n], inner, n)
    entries(matrices, [evenRows, m], [0, n], inner, n)
  }
  return result
}

/** Operands [m inner] and [inner n], and the product [m n], row-major. */
interface Matrices {
  readonly left: Float64Array
  readonly right: Float64Array
  readonly out: Float64Array
}

/** Entries of a product in some rows and columns, one by one. */
const entries = (
  { left, right, out }: Matrices,
  [firstRow, endRow]: readonly [number, number],
  [firstColumn, endColumn]: readonly [number, number],
  inner: number,
  n: number
): void => {
  for (let i = firstRow; i < endRow; i++)
    for (let j = firstColumn; j < endColumn; j++) {
      let total = 0
      for (let k = 0; k < inner; k++) total += (left[i * inner + k] as number) * (right[k * n + j] as number)
      out[i * n + j] = total
    }
}

/**
 * The 16 entries of a product from row i and column j on: side by side, each number read serves four of them.
 * @param panel columns j to j + 3 of the right operand, [inner 4]
 */
const fourByFour = (
  { left, out }: Matrices,
  panel: Float64Array,
  i: number,
  j: number,
  inner: number,
  n: number
): void => {
  let [c00, c01, c02, c03] = [0, 0, 0, 0]
  let [c10, c11, c12, c13] = [0, 0, 0, 0]
  let [c20, c21, c22, c23] = [0, 0, 0, 0]
  let [c30, c31, c32, c33] = [0, 0, 0, 0]
  const [row0, row1, row2, row3] = [i * inner, (i + 1) * inner, (i + 2) * inner, (i + 3) * inner]
  for (let k = 0; k < inner; k++) {
    const at = 4 * k
    const b0 = panel[at] as number
    const b1 = panel[at + 1] as number
    const b2 = panel[at + 2] as number
    const b3 = panel[at + 3] as number
    const a0 = left[row0 + k] as number
    c00 += a0 * b0
    c01 += a0 * b1
    c02 += a0 * b2
    c03 += a0 * b3
    const a1 = left[row1 + k] as number
    c10 += a1 * b0
    c11 += a1 * b1
    c12 += a1 * b2
    c13 += a1 * b3
    const a2 = left[row2 + k] as number
    c20 += a2 * b0
    c21 += a2 * b1
    c22 += a2 * b2
    c23 += a2 * b3
    const a3 = left[row3 + k] as number
    c30 += a3 * b0
    c31 += a3 * b1
    c32 += a3 * b2
    c33 += a3 * b3
  }
  const rows = [c00, c01, c02, c03, c10, c11, c12, c13, c20, c21, c22, c23, c30, c31, c32, c33]
  for (let r = 0; r < 4; r++) for (let c = 0; c < 4; c++) out[(i + r) * n + j + c] = rows[4 * r + c] as number
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
