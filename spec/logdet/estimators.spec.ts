import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { contractiveMlp } from '../../src/lipschitz/contractive.js'
import type { LogDet } from '../../src/logdet/exact.js'
import { exact } from '../../src/logdet/exact.js'
import { neumannSeries, powerSeries, type SeriesNoise, truncatedSeries } from '../../src/logdet/powerSeries.js'
import { rouletteCoefficients, type TermLaw } from '../../src/logdet/terms.js'
import { type ActivationName, activations } from '../../src/net/activations.js'
import type { MlpParameters } from '../../src/net/mlp.js'
import { grad } from '../../src/rewrite/derivatives.js'
import { vectorizeOver } from '../../src/rewrite/vectorize.js'
import { fromArray, fromNested, scalar } from '../../src/tensor/constructors.js'
import { reshape } from '../../src/tensor/primitives/reshape.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { numbers, valuesOf } from '../solve/support/certificate.js'

type Rows = readonly (readonly number[])[]
type Layers = readonly { readonly W: Rows; readonly b: readonly number[] }[]
interface Gradient {
  readonly g: { readonly layers: Layers; readonly beta: readonly number[] }
  readonly x: Rows
}
interface Estimator {
  readonly dist: 'geometric' | 'poisson' | 'fixed'
  readonly param: number
  readonly n_exact_terms: number
  readonly draws: readonly number[]
  readonly coeffs: readonly number[]
  readonly basic_value: readonly number[]
  readonly basic_grad_sum: Gradient
  readonly neumann_surrogate_value: readonly number[]
  readonly neumann_grad_sum: Gradient
}
interface Known {
  readonly name: string
  readonly d: number
  readonly activation: string
  readonly g: { readonly layers: Layers; readonly beta: readonly number[]; readonly preact: boolean }
  readonly x: Rows
  readonly vareps: Rows
  readonly exact_logdet: readonly number[]
  readonly truncated_exact_trace_partial_sums: Rows
  readonly estimators: readonly Estimator[]
}

const { cases } = JSON.parse(readFileSync(new URL('../support/vectors/estimators.json', import.meta.url), 'utf8')) as {
  readonly cases: readonly Known[]
}

const names: Readonly<Record<string, ActivationName>> = { sin: 'sine', swish: 'lipSwish', tanh: 'tanh' }

const lawOf = ({ dist, param, draws }: Estimator): TermLaw =>
  dist === 'geometric'
    ? { kind: 'geometric', rho: 1 - param }
    : dist === 'poisson'
      ? { kind: 'poisson', mean: param }
      : { kind: 'fixed', count: draws[0] ?? 0 }

const parametersOf = ({ g }: Known): MlpParameters => ({
  layers: g.layers.map(({ W, b }) => ({ weight: fromNested(W), bias: fromArray(b) })),
  betas: g.beta.map(scalar)
})

const smooth = ({ activation, g }: Known, parameters: MlpParameters) =>
  contractiveMlp({ activation: activations[names[activation] ?? 'sine'], leading: g.preact }).net({
    ...parameters,
    norms: [scalar(0.9)]
  })

/** An estimate of every row, by the draws of the file. */
const rows = (known: Known, noisy: (probes: Tensor) => LogDet, parameters: MlpParameters, x: Tensor): Tensor =>
  vectorizeOver(
    (at, v) => [noisy(reshape(v as Tensor, [1, known.d]))(smooth(known, parameters))(at as Tensor)],
    [x, fromNested(known.vareps)],
    [true, true],
    known.x.length,
    'first'
  )[0] as Tensor

/** The same with powers taken from the Jacobian. */
const fromJacobian =
  (noise: SeriesNoise): LogDet =>
  g =>
  at =>
    neumannSeries(noise)(g)(at, g.tangents(at)[1])

const apart = (found: ArrayLike<number>, truth: readonly number[]): number => {
  const size = Math.max(1e-300, ...truth.map(Math.abs))
  return Math.max(...truth.map((t, i) => Math.abs(t - (found[i] as number)))) / size
}

const gradients = (
  known: Known,
  estimator: (noise: SeriesNoise) => LogDet,
  coefficients: Tensor
): readonly Float64Array[] => {
  const loss = (p: { readonly net: MlpParameters; readonly x: Tensor }): Tensor =>
    sum(rows(known, probes => estimator({ probes, coefficients }), p.net, p.x))
  const { net, x } = grad(loss)({ net: parametersOf(known), x: fromNested(known.x) })
  return numbers(...net.layers.flatMap(({ weight, bias }) => [weight, bias]), ...net.betas, x)
}

const truthsOf = ({ g: { layers, beta }, x }: Gradient): readonly (readonly number[])[] => [
  ...layers.flatMap(({ W, b }) => [W.flat(), b]),
  ...beta.map(b => [b]),
  x.flat()
]

describe.each(cases.map(known => [known.name, known] as const))('%s', (_, known) => {
  const x = fromNested(known.x)

  it('the exact log-determinant and its truncations with exact traces', () => {
    const value = (logDet: LogDet) => valuesOf(rows(known, () => logDet, parametersOf(known), x))
    expect(apart(value(exact), known.exact_logdet)).toBeLessThan(1e-9)
    for (const n of [1, 2, 5, 12])
      expect(
        apart(
          value(truncatedSeries(n)),
          known.x.map((__, i) => partialSum(known, n, i))
        )
      ).toBeLessThan(1e-9)
  })

  it.each(known.estimators.map((one, i) => [`${i} ${one.dist} ${one.n_exact_terms}`, one] as const))(
    'values and gradients with the draws of %s',
    (__, one) => {
      const drawn = rouletteCoefficients({ law: lawOf(one), exactTerms: one.n_exact_terms }, one.draws)
      expect(apart(drawn, one.coeffs)).toBeLessThan(1e-14)
      const coefficients = fromArray(drawn)
      const value = (estimator: (noise: SeriesNoise) => LogDet) =>
        valuesOf(rows(known, probes => estimator({ probes, coefficients }), parametersOf(known), x))
      expect(apart(value(powerSeries), one.basic_value)).toBeLessThan(1e-9)
      expect(apart(value(neumannSeries), one.basic_value)).toBeLessThan(1e-9)
      expect(apart(value(fromJacobian), one.basic_value)).toBeLessThan(1e-9)
      for (const [estimator, truth] of [
        [powerSeries, one.basic_grad_sum],
        [neumannSeries, one.neumann_grad_sum],
        [fromJacobian, one.neumann_grad_sum]
      ] as const) {
        const found = gradients(known, estimator, coefficients)
        truthsOf(truth).forEach((part, i) => {
          expect(apart(found[i] as Float64Array, part)).toBeLessThan(1e-9)
        })
      }
    }
  )
})

/** The sum of the first n terms at point i. */
const partialSum = (known: Known, n: number, i: number): number =>
  (known.truncated_exact_trace_partial_sums[n - 1] as readonly number[])[i] as number
