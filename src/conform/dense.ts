import type { Row, Rows } from './question.js'

/** Euclidean norm. */
export const norm = (v: Row): number => Math.hypot(...v)

/** Frobenius norm, which no singular value exceeds. */
export const frobenius = (m: Rows): number => norm(m.map(norm))

/** a + t b, entry by entry. */
export const along = (a: Row, b: Row, t: number): Row => a.map((x, i) => x + t * (b[i] as number))

/** The distance of two vectors. */
export const distance = (a: Row, b: Row): number => norm(along(a, b, -1))

/** The sum of products. */
export const dot = (a: Row, b: Row): number => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0)

/** The rows of the unit matrix. */
export const unit = (d: number): Rows =>
  Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (i === j ? 1 : 0)))

/**
 * The inverse and ln |det| of a square matrix by Gauss-Jordan elimination with row exchanges; entries of a singular one
 * are not finite.
 */
export const inverted = (m: Rows): { readonly inverse: Rows; readonly logDet: number } => {
  const work: Row[] = m.map((row, i) => [...row, ...m.map((_, j) => (i === j ? 1 : 0))])
  let logDet = 0
  for (let k = 0; k < m.length; k++) {
    const size = (i: number): number => Math.abs(work[i]?.[k] ?? 0)
    const best = m.reduce((at, _, i) => (i > k && size(i) > size(at) ? i : at), k)
    const [pivotRow, other] = [work[best] as Row, work[k] as Row]
    const pivot = pivotRow[k] as number
    work[best] = other
    work[k] = pivotRow.map(x => x / pivot)
    for (let i = 0; i < m.length; i++)
      if (i !== k) work[i] = along(work[i] as Row, work[k] as Row, -((work[i] as Row)[k] as number))
    logDet += Math.log(Math.abs(pivot))
  }
  return { inverse: work.map(row => row.slice(m.length)), logDet }
}
