import { describe, expect, it } from 'vitest'
import { tabulars } from '../../src/data/tabular.js'
import { fromSeed } from '../../src/random/key.js'
import { empiricalBernstein, mean, variance } from '../random/bounds.js'
import { rowOf } from './arbitraries.js'

const n = 20_000
const clip =
  (low: number, high: number) =>
  (v: number): number =>
    Math.max(low, Math.min(high, v))

/** Covariance trace plus squared mean: E |x|^2 in closed form. */
const secondMoments: Readonly<Record<string, number>> = {
  // Of a segment: (|p|^2 + p.q + |q|^2) / 3 + 21; the triangles have |h|^2 = 146 and products 80, 80 and 10.
  waveform: (6 * 146 + 80 + 80 + 10) / 9 + 21,
  twonorm: 20 + 4,
  ringnorm: (80 + 20 + 1) / 2
}

describe.each(tabulars.map(density => [density.name, density] as const))('%s', (name, density) => {
  const points = density.sample(fromSeed(21))(n)

  it('has draws whose mean log-density is the optimum, above what a Gaussian scores', () => {
    const logs = Float64Array.from({ length: n }, (_, i) => clip(-90, 0)(density.logDensity(rowOf(points, i))))
    const bound = empiricalBernstein(90, variance(logs), n) + density.optimum.plusMinus
    expect(Math.abs(mean(logs) - density.optimum.nats)).toBeLessThan(bound)
    expect(density.entropy.nats).toBe(-density.optimum.nats)
    expect(density.gaussianScore).toBeLessThan(density.optimum.nats)
  })

  it('has draws with the second moment of the definition', () => {
    const squares = Float64Array.from({ length: n }, (_, i) =>
      clip(0, 400)(rowOf(points, i).reduce((sum, v) => sum + v * v, 0))
    )
    const bound = empiricalBernstein(400, variance(squares), n)
    expect(Math.abs(mean(squares) - (secondMoments[name] as number))).toBeLessThan(bound)
  })
})

describe('twonorm and ringnorm', () => {
  it('have the density of their definition at the origin', () => {
    const origin = new Float64Array(20)
    const constant = 10 * Math.log(2 * Math.PI)
    expect(tabulars[1]?.logDensity(origin)).toBeCloseTo(-2 - constant, 12)
    expect(tabulars[2]?.logDensity(origin)).toBeCloseTo(Math.log((2 ** -20 + Math.exp(-0.5)) / 2) - constant, 12)
  })
})

describe('waveform', () => {
  it('is the mean over u of a Gaussian around the segment, by the trapezium rule', () => {
    const waveform = tabulars[0]
    const triangle = (k: number) => Array.from({ length: 21 }, (_, i) => Math.max(6 - Math.abs(i + 1 - k), 0))
    const [a, b, c] = [triangle(11), triangle(15), triangle(7)] as const
    const x = Float64Array.from({ length: 21 }, (_, i) => Math.sin(i) + 1)
    let density = 0
    const steps = 4000
    for (const [p, q] of [
      [a, b],
      [a, c],
      [b, c]
    ] as const)
      for (let s = 0; s < steps; s++) {
        const u = (s + 0.5) / steps
        const square = x.reduce((sum, v, i) => sum + (v - u * (p[i] as number) - (1 - u) * (q[i] as number)) ** 2, 0)
        density += Math.exp(-square / 2) / (3 * steps)
      }
    const expected = Math.log(density) - 10.5 * Math.log(2 * Math.PI)
    expect(waveform?.logDensity(x)).toBeCloseTo(expected, 5)
  })
})
