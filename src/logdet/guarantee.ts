import { rouletteBound, rouletteIsBounded, rouletteVarianceIsFinite } from './seriesBounds.js'
import type { Roulette } from './terms.js'

/** What is proved of a roulette's estimates of ln det(I + J), whatever J with |J| <= c is. */
export interface Guarantee {
  /** No estimate with a probe of signs is larger than this in size; null where there is no bound. */
  readonly bound: number | null
  readonly varianceIsFinite: boolean
  /** Why there is no finite variance, or no bound; null where both are proved. */
  readonly reason: string | null
}

const number = (x: number): string => String(Number(x.toPrecision(4)))

/**
 * What is proved of a roulette for nets in d dimensions with Lipschitz constants of at most c: estimates are bounded
 * exactly if c < rho, their variance is finite exactly if c^2 <= rho, and by Poisson's law neither ever is (unless J is
 * nilpotent). Terms that are always taken change neither condition, and do not raise the bound.
 * Source: proofs, rows 43 to 45 (RouletteVariance.v, Poisson.v).
 */
export const guaranteeOf = ({ law }: Roulette, d: number, c: number): Guarantee => {
  if (law.kind === 'fixed') return { bound: null, varianceIsFinite: true, reason: 'a series that is cut is biased' }
  if (law.kind === 'poisson')
    return { bound: null, varianceIsFinite: false, reason: "by Poisson's law the variance is infinite" }
  const { rho } = law
  if (!rouletteVarianceIsFinite(c, rho))
    return {
      bound: null,
      varianceIsFinite: false,
      reason: `the variance can be infinite: rho ${number(rho)} is below c^2 = ${number(c * c)}`
    }
  if (!rouletteIsBounded(c, rho))
    return {
      bound: null,
      varianceIsFinite: true,
      reason: `estimates have no bound: rho ${number(rho)} is not above c = ${number(c)}`
    }
  return { bound: rouletteBound(d, c, rho), varianceIsFinite: true, reason: null }
}

/** The authors' number of terms that are always taken. */
const usualExactTerms = 2

/** The cheapest geometric roulette whose estimates have a finite variance; 2 terms always, as the authors have it. */
export const finiteVarianceRoulette = (c: number): Roulette => ({
  law: { kind: 'geometric', rho: Math.min(1 - 2 ** -20, Math.max(0.5, c * c * (1 + 2 ** -20))) },
  exactTerms: usualExactTerms
})

/** A geometric roulette whose estimates are bounded: rho is half-way between c and 1. */
export const boundedRoulette = (c: number): Roulette => ({
  law: { kind: 'geometric', rho: Math.max(0.5, (1 + c) / 2) },
  exactTerms: usualExactTerms
})
