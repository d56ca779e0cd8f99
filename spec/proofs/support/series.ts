import fc from 'fast-check'
import { fromArray } from '../../../src/tensor/constructors.js'
import { type NetOptions, type NetSample, nets, points, smoothOf } from '../../net/support/nets.js'
import { bounded } from '../../solve/support/certificate.js'

export type Square = readonly (readonly number[])[]

export const sum = (values: readonly number[]): number => values.reduce((total, x) => total + x, 0)

export const dot = (u: readonly number[], v: readonly number[]): number => sum(u.map((x, i) => x * (v[i] as number)))

export const times = (m: Square, v: readonly number[]): readonly number[] => m.map(row => dot(row, v))

export const frobenius = (m: Square): number => Math.hypot(...m.flat())

/** The rows of a square matrix. */
export const squareOf = (entries: ArrayLike<number>, d: number): Square =>
  Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => entries[i * d + j] as number))

/** All 2^d vectors of signs. */
export const signVectors = (d: number): readonly (readonly number[])[] =>
  Array.from({ length: 2 ** d }, (_, m) => Array.from({ length: d }, (_, i) => ((m >> i) & 1 ? -1 : 1)))

export const averageOver = (d: number, f: (v: readonly number[]) => number): number =>
  sum(signVectors(d).map(f)) / 2 ** d

/** w, m w, m^2 w, .. */
export const powersOn = (m: Square, w: readonly number[], count: number): readonly (readonly number[])[] => {
  const powers = [w]
  for (let k = 1; k < count; k++) powers.push(times(m, powers[k - 1] as readonly number[]))
  return powers
}

/** (-1)^k v' J^(k+1) v / (k + 1), the terms of ln det (I + J) seen along v. */
export const probeTerms = (J: Square, v: readonly number[], count: number): readonly number[] =>
  powersOn(J, times(J, v), count).map((w, k) => ((-1) ** k * dot(v, w)) / (k + 1))

/** S_n, the terms divided by the probability that they are reached. */
export const roulette = (terms: readonly number[], q: (k: number) => number, n: number): number =>
  sum(terms.slice(0, n).map((a, k) => a / q(k)))

/** E S_N, where the probability of more than m terms is put on S_m: it equals the sum of m terms. */
export const truncatedMean = (q: (k: number) => number, estimate: (n: number) => number, m: number): number =>
  sum(Array.from({ length: m }, (_, n) => (q(n) - q(n + 1)) * estimate(n + 1))) + q(m) * estimate(m)

/** A net of d <= 4 variables and a point. */
export const netAndPoint = (options: NetOptions = {}): fc.Arbitrary<readonly [NetSample, readonly number[]]> =>
  fc.integer({ min: 1, max: 4 }).chain(d => fc.tuple(nets(d, options), points(d, { wild: false })))

/** The (transposed) Jacobian of a net, and how far the computed one may be from it. */
export const jacobianAt = (net: NetSample, x: readonly number[]): { readonly J: Square; readonly off: number } => {
  const { values, errors } = bounded(smoothOf(net).tangents(fromArray(x))[1])
  return { J: squareOf(values, x.length), off: Math.hypot(...errors) }
}

/** Relative rounding errors of a sum of m terms of the series, averaged over all sign vectors: far more than there are. */
export const roundingOfSeries = (d: number, m: number): number => m * d ** 2 * (m + 2 ** d + d ** 2 + 8) * 2 ** -52
