import { range, sizeOf } from '../../tensor/shape.js'
import { withShape } from '../reference/arrays.js'
import { solutions } from '../reference/matrices.js'
import { abs, add, type Interval, interval, log, magnitude, nothing, point, power, sub } from './interval.js'
import { exactIntervals, type Intervals, intervalAt, midpoints, tabulated } from './intervals.js'
import { product } from './matrices.js'
import { addDown, addUp, divUp, mulDown, mulUp, sqrtUp } from './rounding.js'

const plain = { transposeA: false, transposeB: false }

/** The intervals of one matrix of many. */
const matrixAt = ({ shape, lo, hi }: Intervals, s: number): Intervals => {
  const [rows, columns] = shape.slice(-2) as [number, number]
  const [from, to] = [s * rows * columns, (s + 1) * rows * columns]
  return { shape: [rows, columns], lo: lo.subarray(from, to), hi: hi.subarray(from, to) }
}

const identity = (n: number): Float64Array =>
  Float64Array.from({ length: n * n }, (_, i) => (i % (n + 1) === 0 ? 1 : 0))

const transposedMatrix = (m: Intervals): Intervals => {
  const [rows, columns] = m.shape as [number, number]
  return tabulated([columns, rows], i => intervalAt(m, (i % rows) * columns + Math.floor(i / rows)))
}

/** a - b, entry by entry. */
const difference = (a: Intervals, b: Intervals): Intervals =>
  tabulated(a.shape, i => sub(intervalAt(a, i), intervalAt(b, i)))

/** An upper bound of the sum of |x| over the entries that indices give. */
const sumOfSizes = (x: Intervals, indices: readonly number[]): number =>
  indices.reduce((sum, i) => addUp(sum, magnitude(intervalAt(x, i))), 0)

/**
 * Encloses Y with M Y = B for one matrix [n, n] and right sides [n, k]. With X near M^-1, E = I - XM and any Z,
 * Y - Z = (I - E)^-1 X (B - MZ), so with R = X (B - MZ) and |E| < 1 in the row-sum norm, entries of Y - Z are within
 * (row sum of |E|) max|R| / (1 - |E|) of R. Nothing is claimed where |E| < 1 is not shown.
 */
const solved = (m: Intervals, b: Intervals): Intervals => {
  const [n, k] = b.shape as [number, number]
  const centre = withShape(midpoints(m), m.shape)
  const inverse = exactIntervals(solutions(centre, withShape(identity(n), [n, n]), false, true).data, [n, n])
  const near = exactIntervals(product(inverse, exactIntervals(midpoints(b), b.shape), plain, b.shape).lo, b.shape)
  const rest = difference(b, product(m, near, plain, b.shape))
  const moved = product(inverse, rest, plain, b.shape)
  const errors = difference(exactIntervals(identity(n), [n, n]), product(inverse, m, plain, [n, n]))
  const rows = range(n).map(i =>
    sumOfSizes(
      errors,
      range(n).map(j => i * n + j)
    )
  )
  const size = Math.max(0, ...rows)
  if (!(size < 1)) return tabulated(b.shape, () => nothing)
  const factors = rows.map(row => divUp(row, -addUp(size, -1)))
  const largest = range(k).map(j => Math.max(...range(n).map(i => magnitude(intervalAt(moved, i * k + j)))))
  return tabulated(b.shape, index => {
    const spread = mulUp(factors[Math.floor(index / k)] as number, largest[index % k] as number)
    return add(add(intervalAt(near, index), intervalAt(moved, index)), interval(-spread, spread))
  })
}

/** Encloses the solutions of M Y = B, or M' Y = B, for every pair of matrices. */
export const solutionsOf = (m: Intervals, b: Intervals, transpose: boolean): Intervals => {
  const size = sizeOf(b.shape.slice(-2))
  const parts = range(sizeOf(b.shape.slice(0, -2))).map(s => {
    const matrix = matrixAt(m, s)
    return solved(transpose ? transposedMatrix(matrix) : matrix, matrixAt(b, s))
  })
  return tabulated(b.shape, i => intervalAt(parts[Math.floor(i / size)] as Intervals, i % size))
}

/**
 * [U, X] from [M, 1] by elimination with row exchanges: X is a unit lower triangular matrix with its columns permuted, so
 * that |det X| = 1 exactly whatever the rounding errors, and X M is near U, which is upper triangular.
 */
const eliminated = (m: Float64Array, n: number): { readonly upper: Float64Array; readonly left: Float64Array } => {
  const rows: Float64Array[] = range(n).map(i =>
    Float64Array.from({ length: 2 * n }, (_, j) => (j < n ? m[i * n + j] : j - n === i ? 1 : 0) as number)
  )
  const entry = (i: number, j: number): number => (rows[i] as Float64Array)[j] as number
  for (let k = 0; k < n; k++) {
    const best = range(n).reduce((most, i) => (i > k && Math.abs(entry(i, k)) > Math.abs(entry(most, k)) ? i : most), k)
    const pivot = rows[best] as Float64Array
    rows[best] = rows[k] as Float64Array
    rows[k] = pivot
    for (const row of rows.slice(k + 1)) {
      const factor = (row[k] as number) / (pivot[k] as number)
      for (let j = k + 1; j < 2 * n; j++) row[j] = (row[j] as number) - factor * (pivot[j] as number)
      row[k] = 0
    }
  }
  return {
    upper: Float64Array.from({ length: n * n }, (_, i) => entry(Math.floor(i / n), i % n)),
    left: Float64Array.from({ length: n * n }, (_, i) => entry(Math.floor(i / n), n + (i % n)))
  }
}

/**
 * Encloses ln |det M|. X as above and an upper triangular Y near U^-1 give X M Y = 1 + E, so that
 * ln |det M| = ln det(1 + E) - sum ln |Y_ii|, and for e = |E| < 1 in the Frobenius norm, ln det(1 + E) is within
 * e^2 / (2 (1 - e)) of tr E, because |tr E^k| <= e^k for k > 1. Nothing is claimed where e < 1 is not shown.
 */
const logDeterminant = (m: Intervals): Interval => {
  const n = m.shape[0] as number
  const shape = [n, n]
  const { upper, left } = eliminated(midpoints(m), n)
  const right = solutions(withShape(upper, shape), withShape(identity(n), shape), false, false).data
  const near = product(
    product(exactIntervals(left, shape), m, plain, shape),
    exactIntervals(right, shape),
    plain,
    shape
  )
  const errors = difference(near, exactIntervals(identity(n), shape))
  const size = sqrtUp(range(n * n).reduce((sum, i) => addUp(sum, power(intervalAt(errors, i), 2).hi), 0))
  if (!(size < 1)) return nothing
  const rest = divUp(mulUp(size, size), mulDown(2, addDown(1, -size)))
  const trace = range(n).reduce((sum, i) => add(sum, intervalAt(errors, i * (n + 1))), point(0))
  const logs = range(n).reduce((sum, i) => add(sum, log(abs(point(right[i * (n + 1)] as number)))), point(0))
  return add(sub(trace, logs), interval(-rest, rest))
}

/** Encloses ln |det| of every matrix. */
export const logDeterminantsOf = (m: Intervals): Intervals =>
  tabulated(m.shape.slice(0, -2), s => logDeterminant(matrixAt(m, s)))
