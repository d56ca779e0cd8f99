import { vectorizeOver } from '../rewrite/vectorize.js'
import { dot, times } from '../solve/vectors.js'
import { add } from '../tensor/primitives/add.js'
import { stack } from '../tensor/primitives/concat.js'
import { constantOf, constantOwning } from '../tensor/primitives/constant.js'
import { div } from '../tensor/primitives/div.js'
import { mul } from '../tensor/primitives/mul.js'
import { eye } from '../tensor/primitives/oneHot.js'
import { permute } from '../tensor/primitives/permute.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { slice } from '../tensor/primitives/slice.js'
import { stopGradient } from '../tensor/primitives/stopGradient.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'
import type { LogDet } from './exact.js'
import { type Along, held, powerSums, pullbackAt, rowAt } from './powers.js'

/** What an estimate of ln det(I + J) is made with; inputs of a program, so that it is compiled once for all draws. */
export interface SeriesNoise {
  /** Probes v with E[v v'] = I, [m d]; their estimates are averaged. */
  readonly probes: Tensor
  /** c_1 to c_n of the terms, [n]; zeros at the end change nothing. `rouletteCoefficients` draws them. */
  readonly coefficients: Tensor
}

/** The mean over the probes of what one gives. */
const mean = (probes: Tensor, ofProbe: (v: Tensor) => Tensor): Tensor => {
  const [count, d] = probes.shape as readonly [number, number]
  if (count === 1) return ofProbe(reshape(probes, [d]))
  const [all] = vectorizeOver(v => [ofProbe(v as Tensor)], [probes], [true], count, 'first') as [Tensor]
  return div(sum(all), count)
}

/** A factor of each of the terms 1 to n. */
const fromTerms = (n: number, weight: (k: number) => number): Tensor =>
  constantOwning(
    Float64Array.from({ length: n }, (_, i) => weight(i + 1)),
    [n]
  )

/** (-1)^(k+1) c_k / k: what powers of J have as factors. */
export const seriesWeights = (coefficients: Tensor): Tensor =>
  mul(
    fromTerms(coefficients.shape[0] as number, k => (-1) ** (k + 1) / k),
    coefficients
  )

/** The series of one sample, some of whose first terms have exact traces. */
const series =
  ({ probes, coefficients }: SeriesNoise, exactTraces: 0 | 1 | 2): LogDet =>
  g =>
  x => {
    const count = coefficients.shape[0] as number
    const along = pullbackAt(g, x)
    const weights = seriesWeights(coefficients)
    const weight = (k: number): Tensor => reshape(slice(weights, [k - 1], [1]), [])
    const sampled = mean(probes, v => {
      let [power, total] = [v, constantOf(0)]
      for (let k = 1; k <= count; k++) {
        power = along(power)
        if (k > exactTraces) total = add(total, mul(weight(k), dot(power, v)))
      }
      return total
    })
    if (exactTraces === 0) return sampled
    const rows = g.tangents(x)[1]
    const traces = [dot(rows, eye(x.shape[0] as number)), dot(rows, permute(rows, [1, 0]))]
    return traces
      .slice(0, Math.min(exactTraces, count))
      .reduce((total, trace, i) => add(total, mul(weight(i + 1), trace)), sampled)
  }

/**
 * sum over k of (-1)^(k+1) / k c_k v' J^k v, averaged over probes: an estimate of ln det(I + J), unbiased if the
 * coefficients are drawn by a roulette of unbounded support; biased, by at most `tailBound`, if they are n ones. Its
 * derivative is the pathwise one, so all powers are kept while it is taken.
 * Source: Chen et al. 2019, Residual Flows, eq. 6; Lu et al. 2021, eq. 14.
 */
export const powerSeries = (noise: SeriesNoise): LogDet => series(noise, 0)

/**
 * The power series with control variates: tr J, and tr J^2 if two are asked for, are exact instead of probed. Takes away the
 * largest part of the variance for the price of a Jacobian, d tangents; so for small d, or for many probes.
 */
export const controlledSeries = (noise: SeriesNoise, exactTraces: 1 | 2): LogDet => series(noise, exactTraces)

/** The first n terms of the power series with exact traces: biased, by at most `tailBound(d, c, n)`. */
export const truncatedSeries =
  (terms: number): LogDet =>
  g =>
  x => {
    const d = x.shape[0] as number
    return mul(d, powerSeries({ probes: eye(d), coefficients: constantOf(1, [terms]) })(g)(x))
  }

/**
 * The value of `powerSeries` for every probe by itself, each with coefficients of its own: as many independent estimates,
 * of one point, as there are probes. Without derivatives; memory does not grow with the number of terms.
 * shape    probes [m d], coefficients [m n] -> [m]
 */
export const seriesDraws =
  ({ probes, coefficients }: SeriesNoise): LogDet =>
  g =>
  x => {
    const along = held(pullbackAt(g, x), x.shape)
    return vectorizeOver(
      (v, c) => [dot(rowAt(powerSums(along, stack([seriesWeights(c as Tensor)]), v as Tensor), 0), v as Tensor)],
      [probes, coefficients],
      [true, true],
      probes.shape[0] as number,
      'first'
    )[0] as Tensor
  }

/**
 * The value of `powerSeries`, whose derivative is another estimate: that of the gradient by the Neumann series,
 * sum over k >= 0 of (-1)^k c_k v' J^k dJ v, c_0 = 1, unbiased where the value is, and not the derivative of the value for
 * the same draws. The powers are an iteration that keeps none of them: memory does not grow with the number of terms. Where the
 * Jacobian is formed anyway, the powers are products with it.
 * Source: Lu et al. 2021, eq. 15; Chen et al. 2019, section 3.2.
 */
export const neumannSeries =
  ({ probes, coefficients }: SeriesNoise): LogDet =>
  g =>
  (x, jacobian) =>
    mean(probes, v => {
      const along = pullbackAt(g, x)
      const power: Along = jacobian === undefined ? along : w => times(jacobian, w)
      const n = coefficients.shape[0] as number
      const neumann = mul(
        fromTerms(n, k => (-1) ** k),
        coefficients
      )
      const sums = powerSums(held(power, v.shape), stack([seriesWeights(coefficients), neumann]), v)
      const surrogate = dot(along(add(v, rowAt(sums, 1))), v)
      return add(dot(rowAt(sums, 0), v), sub(surrogate, stopGradient(surrogate)))
    })
