import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { density1d, density1dSpec } from '../../src/plot/density1d.js'
import { functionFit1d, functionFit1dSpec, supError } from '../../src/plot/functionFit1d.js'
import { bitsRange, learningCurve, learningCurveSpec } from '../../src/plot/learningCurve.js'
import { histogram } from '../../src/plot/numbers/histogram.js'
import { examine, sound, weyl } from './support/pictures.js'

const steps = Array.from({ length: 400 }, (_, i) => i + 1)
const run = {
  title: 'Checkerboard',
  training: { steps, bits: steps.map(i => 5.05 + 1000 / i ** 3) },
  validation: { steps: [100, 200, 300, 400], bits: [5.2, 5.1, NaN, 5.06] },
  entropy: 5
}

describe('learningCurve', () => {
  test('draws both courses, the entropy, and says what it cut off', async () => {
    const { svg, facts } = await examine(learningCurve({ ...run, minutes: 11.4 }))
    expect(facts).toEqual(sound)
    for (const text of [
      '>Checkerboard<',
      '>step<',
      '>bits<',
      '>entropy 5.00 bits<',
      '>validation<',
      '400 steps in 11 min',
      'are cut off'
    ])
      expect(svg).toContain(text)
  })

  test('an unknown entropy draws no line', async () => {
    const { svg, facts } = await examine(learningCurve({ ...run, entropy: null, unit: 'nats' }))
    expect(facts).toEqual(sound)
    expect(svg).not.toContain('entropy')
  })

  test('the range ignores a few huge first values and always holds the entropy', () => {
    const [low, high] = bitsRange([1e9, 700, ...Array.from({ length: 98 }, () => 5.1)], 5)
    expect(low).toBeLessThan(5)
    expect(high).toBeLessThan(6)
    expect(bitsRange([9, 7, 5], null)[1]).toBeGreaterThan(9)
    expect(bitsRange([3, 3, 3], 1e6)[1]).toBeGreaterThan(1e6)
  })

  test('what is not finite is a gap, and nothing finite is nothing to plot', () => {
    const dead = { steps: [1, 2], bits: [NaN, Infinity] }
    expect(E.isRight(learningCurveSpec({ ...run, training: dead }))).toBe(true)
    const nothing = { _tag: 'NothingToPlot', what: 'Checkerboard' }
    expect(learningCurveSpec({ ...run, training: dead, validation: { steps: [], bits: [] } })).toEqual(E.left(nothing))
    expect(E.isLeft(learningCurveSpec({ ...run, entropy: NaN }))).toBe(true)
    expect(() => learningCurveSpec({ ...run, training: { steps, bits: [1] } })).toThrow(/400 steps and 1 values/)
  })
})

const x = Array.from({ length: 101 }, (_, i) => -1 + i / 50)
const target = x.map(v => (v < 0 ? 0.1 * v : 10 * v))
const fits = [1, 2, 3].map(l => ({
  label: `ResFlow, ${l}`,
  values: x.map(v => (v < 0 ? 0.1 * v : Math.min(10, 2 ** l) * v))
}))

describe('functionFit1d', () => {
  test('puts sup errors in the legend and the errors below', async () => {
    const { svg, facts } = await examine(functionFit1d({ title: 'Slope', subtitle: '0.1 and 10', x, target, fits }))
    expect(facts).toEqual(sound)
    for (const text of [
      '>target<',
      '>|error|<',
      '>f(x)<',
      '>ResFlow, 1: sup error 8.0<',
      '>ResFlow, 3: sup error 2.0<'
    ])
      expect(svg).toContain(text)
  })

  test('the sup error of a function against itself is 0', () =>
    expect(supError(target, { label: '', values: target })).toBe(0))

  test('an infinite value is refused with its place', () => {
    const broken = { label: 'broken', values: x.map((v, i) => (i === 3 ? Infinity : v)) }
    const expected = { _tag: 'NotFinite', what: 'broken', index: 3, value: Infinity }
    expect(functionFit1dSpec({ title: '', x, target, fits: [broken] })).toEqual(E.left(expected))
    expect(E.isLeft(functionFit1dSpec({ title: '', x: [], target: [], fits: [] }))).toBe(true)
  })
})

describe('density1d', () => {
  const curve = { label: 'exact density', x, density: x.map(() => 0.5) }

  test('draws histogram, exact density and models', async () => {
    const samples = [{ label: 'data', values: weyl(500) }]
    const { svg, facts } = await examine(
      density1d({ title: 'Uniform', samples, exact: curve, models: [{ ...curve, label: 'ImpFlow' }] })
    )
    expect(facts).toEqual(sound)
    for (const text of ['>Uniform<', '>data<', '>exact density<', '>ImpFlow<', '>density<', '>x<'])
      expect(svg).toContain(text)
  })

  test('one repeated number and curves alone can be drawn; nothing cannot', async () => {
    const { facts } = await examine(density1d({ title: 'constant', samples: [{ label: 'c', values: [2, 2, 2] }] }))
    expect(facts).toEqual(sound)
    expect(E.isRight(density1dSpec({ title: 't', models: [curve] }))).toBe(true)
    expect(density1dSpec({ title: 't' })).toEqual(E.left({ _tag: 'NothingToPlot', what: 't' }))
    expect(density1dSpec({ title: 't', samples: [{ label: 's', values: [] }] })).toEqual(
      E.left({ _tag: 'NothingToPlot', what: 's' })
    )
  })

  test('a histogram over everything has area 1', () => {
    const { edges, density } = histogram([-1, 1], 13)(weyl(777))
    const area = density.reduce((sum, d, i) => sum + d * ((edges[i + 1] ?? 0) - (edges[i] ?? 0)), 0)
    expect(area).toBeCloseTo(1, 12)
  })
})
