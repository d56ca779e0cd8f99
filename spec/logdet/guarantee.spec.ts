import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundedRoulette, finiteVarianceRoulette, guaranteeOf } from '../../src/logdet/guarantee.js'
import { law } from '../support/law.js'

const constants = fc.integer({ min: 0, max: 999 }).map(i => i / 1000)

describe('what is proved of a roulette', () => {
  law('a finite variance by the one that is chosen for it, a bound by the other', [constants], c => {
    const cheap = guaranteeOf(finiteVarianceRoulette(c), 3, c)
    const dear = guaranteeOf(boundedRoulette(c), 3, c)
    return cheap.varianceIsFinite && dear.varianceIsFinite && dear.bound !== null && dear.reason === null
  })

  it('nothing by the usual one half where c is large, with the numbers', () => {
    const { bound, varianceIsFinite, reason } = guaranteeOf(
      { law: { kind: 'geometric', rho: 0.5 }, exactTerms: 2 },
      3,
      0.9
    )
    expect([bound, varianceIsFinite]).toEqual([null, false])
    expect(reason).toBe('the variance can be infinite: rho 0.5 is below c^2 = 0.81')
    expect(guaranteeOf({ law: { kind: 'geometric', rho: 0.85 }, exactTerms: 2 }, 3, 0.9)).toEqual({
      bound: null,
      varianceIsFinite: true,
      reason: 'estimates have no bound: rho 0.85 is not above c = 0.9'
    })
  })

  it('nothing by the law of Poisson, and bias where the series is cut', () => {
    const poisson = guaranteeOf({ law: { kind: 'poisson', mean: 2 }, exactTerms: 10 }, 3, 0.1)
    expect([poisson.bound, poisson.varianceIsFinite, poisson.reason]).toEqual([
      null,
      false,
      "by Poisson's law the variance is infinite"
    ])
    expect(guaranteeOf({ law: { kind: 'fixed', count: 8 }, exactTerms: 0 }, 3, 0.1).reason).toMatch('biased')
  })
})
