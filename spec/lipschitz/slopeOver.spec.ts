import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Interval, interval, point } from '../../src/interpret/interval/interval.js'
import { provedSlope, slopeOver } from '../../src/lipschitz/provedSlope.js'
import { type ActivationName, activations } from '../../src/net/activations.js'
import { law } from '../support/law.js'

const names = Object.keys(activations) as readonly ActivationName[]

/** Slopes in float64, before `outer`: of the argument after `inner`, lipSwish with b = 1. */
const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t))
const slopeAt: Readonly<Record<ActivationName, (t: number) => number>> = {
  sine: Math.cos,
  lipSwish: t => (sigmoid(t) + t * sigmoid(t) * sigmoid(-t)) / 1.1,
  elu: t => Math.exp(Math.min(t, 0)),
  tanh: t => 1 / Math.cosh(t) ** 2,
  lipschitzCube: t => Math.min(Math.abs(t), 1) ** 2,
  softplus: sigmoid,
  identity: () => 1
}

const ends = fc.oneof(
  fc.double({ min: -30, max: 30, noNaN: true }),
  fc.constantFrom(0, 1, -1, Infinity, -Infinity, 0.5, -0.5, 2)
)

/** Intervals of every kind: bounded, half of the line, the line. */
const intervals = fc.tuple(ends, ends).map(([a, b]) => interval(Math.min(a, b), Math.max(a, b)))
const bounded = fc.tuple(fc.double({ min: -12, max: 12, noNaN: true }), fc.integer({ min: 0, max: 1000 }))

const clamped = (t: number, { lo, hi }: Interval): number => Math.min(Math.max(t, lo), hi)

describe.each(names)('slopes of %s', name => {
  law(
    'over an interval hold those at its points',
    [intervals, fc.double({ min: -30, max: 30, noNaN: true })],
    (over, t) => {
      const at = clamped(t, over)
      if (!Number.isFinite(at)) return true
      const { lo, hi } = slopeOver(name)(over)
      const slope = slopeAt[name](at)
      return lo - 1e-14 <= slope && slope <= hi + 1e-14
    }
  )

  law('over a narrow interval are within it of one another', [bounded], ([t, k]) => {
    const width = k / 1e6
    const { lo, hi } = slopeOver(name)(interval(t, t + width))
    // second derivatives are at most 2, and the enclosure may be a few times as wide as the range
    return hi - lo <= 6 * width + 1e-14
  })
})

describe('slopes over what has no bound', () => {
  it('of lipSwish are near their limits, 0 and 1 / 1.1', () => {
    const right = slopeOver('lipSwish')(interval(40, Infinity))
    expect([right.lo, right.hi].every(x => Math.abs(x - 1 / 1.1) < 1e-14)).toBe(true)
    const left = slopeOver('lipSwish')(interval(-Infinity, -40))
    expect(Math.max(Math.abs(left.lo), Math.abs(left.hi))).toBeLessThan(1e-14)
    const infinite = slopeOver('lipSwish')(point(Infinity))
    expect([infinite.lo, infinite.hi].every(x => Math.abs(x - 1 / 1.1) < 1e-14)).toBe(true)
  })

  it('of lipSwish over the line, in one piece, are within what sigma and u e^-u can be', () => {
    const whole = slopeOver('lipSwish')(interval(-Infinity, Infinity))
    expect(whole.lo).toBeGreaterThan(-0.5)
    expect(whole.hi).toBeLessThan(1.5)
  })

  it.each(names)('%s: the proved slope is within 2^-40 of one that is attained', name => {
    const grid = [-100, 100, ...Array.from({ length: 80_001 }, (_, i) => (i - 40_000) / 4000)]
    const attained = Math.max(...grid.map(t => Math.abs(slopeAt[name](t))))
    const gap = provedSlope(name) - attained
    // a maximum inside is missed by the grid by at most (1/8000)^2, half the second derivative times that
    expect(gap).toBeGreaterThan(-1e-14)
    expect(gap).toBeLessThan(name === 'lipSwish' ? 1e-8 : 2 ** -39)
  })
})
