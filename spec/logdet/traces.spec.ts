import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Smooth } from '../../src/lipschitz/contractive.js'
import { exact } from '../../src/logdet/exact.js'
import { hutchPlusPlus } from '../../src/logdet/hutchPlusPlus.js'
import { lanczos, lanczosBracket } from '../../src/logdet/lanczos.js'
import { controlledSeries, powerSeries, truncatedSeries } from '../../src/logdet/powerSeries.js'
import { drawProbes } from '../../src/logdet/probes.js'
import { fromSeed } from '../../src/random/key.js'
import { grad } from '../../src/rewrite/derivatives.js'
import { fromArray, fromNested, scalar } from '../../src/tensor/constructors.js'
import { constantOf } from '../../src/tensor/primitives/constant.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { eye } from '../../src/tensor/primitives/oneHot.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { constantOfNet, nets, points, smoothOf } from '../net/support/nets.js'
import { numbers } from '../solve/support/certificate.js'
import { law } from '../support/law.js'

const terms = 9
const ones = constantOf(1, [terms])

const netAndPoint = fc
  .integer({ min: 1, max: 4 })
  .chain(d => fc.tuple(nets(d, { constants: [0.1, 0.5, 0.9, 0.97] }), points(d, { wild: false }), fc.nat(2 ** 20)))

const narrow = fc
  .integer({ min: 2, max: 4 })
  .chain(d => fc.tuple(nets(d, { depth: 2, maxWidth: 1 }), points(d, { wild: false }), fc.nat(2 ** 20)))

const vectors = (seed: number, count: number, d: number) =>
  fromArray(drawProbes('gaussian')(fromSeed(seed))(count, d), [count, d])

const allSigns = (d: number) =>
  fromNested(
    Array.from({ length: 2 ** d }, (_, bits) => Array.from({ length: d }, (__, i) => ((bits >> i) & 1) * 2 - 1))
  )

/** Rounding: nine powers of a net of at most three layers of ten, sums of 16 probes; the sum is at most d ln(1 / (1 - c)). */
const rounding = (d: number): number => d * 2 ** -38

const scalars = (...outputs: readonly Tensor[]): readonly number[] => numbers(...outputs).map(v => v[0] as number)

describe('traces that are partly exact', () => {
  law(
    'Hutch++ is unbiased: whatever the sketch, over all sign vectors it is the trace',
    [netAndPoint],
    ([net, x, seed]) => {
      const [g, at, d] = [smoothOf(net), fromArray(x), x.length]
      const sketch = vectors(seed, 1 + (seed % 2), d)
      const [mean, truth] = scalars(
        hutchPlusPlus({ sketch, probes: allSigns(d), coefficients: ones })(g)(at),
        truncatedSeries(terms)(g)(at)
      ) as [number, number]
      return Math.abs(mean - truth) <= rounding(d)
    }
  )

  law(
    'Hutch++ is exact behind a layer of width one, with a sketch of one, whatever the probes',
    [narrow],
    ([net, x, seed]) => {
      const [g, at, d] = [smoothOf(net), fromArray(x), x.length]
      const noise = { sketch: vectors(seed, 1, d), probes: vectors(seed + 1, 2, d), coefficients: ones }
      const [found, truth] = scalars(hutchPlusPlus(noise)(g)(at), truncatedSeries(terms)(g)(at)) as [number, number]
      return Math.abs(found - truth) <= rounding(d)
    }
  )

  law('control variates are unbiased, and exact if all terms are', [netAndPoint], ([net, x, seed]) => {
    const [g, at, d] = [smoothOf(net), fromArray(x), x.length]
    const two = constantOf(1, [2])
    const [mean, truth, sure, both] = scalars(
      controlledSeries({ probes: allSigns(d), coefficients: ones }, 1)(g)(at),
      truncatedSeries(terms)(g)(at),
      controlledSeries({ probes: vectors(seed, 1, d), coefficients: two }, 2)(g)(at),
      truncatedSeries(2)(g)(at)
    ) as [number, number, number, number]
    return Math.abs(mean - truth) <= rounding(d) && Math.abs(sure - both) <= rounding(d)
  })

  it('a draw with one exact trace is that without, its first term replaced', () => {
    const g = linear([
      [0.25, 0.5],
      [-0.25, 0.125]
    ])
    const probes = fromNested([[1, 2]])
    const coefficients = fromArray([1, 3])
    // v'Jv = 0.25 + 0.5 * 2 - 0.25 * 2 + 0.125 * 4 = 1.25, tr J = 0.375; tr J^2 = 0.0625 - 0.25 + 0.015625
    const at = constantOf(0, [2])
    const [plain, one, two] = scalars(
      powerSeries({ probes, coefficients })(g)(at),
      controlledSeries({ probes, coefficients }, 1)(g)(at),
      controlledSeries({ probes, coefficients }, 2)(g)(at)
    ) as [number, number, number]
    expect(one - plain).toBe(0.375 - 1.25)
    expect(two).toBe(0.375 + (-3 / 2) * (0.0625 - 0.25 + 0.015625))
  })
})

/** x -> J x. */
const linear = (rows: readonly (readonly number[])[]): Smooth =>
  smoothOf({
    activation: 'identity',
    leading: false,
    widths: [rows.length, rows.length],
    weights: [rows.flat()],
    biases: [rows.map(() => 0)],
    betas: []
  })

describe('Lanczos quadrature', () => {
  /** Of the trapezoidal rule and its two ends, 1e-13 each; the corner's rounding is magnified by the condition of M. */
  const slack = (d: number, c: number): number => d * (1e-12 + (2 ** -46 * (1 + c) ** 2) / (1 - c) ** 2)

  law(
    'brackets ln |det(I + J)| by the probes sqrt(d) e_i, for any number of steps',
    [netAndPoint],
    ([net, x, seed]) => {
      const [g, at, d, contraction] = [smoothOf(net), fromArray(x), x.length, constantOfNet(net)]
      const options = { probes: mul(Math.sqrt(d), eye(d)), steps: 1 + (seed % 3), contraction }
      const [low, high, truth, middle] = scalars(
        ...lanczosBracket(options)(g)(at),
        exact(g)(at),
        lanczos(options)(g)(at)
      ) as [number, number, number, number]
      const off = slack(d, contraction)
      return low - off <= truth && truth <= high + off && Math.abs(middle - (low + high) / 2) <= off
    }
  )

  law('is exact after as many steps as there are dimensions', [netAndPoint], ([net, x]) => {
    const [g, at, d, contraction] = [smoothOf(net), fromArray(x), x.length, constantOfNet(net)]
    const [low, high, truth] = scalars(
      ...lanczosBracket({ probes: mul(Math.sqrt(d), eye(d)), steps: d, contraction })(g)(at),
      exact(g)(at)
    ) as [number, number, number]
    const off = slack(d, contraction)
    return Math.abs(low - truth) <= off && Math.abs(high - truth) <= off
  })

  it('draws near as c^(2 steps)', () => {
    const d = 12
    const rows = Array.from({ length: d }, (_, i) =>
      Array.from({ length: d }, (__, j) => (i === j ? 0.8 * Math.cos((Math.PI * i) / (d - 1)) : 0))
    )
    const widths = [1, 2, 4, 6].map(steps => {
      const [low, high] = scalars(
        ...lanczosBracket({ probes: constantOf(1, [1, d]), steps, contraction: 0.8 })(linear(rows))(constantOf(0, [d]))
      ) as [number, number]
      return high - low
    })
    // the bound of a polynomial's distance from ln on the spectrum, Bernstein's: 4 |ln| rho^(-2 k) / (rho - 1), rho = 1 / c
    widths.forEach((width, i) => {
      expect(width).toBeGreaterThan(0)
      expect(width).toBeLessThan(2 * d * 4 * Math.log(25) * 0.8 ** (2 * ([1, 2, 4, 6][i] as number)))
    })
    expect((widths[3] as number) / (widths[0] as number)).toBeLessThan(0.8 ** 10)
  })

  it('has no derivative', () => {
    const at = fromArray([0.3, -0.2])
    const g = linear([
      [0.25, 0.5],
      [-0.25, 0.125]
    ])
    const value = lanczos({ probes: eye(2), steps: 2, contraction: 0.7 })(g)
    const [slope] = numbers(grad((t: Tensor) => value(mul(t, at)))(scalar(1)))
    expect(Array.from(slope as Float64Array)).toEqual([0])
  })
})
