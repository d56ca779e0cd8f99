import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inducedIteration, inducedNorm, inducedNormalized, type NormPair } from '../../src/lipschitz/inducedNorm.js'
import {
  estimatedNorm,
  powerIteration,
  powerIterations,
  spectrallyNormalized,
  type Vectors
} from '../../src/lipschitz/spectralNorm.js'
import { grad } from '../../src/rewrite/derivatives.js'
import { fromArray, fromNested } from '../../src/tensor/constructors.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { numbers, valuesOf } from '../solve/support/certificate.js'
import { law } from '../support/law.js'

interface PowerCase {
  readonly name: string
  readonly layer: 'InducedNormLinear'
  readonly domain: number
  readonly codomain: number
  readonly coeff: number
  readonly n_iterations: number
  readonly W_raw: readonly (readonly number[])[]
  readonly W_eff: readonly (readonly number[])[]
  readonly u_before: readonly number[]
  readonly v_before: readonly number[]
  readonly u_after: readonly number[]
  readonly v_after: readonly number[]
  readonly sigma: number
  readonly C: readonly (readonly number[])[]
  readonly dCW_dWraw: readonly (readonly number[])[]
}
interface ClosedCase extends Pick<PowerCase, 'name' | 'coeff' | 'W_raw' | 'W_eff'> {
  readonly layer: 'LopLinear'
  readonly domain: string
  readonly codomain: string
}

const { cases } = JSON.parse(readFileSync(new URL('../support/vectors/specnorm.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly (PowerCase | ClosedCase)[]
}
const powerCases = cases.filter((one): one is PowerCase => one.layer === 'InducedNormLinear')
const closedCases = cases.filter((one): one is ClosedCase => one.layer === 'LopLinear')

/** The largest difference, in units of the largest magnitude. */
const apart = (found: ArrayLike<number>, expected: readonly number[]): number =>
  Math.max(...Array.from(found).map((x, i) => Math.abs(x - (expected[i] as number)))) /
  Math.max(1e-300, ...expected.map(Math.abs))

const iterated = (weight: Tensor, start: Vectors, pair: NormPair, count: number): Vectors =>
  Array.from({ length: count }).reduce<Vectors>(now => inducedIteration(weight, pair)(now), start)

describe("the authors' power method", () => {
  it.each(powerCases.map(one => [one.name, one] as const))('%s: vectors, norm, weights and gradient', (_, one) => {
    const weight = fromNested(one.W_raw as number[][])
    const start = { u: fromArray(one.u_before), v: fromArray(one.v_before) }
    const end = iterated(weight, start, one, one.n_iterations)
    const held = { u: fromArray(Array.from(valuesOf(end.u))), v: fromArray(Array.from(valuesOf(end.v))) }
    expect(apart(valuesOf(end.u), one.u_after)).toBeLessThan(1e-12)
    expect(apart(valuesOf(end.v), one.v_after)).toBeLessThan(1e-12)
    expect(apart(valuesOf(estimatedNorm(weight, held)), [one.sigma])).toBeLessThan(1e-12)
    expect(apart(valuesOf(spectrallyNormalized(weight, held, one.coeff)), one.W_eff.flat())).toBeLessThan(1e-12)
    const slope = grad((w: Tensor) =>
      sum(mul(fromNested(one.C as number[][]), spectrallyNormalized(w, held, one.coeff)))
    )
    expect(apart(valuesOf(slope(weight) as Tensor), one.dCW_dWraw.flat())).toBeLessThan(1e-11)
  })
})

const norm = (name: string): number => (name === 'inf' ? Infinity : Number(name))

describe('closed forms', () => {
  it.each(closedCases.map(one => [one.name, one] as const))('%s, with the absolute value', (_, one) => {
    const pair = { domain: norm(one.domain), codomain: norm(one.codomain) }
    const found = inducedNormalized(fromNested(one.W_raw as number[][]), pair, one.coeff)
    const expected = one.W_eff.flat()
    const signed = one.domain === '1' && one.codomain === 'inf'
    if (!signed) expect(apart(valuesOf(found), expected)).toBeLessThan(1e-14)
    else expect(valuesOf(inducedNorm(found, pair))[0]).toBeLessThanOrEqual(one.coeff * (1 + 1e-15))
  })

  const pairs: readonly NormPair[] = [
    { domain: 1, codomain: 1 },
    { domain: 1, codomain: 2 },
    { domain: 1, codomain: Infinity },
    { domain: 2, codomain: Infinity },
    { domain: Infinity, codomain: Infinity }
  ]
  const size = (x: readonly number[], p: number): number =>
    p === Infinity ? Math.max(...x.map(Math.abs)) : x.reduce((sum, e) => sum + Math.abs(e) ** p, 0) ** (1 / p)
  const entry = fc.integer({ min: -50, max: 50 })
  const matrices = fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 })).chain(([m, n]) =>
    fc.record({
      rows: fc.array(fc.array(entry, { minLength: n, maxLength: n }), { minLength: m, maxLength: m }),
      x: fc.array(entry, { minLength: n, maxLength: n }).filter(x => x.some(e => e !== 0))
    })
  )
  for (const pair of pairs)
    law(
      `(${pair.domain},${pair.codomain}): no vector is stretched more, one is stretched as much`,
      [matrices],
      ({ rows, x }) => {
        const bound = valuesOf(inducedNorm(fromNested(rows), pair))[0] as number
        const stretch = (v: readonly number[]): number =>
          size(
            rows.map(row => row.reduce((sum, w, j) => sum + w * (v[j] as number), 0)),
            pair.codomain
          ) / size(v, pair.domain)
        const n = x.length
        const units = Array.from({ length: n }, (_, j) => Array.from({ length: n }, (__, k) => (j === k ? 1 : 0)))
        const aligned = rows.map(row => (pair.domain === 2 ? row : row.map(w => (w < 0 ? -1 : 1))))
        const attained = Math.max(...[...units, ...aligned.filter(v => v.some(e => e !== 0))].map(stretch))
        return stretch(x) <= bound * (1 + 1e-12) && Math.abs(attained - bound) <= 1e-12 * Math.max(1, bound)
      }
    )

  it('refuses a pair without one, and a power method without unique dual vectors', () => {
    const weight = fromNested([[1, 2]])
    expect(() => inducedNorm(weight, { domain: 2, codomain: 1 })).toThrow(
      '(2,1) has no closed form here: one of 1,1; 1,2;'
    )
    expect(() => inducedIteration(weight, { domain: 1, codomain: 2 })).toThrow('needs a domain above 1')
    expect(() => inducedIteration(weight, { domain: 2, codomain: Infinity })).toThrow('needs a domain above 1')
  })
})

describe('power iteration to its end', () => {
  const weight = fromNested([
    [3, 1, 0],
    [-1, 2, 0.5]
  ])
  const start = { u: fromArray([1, 0]), v: fromArray([0.6, 0, 0.8]) }
  const ended = (until: Parameters<typeof powerIterations>[2]) => {
    const { u, v, steps } = powerIterations(weight, start, until)
    return numbers(u, v, steps, estimatedNorm(weight, { u, v })) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array
    ]
  }

  it('takes the steps asked for, each one of powerIteration', () => {
    const [u, v, steps] = ended({ iterations: 7 })
    const by = Array.from({ length: 7 }).reduce<Vectors>(now => powerIteration(weight)(now), start)
    expect(steps[0]).toBe(7)
    expect([u, v]).toEqual(numbers(by.u, by.v))
  })

  it('ends at an absolute or a relative tolerance: the tighter, the later and the nearer to the norm', () => {
    const exact = ended({ iterations: 300 })[3][0] as number
    for (const kind of ['absolute', 'relative'] as const) {
      const told = [1e-2, 1e-4, 1e-8].map(tolerance => {
        const [, , steps, sigma] = ended({
          iterations: 300,
          tolerance: { absolute: 0, relative: 0, [kind]: tolerance }
        })
        return { steps: steps[0] as number, off: exact - (sigma[0] as number) }
      })
      const [loose, middle, tight] = told as [(typeof told)[0], (typeof told)[0], (typeof told)[0]]
      expect(loose.steps).toBeLessThan(middle.steps)
      expect(middle.steps).toBeLessThan(tight.steps)
      expect(tight.steps).toBeLessThan(300)
      expect(tight.off).toBeLessThan(1e-12)
      expect(loose.off).toBeGreaterThanOrEqual(middle.off)
    }
    expect(ended({ iterations: 300, tolerance: { absolute: 0, relative: 0 } })[2][0]).toBeGreaterThan(50)
    expect(ended({ iterations: 2, tolerance: { absolute: 1e-8, relative: 0 } })[2][0]).toBe(2)
  })
})
