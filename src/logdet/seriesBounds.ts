/**
 * What is proved of the series ln det(I + J) = sum over k >= 1 of (-1)^(k+1) tr(J^k) / k, |J| <= c < 1 the spectral norm of
 * a d x d matrix, and of its Russian-roulette estimates, in which term k is divided by P(N >= k) >= rho^(k-1).
 * Proofs: proofs/TraceSeries.v, proofs/RouletteVariance.v, proofs/Neumann.v; a spec compares the formulas with the theorems'.
 */

/**
 * How far the sum of the first n terms can be from ln det(I + J), as |tr(J^k)| <= d c^k.
 * @example tailBound(2, 0.5, 1) // => 0.5
 */
export const tailBound = (d: number, c: number, n: number): number => (d * c ** (n + 1)) / ((n + 1) * (1 - c))

/**
 * The same from the Frobenius norm of J, n >= 1: sharper where J has a small rank, as |tr(J^k)| <= |J|_F^2 c^(k-2).
 * @example tailBoundFrobenius(1, 0.5, 1) // => 1
 */
export const tailBoundFrobenius = (frobenius: number, c: number, n: number): number =>
  (frobenius ** 2 * c ** (n - 1)) / ((n + 1) * (1 - c))

/** Whether a roulette estimate is bounded whatever J with |J| <= c is: exactly if c < rho. */
export const rouletteIsBounded = (c: number, rho: number): boolean => c < rho

/** Whether its variance is finite whatever J with |J| <= c is: exactly if c^2 <= rho. */
export const rouletteVarianceIsFinite = (c: number, rho: number): boolean => c ** 2 <= rho

/**
 * The bound of |estimate| where `rouletteIsBounded`: -rho |v|^2 ln(1 - c / rho). For probes of signs |v|^2 is d.
 * @param squaredLength |v|^2 of the probe
 * @returns Infinity where it is not bounded
 */
export const rouletteBound = (squaredLength: number, c: number, rho: number): number =>
  rouletteIsBounded(c, rho) ? -rho * squaredLength * Math.log(1 - c / rho) : Infinity

/**
 * The bound of |v' (sum of (-J)^k / P(N >= k)) dJ v|, the estimate of the gradient (Lu et al. 2021, eq. 15), where
 * `rouletteIsBounded`: |v| |dJ v| (1 + c / (1 - c / rho)).
 * @returns Infinity where it is not bounded
 */
export const neumannBound = (length: number, tangentLength: number, c: number, rho: number): number =>
  rouletteIsBounded(c, rho) ? length * tangentLength * (1 + c / (1 - c / rho)) : Infinity
