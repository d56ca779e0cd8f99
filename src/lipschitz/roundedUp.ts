/** Unit roundoff of float64. */
export const u = 2 ** -53

/** The smallest positive float64. */
export const smallest = 2 ** -1074

/** Higham's gamma_n = n u / (1 - n u): the relative error of n operations. */
export const gamma = (n: number): number => (n * u) / (1 - n * u)

/** A number above the exact result of at most 8 operations + * / sqrt on numbers >= 0 that gave x in float64. */
export const up = (x: number): number => x * (1 + 16 * u) + smallest

/** An upper bound of a matrix's Frobenius norm, its largest entry being at least 2^-500 in size: squares may underflow. */
export const frobenius = (m: Float64Array): number => {
  let sum = 0
  for (const x of m) sum += x * x
  return up(Math.sqrt(sum * (1 + gamma(m.length))))
}

/**
 * Bound of the spectral norm of the rounding error of A' A, A a matrix [rows, n] of the Frobenius norm given.
 * Source: Higham, Accuracy and Stability, 3.5.
 */
export const gramRounding = (frobeniusNorm: number, [rows, n]: readonly [number, number]): number =>
  gamma(rows) * frobeniusNorm ** 2 + n * rows * smallest

/**
 * Bound of the spectral norm of what rounding adds where T I - G is formed and factored by Cholesky's method in float64,
 * G = A' A, A a matrix [rows, n], n below 2^48: alpha tr with alpha = gamma_(n+1) / (1 - gamma_(n+1)) below 1.0625
 * gamma_(n+1) for the factors, a term for underflow, and 2 u of the diagonal for the difference; no entry of the diagonal is
 * above T, so the trace is at most n T.
 * Source: Rump 2006, Verification of Positive Definiteness, theorem 2.3.
 */
export const shiftRounding = (t: number, [rows, n]: readonly [number, number]): number =>
  up((1.0625 * gamma(n + 1) * n + 2 * u) * t + 4 * n * (n + rows) * smallest)

/**
 * The square of the norm of A [rows, n], of the Frobenius norm given, where the Cholesky factorisation of T I - A'A, rounded,
 * has completed in float64.
 */
export const provedSquare = (t: number, frobeniusNorm: number, shape: readonly [number, number]): number =>
  up(t + (shiftRounding(t, shape) + up(gramRounding(frobeniusNorm, shape))))

/** A' A of a matrix [rows, n], rounded: see `gramRounding`. */
export const gram = (a: Float64Array, rows: number, n: number): Float64Array => {
  const g = new Float64Array(n * n)
  for (let k = 0; k < rows; k++)
    for (let i = 0; i < n; i++) {
      const x = a[k * n + i] as number
      for (let j = 0; j <= i; j++) g[i * n + j] = (g[i * n + j] as number) + x * (a[k * n + j] as number)
    }
  for (let i = 0; i < n; i++) for (let j = 0; j < i; j++) g[j * n + i] = g[i * n + j] as number
  return g
}
