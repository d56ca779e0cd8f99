import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { KnownDensity } from '../../src/data/density.js'
import { curves, toys } from '../../src/data/toy.js'
import { fromSeed } from '../../src/random/key.js'
import { anyKey } from '../random/arbitraries.js'
import { empiricalBernstein, mean, variance } from '../random/bounds.js'
import { rowOf } from './arbitraries.js'

type Golden = Readonly<
  Record<string, ReadonlyArray<{ readonly x: [number, number]; readonly logDensity: number | null }>>
>
const golden: Golden = JSON.parse(readFileSync(new URL('../support/vectors/toy_golden.json', import.meta.url), 'utf8'))
const named = (name: string): KnownDensity => toys.find(toy => toy.name === name) as KnownDensity
const quadrature = ['moons', 'swissroll', '2spirals']

/** E |x|^2 in closed form. */
// biome-ignore-start lint/suspicious/noApproximativeNumericConstant: the authors' 1.414, not the square root of 2
const secondMoments: Readonly<Record<string, number>> = {
  '8gaussians': (16 + 2 * 0.25) / 1.414 ** 2,
  circles: (9 + 2.25) / 2 + 2 * 0.24 ** 2,
  rings: (9 + 2.25 ** 2 + 2.25 + 0.5625) / 4 + 2 * 0.08 ** 2,
  moons: (3 + 2 - 1.6 / Math.PI + 0.04 + 3 + 0.64 - 6.4 / Math.PI + 2) / 2 + 2 * 0.04,
  swissroll: (9.75 * Math.PI ** 2 + 2) / 25,
  '2spirals': Math.PI ** 2 / 2 + (4 / (9 * Math.PI) + 2 / 3 - 8 / (27 * Math.PI ** 2)) / 6 + 2 / 108 + 2 * 0.01,
  pinwheel: 4 * (1 + 0.09 + 0.01),
  checkerboard: 32 / 3
}
// biome-ignore-end lint/suspicious/noApproximativeNumericConstant: see above

describe.each(toys.map(toy => [toy.name, toy] as const))('%s', (name, toy) => {
  it('has the log-density known at twenty points', () => {
    expect(golden[name]).toHaveLength(20)
    for (const { x, logDensity } of golden[name] ?? [])
      if (logDensity === null) expect(toy.logDensity(x)).toBe(Number.NEGATIVE_INFINITY)
      else expect(Math.abs(toy.logDensity(x) - logDensity)).toBeLessThan(2e-12)
  })

  it('has draws whose mean negative log-density is the entropy', () => {
    const n = quadrature.includes(name) ? 2000 : 20_000
    const points = toy.sample(fromSeed(11))(n)
    // Above 17 nats lies less than 1e-4 of the expectation: the noise's exponent is exponential with mean 1.
    const losses = Float64Array.from({ length: n }, (_, i) => Math.min(17, -toy.logDensity(rowOf(points, i))))
    expect(Math.min(...losses)).toBeGreaterThan(1)
    const bound = empiricalBernstein(16, variance(losses), n) + 1e-4 + toy.entropy.plusMinus
    expect(Math.abs(mean(losses) - toy.entropy.nats)).toBeLessThan(bound)
  })

  it('has draws with the second moment of the definition', () => {
    const n = 30_000
    const points = toy.sample(fromSeed(12))(n)
    const squares = Float64Array.from({ length: n }, (_, i) => {
      const [x, y] = rowOf(points, i) as unknown as [number, number]
      return Math.min(100, x * x + y * y)
    })
    const bound = empiricalBernstein(100, variance(squares), n)
    expect(Math.abs(mean(squares) - (secondMoments[name] as number))).toBeLessThan(bound)
  })

  it('is -Infinity, never NaN, infinitely far away, and NaN at NaN', () => {
    expect(toy.logDensity([Number.POSITIVE_INFINITY, 0])).toBe(Number.NEGATIVE_INFINITY)
    expect(toy.logDensity([-1e200, 1e200])).toBe(Number.NEGATIVE_INFINITY)
    expect(toy.logDensity([Number.NaN, 0])).toBeNaN()
  })
})

describe.each([...toys, ...curves].map(toy => [toy.name, toy] as const))('sampler of %s', (_, toy) => {
  it('gives finite points, the same for the same key; a longer run starts with the shorter', () =>
    fc.assert(
      fc.property(anyKey, fc.nat(40), fc.nat(40), (key, n, more) => {
        const short = toy.sample(key)(n)
        expect([short.rows, short.columns, short.values.length]).toEqual([n, 2, 2 * n])
        expect(short.values.every(Number.isFinite)).toBe(true)
        expect(
          toy
            .sample(key)(n + more)
            .values.slice(0, 2 * n)
        ).toEqual(short.values)
      }),
      { numRuns: 30 }
    ))
})

describe('curves', () => {
  it('lie on y = x and y = 2.5 sin x', () => {
    for (const [curve, f] of [
      [curves[0], (x: number) => x],
      [curves[1], (x: number) => 2.5 * Math.sin(x)]
    ] as const) {
      const points = curve?.sample(fromSeed(1))(100) ?? { rows: 0, columns: 2, values: new Float64Array() }
      for (let i = 0; i < 100; i++) expect(rowOf(points, i)[1]).toBe(f(rowOf(points, i)[0] as number))
    }
  })
})

describe('symmetries', () => {
  const point = fc.tuple(fc.double({ min: -6, max: 6, noNaN: true }), fc.double({ min: -6, max: 6, noNaN: true }))
  const turned = ([x, y]: readonly [number, number], angle: number): [number, number] => [
    x * Math.cos(angle) - y * Math.sin(angle),
    x * Math.sin(angle) + y * Math.cos(angle)
  ]
  it.each([
    ['circles', 1],
    ['rings', 1],
    ['8gaussians', Math.PI / 4],
    ['2spirals', Math.PI]
  ])('%s looks the same turned by %d', (name, angle) =>
    fc.assert(
      fc.property(point, p => {
        const [a, b] = [named(name).logDensity(p), named(name).logDensity(turned(p, angle))]
        expect(Math.abs(a - b)).toBeLessThan(1e-11 * (1 + Math.abs(a)))
      }),
      { numRuns: 50 }
    )
  )

  it('pinwheel looks the same turned by a fifth, in its body', () =>
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 3, noNaN: true }),
        fc.double({ min: 0, max: 6.3, noNaN: true }),
        (r, angle) => {
          const p = turned([r, 0], angle)
          const [a, b] = [named('pinwheel').logDensity(p), named('pinwheel').logDensity(turned(p, (2 * Math.PI) / 5))]
          expect(Math.abs(a - b)).toBeLessThan(1e-9)
        }
      )
    ))
})

describe('far away', () => {
  it.each([
    ['swissroll', [60, 80], -118331.11215835078],
    ['swissroll', [9.5, -12], -2104.4784254026476],
    ['swissroll', [0, 0.2], -18.621156814029526],
    ['swissroll beyond its end,', [-30, 6], -10327.396378561569],
    ['moons beyond an end,', [5, -20], -4601.964204798263],
    ['2spirals beyond an end,', [12, 1], -3823.318613307578],
    ['2spirals between arms,', [3.5, -3], -244.31479023174882]
  ] as const)('%s at %j agrees with quadrature in 25 digits and more (mpmath)', (name, p, expected) => {
    const toy = named(name.split(' ')[0] as string)
    expect(Math.abs(toy.logDensity(p) - expected)).toBeLessThan(1e-14 * Math.abs(expected))
  })

  it('pinwheel goes on as its mean over the angle', () => {
    const inside = named('pinwheel').logDensity([19.9, 0])
    const outside = named('pinwheel').logDensity([20.1, 0])
    expect(outside).toBeLessThan(inside + 5)
    expect(outside).toBeGreaterThan(inside - 15)
    expect(named('pinwheel').logDensity([1000, 0])).toBeGreaterThan(-1.5e6)
  })
})
