import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { logScaledBesselI0 } from '../../src/data/numerics/besselI0.js'
import { bracketedRoot } from '../../src/data/numerics/bracketedRoot.js'
import { gaussLegendre } from '../../src/data/numerics/gaussLegendre.js'
import { logIntegral } from '../../src/data/numerics/logIntegral.js'
import { logSumExp } from '../../src/data/numerics/logSumExp.js'
import { erfc, logMixture, logNormal, logNormalInterval, scaledErfc } from '../../src/data/numerics/normalInterval.js'
import { pinwheelPreimages } from '../../src/data/toy/pinwheelPreimages.js'

const real = (min: number, max: number) => fc.double({ min, max, noNaN: true })
const relative = (a: number, b: number): number => Math.abs(a - b) / Math.abs(b)

describe('logSumExp', () => {
  it('is ln of the sum of exp where that can be computed, and shifts with its terms', () =>
    fc.assert(
      fc.property(fc.array(real(-5, 5), { minLength: 1 }), real(-1e5, 1e5), (terms, shift) => {
        const direct = Math.log(terms.reduce((sum, t) => sum + Math.exp(t), 0))
        expect(Math.abs(logSumExp(terms) - direct)).toBeLessThan(1e-13)
        expect(Math.abs(logSumExp(terms.map(t => t + shift)) - direct - shift)).toBeLessThan(1e-9)
      })
    ))

  it('knows its edges', () => {
    expect(logSumExp([])).toBe(Number.NEGATIVE_INFINITY)
    expect(logSumExp([Number.NEGATIVE_INFINITY, Number.NEGATIVE_INFINITY])).toBe(Number.NEGATIVE_INFINITY)
    expect(logSumExp([1, Number.POSITIVE_INFINITY])).toBe(Number.POSITIVE_INFINITY)
    expect(logSumExp([1, Number.NaN, 2])).toBeNaN()
    expect(logMixture([-7, -7, -7])).toBeCloseTo(-7, 14)
  })
})

describe('normal probabilities', () => {
  it.each([
    [0.1, 0.8964569799691267],
    [1, 0.427583576155807],
    [3, 0.17900115118138996],
    [6.28, 0.0887409187062267],
    [6.3, 0.08846589935285219],
    [10, 0.05614099274382259]
  ])('scaledErfc(%d) is right in its last digits (mpmath)', (x, expected) => {
    expect(relative(scaledErfc(x), expected)).toBeLessThan(2e-15)
  })

  it('erfc reflects', () => fc.assert(fc.property(real(-5, 5), x => Math.abs(erfc(x) + erfc(-x) - 2) < 1e-14)))

  it('intervals add up and mirror', () =>
    fc.assert(
      fc.property(real(-30, 30), real(0.1, 5), real(0.1, 5), (low, a, b) => {
        const parts = logSumExp([logNormalInterval(low, low + a), logNormalInterval(low + a, low + a + b)])
        const whole = logNormalInterval(low, low + a + b)
        expect(Math.abs(parts - whole)).toBeLessThan(1e-13 * (1 + Math.abs(whole)))
        expect(logNormalInterval(-low - a, -low)).toBeCloseTo(logNormalInterval(low, low + a), 10)
      })
    ))

  it('far intervals neither underflow nor lose digits', () => {
    // Phi(41) - Phi(40) from the asymptotic series of Mills' ratio.
    const mills = 1 - 1 / 1600 + 3 / 1600 ** 2 - 15 / 1600 ** 3 + 105 / 1600 ** 4
    expect(logNormalInterval(40, 41)).toBeCloseTo(logNormal(40) + Math.log(mills / 40), 10)
    expect(logNormalInterval(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY)).toBe(Number.NEGATIVE_INFINITY)
  })
})

describe('quadrature', () => {
  it('Gauss-Legendre with n nodes is exact for degree 2 n - 1', () => {
    for (const n of [2, 5, 16]) {
      const { nodes, weights } = gaussLegendre(n)
      for (let degree = 0; degree < 2 * n; degree++) {
        const integral = nodes.reduce((sum, x, i) => sum + (weights[i] as number) * x ** degree, 0)
        expect(Math.abs(integral - (degree % 2 === 0 ? 2 / (degree + 1) : 0))).toBeLessThan(1e-14)
      }
    }
  })

  it('logIntegral integrates a Gaussian peak of any height, width and place', () =>
    fc.assert(
      fc.property(real(-4, 6), real(-3, 0), real(-1e6, 1e6), (centre, logSigma, height) => {
        const sigma = 10 ** logSigma
        const log = (d: number): number => height - (d / sigma) ** 2 / 2
        const integral = logIntegral({
          from: 0,
          to: 2,
          width: 4 * sigma,
          log: t => log(t - centre),
          bound: (middle, half) => log(Math.max(0, Math.abs(middle - centre) - half))
        })
        const whole =
          logNormalInterval(-centre / sigma, (2 - centre) / sigma) + Math.log(sigma) + Math.log(2 * Math.PI) / 2
        expect(Math.abs(integral - height - whole)).toBeLessThan(1e-9 + 1e-13 * Math.abs(whole))
      })
    ))
})

describe('logScaledBesselI0', () => {
  it('is ln of the mean of exp(z (cos t - 1)) over the circle', () =>
    fc.assert(
      fc.property(fc.oneof(real(0, 60), real(24.9, 25.1)), z => {
        const terms = Array.from({ length: 128 }, (_, i) => z * (Math.cos((2 * Math.PI * i) / 128) - 1))
        expect(Math.abs(logScaledBesselI0(z) - logMixture(terms))).toBeLessThan(1e-13)
      })
    ))
})

describe('bracketedRoot', () => {
  it('finds the root of rising and falling functions to rounding', () =>
    fc.assert(
      fc.property(real(-20, 20), fc.constantFrom(1, -1), (root, sign) => {
        const f = (t: number): number => sign * (Math.atan(5 * (t - root)) + (t - root) ** 3)
        const slope = (t: number): number => sign * (5 / (1 + 25 * (t - root) ** 2) + 3 * (t - root) ** 2)
        expect(Math.abs(bracketedRoot(f, slope, -25, 30) - root)).toBeLessThan(1e-14)
      })
    ))
})

describe('pinwheelPreimages', () => {
  const h = (radius: number, angle: number) => (u: number) => Math.log(4 * u) - radius * Math.cos(angle + u)

  it('are roots, ascending, an odd number of them, and every change of sign on a fine grid is one', () =>
    fc.assert(
      fc.property(real(0, 5), real(-7, 7), (radius, angle) => {
        const roots = pinwheelPreimages(radius, angle)
        const f = h(radius, angle)
        for (const u of roots) expect(Math.abs(f(u))).toBeLessThan(1e-12 * (1 + radius * u + 1 / u))
        expect([...roots]).toEqual([...roots].sort((a, b) => a - b))
        expect(roots.length % 2).toBe(1)
        const grid = Array.from(
          { length: 4000 },
          (_, i) => Math.exp(-radius - 0.01 + ((2 * radius + 0.02) * i) / 3999) / 4
        )
        const changes = grid.filter((u, i) => i > 0 && f(u) >= 0 !== f(grid[i - 1] as number) >= 0).length
        expect(roots.length).toBeGreaterThanOrEqual(changes)
        expect((roots.length - changes) % 2).toBe(0)
      }),
      { numRuns: 60 }
    ))

  it('of the origin are one in each blade', () => {
    for (let k = 0; k < 5; k++) {
      const roots = pinwheelPreimages(0, (2 * Math.PI * k) / 5)
      expect(roots).toHaveLength(1)
      expect(roots[0]).toBeCloseTo(0.25, 14)
    }
  })
})
