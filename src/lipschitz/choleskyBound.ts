import { frobenius, gram, provedSquare, u, up } from './roundedUp.js'

/** The Cholesky factor of a symmetric matrix [n n], lower, or null where it does not complete in float64. */
const factor = (matrix: Float64Array, n: number): Float64Array | null => {
  const r = Float64Array.from(matrix)
  for (let j = 0; j < n; j++) {
    for (let i = j; i < n; i++) {
      let sum = r[i * n + j] as number
      for (let k = 0; k < j; k++) sum -= (r[i * n + k] as number) * (r[j * n + k] as number)
      if (i === j && !(sum > 0)) return null
      r[i * n + j] = i === j ? Math.sqrt(sum) : sum / (r[j * n + j] as number)
    }
  }
  return r
}

/** (R R')^-1 b */
const solved = (r: Float64Array, b: Float64Array): Float64Array => {
  const n = b.length
  const x = Float64Array.from(b)
  for (let i = 0; i < n; i++) {
    let sum = x[i] as number
    for (let k = 0; k < i; k++) sum -= (r[i * n + k] as number) * (x[k] as number)
    x[i] = sum / (r[i * n + i] as number)
  }
  for (let i = n - 1; i >= 0; i--) {
    const e = (x[i] as number) / (r[i * n + i] as number)
    x[i] = e
    for (let k = 0; k < i; k++) x[k] = (x[k] as number) - (r[i * n + k] as number) * e
  }
  return x
}

/** A vector that tends to the dominant eigenvector of a map, after some steps, of length 1. */
const dominant = (map: (x: Float64Array) => Float64Array, start: Float64Array, steps: number): Float64Array => {
  let x = start
  for (let step = 0; step <= steps; step++) {
    const y = step === 0 ? x : map(x)
    const length = Math.sqrt(y.reduce((sum, e) => sum + e * e, 0))
    x = y.map(e => e / length)
  }
  return x
}

const times = (g: Float64Array, x: Float64Array): Float64Array => {
  const n = x.length
  const y = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    let sum = 0
    for (let j = 0; j < n; j++) sum += (g[i * n + j] as number) * (x[j] as number)
    y[i] = sum
  }
  return y
}

const rayleigh = (g: Float64Array, x: Float64Array): number => {
  const y = times(g, x)
  return x.reduce((sum, e, i) => sum + e * (y[i] as number), 0)
}

/** Rounds of the search for the least T that can be proved. */
const rounds = 6

/**
 * An upper bound of the spectral norm of a matrix A [rows, n], proved by a Cholesky factorisation: where the one of
 * T I - A'A completes in float64, |A|^2 is at most T and the rounding errors of A'A, of the difference and of the
 * factorisation. The largest eigenvalue is estimated by power iteration, and T tried a little above it, then further above
 * it; where it had to be further, inverse iteration with the factor improves the estimate.
 * Source: Demmel 1989; Rump 2006, Verification of Positive Definiteness.
 * @param a entries at most about 1 in size, the largest not far below
 */
export const choleskyBound = (a: Float64Array, rows: number, n: number): number => {
  const g = gram(a, rows, n)
  const size = frobenius(a)
  const least = Math.max(2 ** -34, 4 * n * n * u)
  let x = dominant(
    y => times(g, y),
    Float64Array.from({ length: n }, (_, i) => Math.cos(i)),
    50
  )
  let bound = Infinity
  for (let round = 0; round < rounds; round++) {
    const estimate = rayleigh(g, x)
    for (let excess = least; excess < 2 * n; excess *= 8) {
      const t = estimate * (1 + excess)
      const shifted = g.map((e, k) => (k % (n + 1) === 0 ? t - e : -e))
      const r = factor(shifted, n)
      if (r === null) continue
      bound = Math.min(bound, provedSquare(t, size, [rows, n]))
      if (excess === least) return up(Math.sqrt(bound))
      x = dominant(
        y => solved(r, y),
        x.map((e, i) => e + 2 ** -20 * Math.cos(i)),
        24
      )
      break
    }
  }
  return up(Math.sqrt(bound))
}
