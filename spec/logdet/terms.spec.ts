import { describe, expect, it } from 'vitest'
import { boundedRoulette, finiteVarianceRoulette, guaranteeOf } from '../../src/logdet/guarantee.js'
import { rouletteBound, rouletteIsBounded, rouletteVarianceIsFinite } from '../../src/logdet/seriesBounds.js'
import { drawTerms, rouletteCoefficients, survival } from '../../src/logdet/terms.js'
import { geometric } from '../../src/random/geometric.js'
import { fromSeed } from '../../src/random/key.js'
import { poisson } from '../../src/random/poisson.js'

const geometricLaw = { kind: 'geometric', rho: 0.25 } as const
const fixed = { kind: 'fixed', count: 3 } as const
const poissonLaw = (mean: number) => ({ kind: 'poisson', mean }) as const

describe('the number of terms', () => {
  it('P(N >= k) of every law', () => {
    expect([1, 2, 3].map(survival(geometricLaw))).toEqual([1, 1 / 4, 1 / 16])
    expect([1, 3, 4].map(survival(fixed))).toEqual([1, 1, 0])
  })

  it("P(N >= k) of Poisson's law: 1 - e^-2 (1, 3, 5, 19/3, 7), k = 1 to 5", () => {
    const truths = [1, 3, 5, 19 / 3, 7].map(s => 1 - s * Math.exp(-2))
    truths.forEach((truth, i) => {
      expect(Math.abs(survival(poissonLaw(2))(i + 1) / truth - 1)).toBeLessThan(1e-14)
    })
  })

  it("Poisson's tail to a relative accuracy however small it is, nothing where it underflows, all far below the mean", () => {
    // e^-2 2^30 / 30! (1 + 2/31 + 4/(31 32) + 8/(31 32 33) + ...)
    const ratios = Array.from({ length: 30 }, (_, i) => 2 / (31 + i))
    const [sum] = ratios.reduce(([s, p], r) => [s + p * r, p * r] as const, [1, 1] as readonly [number, number])
    const first = Array.from({ length: 30 }, (_, i) => 2 / (i + 1)).reduce((a, b) => a * b, Math.exp(-2))
    expect(Math.abs(survival(poissonLaw(2))(30) / (first * sum) - 1)).toBeLessThan(1e-12)
    expect(survival(poissonLaw(1))(400)).toBe(0)
    expect(survival(poissonLaw(1000))(1)).toBe(1)
  })

  it('draws of every law are those of its sampler', () => {
    const key = fromSeed(4)
    expect(drawTerms(geometricLaw)(key)(9)).toEqual(geometric(0.25)(key)(9))
    expect(drawTerms(poissonLaw(3))(key)(9)).toEqual(poisson(3)(key)(9))
    expect(drawTerms(fixed)(key)(2)).toEqual(Float64Array.of(3, 3))
  })
})

describe('coefficients', () => {
  it('the share of the draws that reach a term, over the chance that one does', () => {
    expect(Array.from(rouletteCoefficients({ law: geometricLaw, exactTerms: 1 }, [1, 3]))).toEqual([1, 1, 2, 8])
    expect(Array.from(rouletteCoefficients({ law: fixed, exactTerms: 2 }, [3, 3]))).toEqual([1, 1, 1, 1, 1])
  })

  it('of no draw are refused', () => {
    expect(() => rouletteCoefficients({ law: fixed, exactTerms: 2 }, [])).toThrow('needs a draw of the number of terms')
  })
})

describe('the roulettes that are chosen', () => {
  it('rho from the contraction, two terms always', () => {
    expect(finiteVarianceRoulette(0.1)).toEqual({ law: { kind: 'geometric', rho: 0.5 }, exactTerms: 2 })
    expect(finiteVarianceRoulette(0.75).law).toEqual({ kind: 'geometric', rho: 0.5625 * (1 + 2 ** -20) })
    expect(finiteVarianceRoulette(1 - 2 ** -30).law).toEqual({ kind: 'geometric', rho: 1 - 2 ** -20 })
    expect(boundedRoulette(0)).toEqual({ law: { kind: 'geometric', rho: 0.5 }, exactTerms: 2 })
    expect(boundedRoulette(0.75).law).toEqual({ kind: 'geometric', rho: 0.875 })
  })

  it('what is proved, at the very border too', () => {
    expect([rouletteIsBounded(0.5, 0.5), rouletteIsBounded(0.5, 0.5000001)]).toEqual([false, true])
    expect([rouletteVarianceIsFinite(0.5, 0.25), rouletteVarianceIsFinite(0.5, 0.2499999)]).toEqual([true, false])
    const { bound, varianceIsFinite, reason } = guaranteeOf(boundedRoulette(0.5), 3, 0.5)
    expect([bound, varianceIsFinite, reason]).toEqual([rouletteBound(3, 0.5, 0.75), true, null])
    expect(rouletteBound(3, 0.5, 0.75)).toBeCloseTo(-0.75 * 3 * Math.log(1 / 3), 12)
    expect(guaranteeOf({ law: fixed, exactTerms: 0 }, 3, 0.5)).toEqual({
      bound: null,
      varianceIsFinite: true,
      reason: 'a series that is cut is biased'
    })
  })
})
