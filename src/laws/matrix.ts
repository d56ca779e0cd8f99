/** Small dense matrices of plain numbers: what the laws need to judge a Jacobian, apart from the code that is judged. */

/** Rows of numbers. */
export type Matrix = readonly (readonly number[])[]

/** Euclidean length. */
export const lengthOf = (v: ArrayLike<number>): number => Math.hypot(...Array.from(v))

/** Euclidean distance. */
export const distanceOf = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  lengthOf(Array.from(a, (x, i) => x - (b[i] as number)))

/** Inner product. */
export const dotOf = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  Array.from(a).reduce((sum, x, i) => sum + x * (b[i] as number), 0)

/** M v. */
export const applied = (m: Matrix, v: ArrayLike<number>): readonly number[] => m.map(row => dotOf(row, v))

/** M' v. */
const transposeApplied = (m: Matrix, v: ArrayLike<number>): readonly number[] =>
  (m[0] ?? []).map((_, j) => m.reduce((sum, row, i) => sum + (row[j] as number) * (v[i] as number), 0))

/** Frobenius norm: an upper bound of the spectral norm. */
export const frobeniusOf = (m: Matrix): number => lengthOf(m.flat())

/** Inverse and ln |det| by elimination with partial pivots; the inverse of a singular matrix is not finite. */
export const inverted = (m: Matrix): { readonly inverse: Matrix; readonly logAbsDet: number } => {
  const n = m.length
  const rows = m.map((row, i) => [...row, ...Array.from({ length: n }, (_, j) => (i === j ? 1 : 0))])
  let logAbsDet = 0
  for (let k = 0; k < n; k++) {
    let best = k
    for (let i = k + 1; i < n; i++) if (Math.abs(rows[i]?.[k] as number) > Math.abs(rows[best]?.[k] as number)) best = i
    const pivotRow = rows[best] as number[]
    rows[best] = rows[k] as number[]
    const pivot = pivotRow[k] as number
    logAbsDet += Math.log(Math.abs(pivot))
    const scaled = pivotRow.map(x => x / pivot)
    rows[k] = scaled
    for (let i = 0; i < n; i++) {
      const factor = rows[i]?.[k] as number
      if (i !== k) rows[i] = (rows[i] as number[]).map((x, j) => x - factor * (scaled[j] as number))
    }
  }
  return { inverse: rows.map(row => row.slice(n)), logAbsDet }
}

/** The right singular vector of the largest singular value, by power iteration: good enough for a search. */
export const topRightVector = (m: Matrix, steps = 40): readonly number[] => {
  const start = (m[0] ?? []).map((_, j) => 1 + 0.1 * Math.cos(3 * j + 1))
  return Array.from({ length: steps }).reduce<readonly number[]>(v => {
    const next = transposeApplied(m, applied(m, v))
    const size = lengthOf(next)
    return size > 0 ? next.map(x => x / size) : v
  }, start)
}
