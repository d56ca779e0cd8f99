/** Sums of products, in order. */
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] as number), 0)

/** A singular value and its right singular vector, of length 1. */
export interface Singular {
  readonly value: number
  readonly right: readonly number[]
}

/**
 * Singular values of a small matrix, largest first, accurate to a few units of the largest: one-sided Jacobi. Independent
 * of what the package does. Source: Golub, Van Loan, Matrix Computations, section 8.6.
 */
export const singularValues = (matrix: ArrayLike<number>, rows: number, columns: number): readonly Singular[] => {
  let u = Array.from({ length: columns }, (_, j) =>
    Array.from({ length: rows }, (_, i) => matrix[i * columns + j] as number)
  )
  let v: number[][] = Array.from({ length: columns }, (_, j) =>
    Array.from({ length: columns }, (_, i) => (i === j ? 1 : 0))
  )
  const rotated = (m: readonly number[][], p: number, q: number, c: number, s: number): number[][] =>
    m.map((column, k) => {
      const [a, b] = [m[p] as number[], m[q] as number[]]
      if (k === p) return a.map((x, i) => c * x - s * (b[i] as number))
      return k === q ? a.map((x, i) => s * x + c * (b[i] as number)) : column
    })
  for (let sweep = 0; sweep < 40; sweep++) {
    let off = 0
    for (let p = 0; p < columns; p++)
      for (let q = p + 1; q < columns; q++) {
        const [a, b] = [u[p] as number[], u[q] as number[]]
        const [alpha, beta, gamma] = [dot(a, a), dot(b, b), dot(a, b)]
        if (Math.abs(gamma) <= 1e-17 * Math.sqrt(alpha * beta)) continue
        off++
        const zeta = (beta - alpha) / (2 * gamma)
        const t = (zeta < 0 ? -1 : 1) / (Math.abs(zeta) + Math.hypot(1, zeta))
        const c = 1 / Math.hypot(1, t)
        u = rotated(u, p, q, c, c * t)
        v = rotated(v, p, q, c, c * t)
      }
    if (off === 0) break
  }
  return u
    .map((column, j) => ({ value: Math.hypot(...column), right: v[j] as readonly number[] }))
    .sort((a, b) => b.value - a.value)
}

/** The spectral norm of a small matrix, to a few roundings. */
export const spectralNorm = (matrix: ArrayLike<number>, rows: number, columns: number): number =>
  singularValues(matrix, rows, columns)[0]?.value ?? 0
