import { defect } from '../prelude/defect.js'
import { geometric } from '../random/geometric.js'
import type { Key } from '../random/key.js'
import { poisson } from '../random/poisson.js'
import { poissonLogMass } from '../random/poissonLogMass.js'

/**
 * How many terms of a series are taken beyond those that always are: N >= 1 geometric with P(N >= k) = rho^(k - 1);
 * N >= 0 of Poisson's law, for published settings only (its estimates have infinite variance, THEORY of section 5); or a
 * fixed number, which truncates the series: biased.
 */
export type TermLaw =
  | { readonly kind: 'geometric'; readonly rho: number }
  | { readonly kind: 'poisson'; readonly mean: number }
  | { readonly kind: 'fixed'; readonly count: number }

/** Which terms of the power series an estimate takes: the first ones always, of the rest as many as are drawn. */
export interface Roulette {
  readonly law: TermLaw
  /** Terms that are always taken, from 0. */
  readonly exactTerms: number
}

/** P(N >= k) for k >= 1. @example survival({ kind: 'geometric', rho: 0.5 })(3) // => 0.25 */
export const survival =
  (law: TermLaw) =>
  (k: number): number => {
    if (law.kind === 'geometric') return law.rho ** (k - 1)
    if (law.kind === 'fixed') return k <= law.count ? 1 : 0
    const mass = poissonLogMass(law.mean)
    if (k <= law.mean) return 1 - Array.from({ length: k }, (_, i) => Math.exp(mass(i))).reduce((a, b) => a + b, 0)
    let [tail, i] = [0, k]
    for (let p = Math.exp(mass(i)); p > tail * 2 ** -60; p = Math.exp(mass(++i))) tail += p
    return tail
  }

/** Draws of N, whole numbers. shape key -> n -> [n] */
export const drawTerms = (law: TermLaw): ((key: Key) => (count: number) => Float64Array) => {
  if (law.kind === 'geometric') return geometric(law.rho)
  if (law.kind === 'poisson') return poisson(law.mean)
  return () => count => new Float64Array(count).fill(law.count)
}

/**
 * What the terms of the power series are multiplied by, c_1 to c_n, so that the expectation over the draws is the whole
 * series: 1 for those always taken, then the share of the draws with N >= k over P(N >= k). n is the largest number of terms
 * that a draw asks for.
 * Source: Chen et al. 2019, Residual Flows, eq. 6; Lu et al. 2021, eq. 14.
 * @throws TypeError without draws
 * @example rouletteCoefficients({ law: { kind: 'geometric', rho: 0.5 }, exactTerms: 2 }, [3]) // => [1, 1, 1, 2, 4]
 */
export const rouletteCoefficients = ({ law, exactTerms }: Roulette, draws: ArrayLike<number>): Float64Array => {
  if (draws.length === 0) return defect('a roulette needs a draw of the number of terms')
  const ns = Array.from(draws)
  const atLeast = survival(law)
  const beyond = Array.from({ length: Math.max(...ns) }, (_, i) => {
    const share = ns.filter(n => n >= i + 1).length / ns.length
    return share / atLeast(i + 1)
  })
  return Float64Array.from([...Array.from({ length: exactTerms }, () => 1), ...beyond])
}
