import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bits } from '../../src/random/bits.js'
import { geometric } from '../../src/random/geometric.js'
import { integer } from '../../src/random/integer.js'
import { fromSeed, type Key } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'
import { permutation } from '../../src/random/permutation.js'
import { poisson } from '../../src/random/poisson.js'
import { poissonLogMass } from '../../src/random/poissonLogMass.js'
import { rademacher } from '../../src/random/rademacher.js'
import { toUnit, uniform } from '../../src/random/uniform.js'
import { factor } from '../support/law.js'
import { anyKey } from './arbitraries.js'
import { hoeffding, mean, share } from './bounds.js'

type Sampler = (key: Key) => (count: number) => ArrayLike<number>
const samplers: Readonly<Record<string, Sampler>> = {
  bits,
  uniform,
  normal,
  rademacher,
  'geometric 0': geometric(0),
  'geometric 0.8': geometric(0.8),
  'poisson 0': poisson(0),
  'poisson 3': poisson(3),
  'poisson 40': poisson(40),
  'integer 6': integer(6),
  'integer 2^32': integer(2 ** 32)
}

describe.each(Object.entries(samplers))('%s', (_, sampler) => {
  it('is a function of key and count; a longer run starts with the shorter', () =>
    fc.assert(
      fc.property(anyKey, fc.nat(90), fc.nat(90), (key, n, more) => {
        const short = Array.from(sampler(key)(n))
        expect(Array.from(sampler(key)(n))).toEqual(short)
        expect(Array.from(sampler(key)(n + more)).slice(0, short.length)).toEqual(short)
      })
    ))
})

/** Draws of a check, ten times as many in `npm run test:long`: the bounds follow, at the same error rate. */
const n = Math.ceil(40_000 * Math.max(1, factor))
const near = (a: number, b: number, bound: number): void => expect(Math.abs(a - b)).toBeLessThan(bound)

describe('uniform', () => {
  it('stays inside of (0, 1), also as float32, for every block', () => {
    const word = fc.oneof(fc.constantFrom(0, 1, 0xfff, 0xfffffffe, 0xffffffff), fc.integer({ min: 0, max: 0xffffffff }))
    fc.assert(
      fc.property(word, word, (high, low) => {
        const u = toUnit(high, low)
        expect(Math.fround(u) > 0 && Math.fround(u) < 1 && u > 0 && u < 1).toBe(true)
        near(u, high / 2 ** 32, 2 ** -24)
      })
    )
  })

  it('has the distribution function of the uniform and uncorrelated neighbours', () => {
    const draws = uniform(fromSeed(1))(n)
    for (const x of [0.001, 0.1, 0.25, 0.5, 0.75, 0.999])
      near(
        share(draws, u => u <= x),
        x,
        hoeffding(1, n)
      )
    near(mean(draws.slice(1).map((u, i) => (u - 0.5) * ((draws[i] as number) - 0.5))), 0, 2 * hoeffding(0.5, n))
  })
})

describe('normal', () => {
  it('has the moments and quantiles of a standard normal', () => {
    const draws = normal(fromSeed(2))(n)
    const clipped = draws.map(z => Math.max(-8, Math.min(8, z)))
    const sigmas = [0.6826894921370859, 0.9544997361036416, 0.9973002039367398]
    for (const [i, p] of sigmas.entries())
      near(
        share(draws, z => Math.abs(z) < i + 1),
        p,
        hoeffding(1, n)
      )
    near(
      share(draws, z => z < 0),
      0.5,
      hoeffding(1, n)
    )
    near(mean(clipped.map(Math.sin)), 0, hoeffding(2, n))
    near(mean(clipped.map(Math.cos)), Math.exp(-0.5), hoeffding(2, n))
    near(mean(clipped.map(z => Math.cos(2 * z))), Math.exp(-2), hoeffding(2, n))
  })

  it('has independent pairs', () => {
    const draws = normal(fromSeed(3))(2 * n)
    const sums = Float64Array.from({ length: n }, (_, i) =>
      Math.cos((draws[2 * i] as number) + (draws[2 * i + 1] as number))
    )
    near(mean(sums), Math.exp(-1), hoeffding(2, n))
  })
})

describe('rademacher', () => {
  it('is -1 or 1, fair, and uncorrelated', () => {
    const draws = rademacher(fromSeed(4))(n)
    expect(new Set(draws)).toEqual(new Set([-1, 1]))
    near(mean(draws), 0, hoeffding(2, n))
    near(mean(draws.slice(1).map((s, i) => s * (draws[i] as number))), 0, 2 * hoeffding(2, n / 2))
  })
})

describe('geometric', () => {
  it.each([0, 0.3, 0.8, 0.97])('has P(N >= k) = rho^(k - 1), rho = %d', rho => {
    const draws = geometric(rho)(fromSeed(5))(n)
    expect(draws.every(k => Number.isInteger(k) && k >= 1)).toBe(true)
    for (const k of [1, 2, 3, 5, 10, 30])
      near(
        share(draws, N => N >= k),
        rho ** (k - 1),
        hoeffding(1, n)
      )
  })

  it('refuses a rho outside of [0, 1)', () => {
    for (const rho of [-0.1, 1, Number.NaN]) expect(() => geometric(rho)).toThrow(/0 <= rho < 1/)
  })
})

describe('poisson', () => {
  it.each([0.5, 3, 9.99, 10, 40, 1000])('has the distribution function of mean %d', lambda => {
    const draws = poisson(lambda)(fromSeed(6))(n)
    const logMass = poissonLogMass(lambda)
    const top = Math.ceil(lambda + 12 * Math.sqrt(lambda) + 20)
    let below = 0
    for (let k = 0; k <= top; k++) {
      below += Math.exp(logMass(k))
      if (k % Math.ceil(Math.sqrt(lambda) / 2) === 0)
        near(
          share(draws, N => N <= k),
          below,
          hoeffding(1, n)
        )
    }
    near(below, 1, 1e-12)
    expect(draws.every(k => Number.isInteger(k) && k >= 0)).toBe(true)
  })

  it('is not slow and not off at a mean of 1e12', () => {
    const draws = poisson(1e12)(fromSeed(7))(n)
    near(
      share(draws, N => N <= 1e12),
      0.5,
      hoeffding(1, n)
    )
    near(
      share(draws, N => Math.abs(N - 1e12) <= 1e6),
      0.6826894921370859,
      hoeffding(1, n)
    )
  })

  it('refuses a mean it cannot do', () => {
    for (const lambda of [-1, Number.NaN, 2 ** 51]) expect(() => poisson(lambda)).toThrow(/mean from 0 to 2\^50/)
  })
})

describe('integer', () => {
  it('hits every value of [0, bound) equally often', () => {
    const draws = integer(6)(fromSeed(8))(n)
    for (let k = 0; k < 6; k++)
      near(
        share(draws, d => d === k),
        1 / 6,
        hoeffding(1, n)
      )
  })

  it('is not biased towards small values: a remainder would give 2/3 below half', () => {
    const bound = 3 * 2 ** 30
    near(
      share(integer(bound)(fromSeed(9))(n), d => d < bound / 2),
      0.5,
      hoeffding(1, n)
    )
  })

  it('refuses other bounds', () => {
    for (const bound of [0, 1.5, 2 ** 33, Number.NaN]) expect(() => integer(bound)).toThrow(/whole bound/)
  })
})

describe('permutation', () => {
  it('is a bijection', () =>
    fc.assert(
      fc.property(anyKey, fc.nat(300), (key, size) => {
        expect([...permutation(key)(size)].sort((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i))
      })
    ))

  it('takes every order equally often', () => {
    const runs = 24_000
    const seen = Array.from({ length: runs }, (_, seed) => permutation(fromSeed(seed))(4).join(''))
    const orders = new Set(seen)
    expect(orders.size).toBe(24)
    for (const order of orders) near(seen.filter(s => s === order).length / runs, 1 / 24, hoeffding(1, runs))
  })
})
