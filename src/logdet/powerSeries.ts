import type { Smooth } from '../lipschitz/contractive.js'
import { vjp } from '../rewrite/derivatives.js'
import { vectorizeOver } from '../rewrite/vectorize.js'
import { close, open } from '../tensor/body.js'
import { add } from '../tensor/primitives/add.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { div } from '../tensor/primitives/div.js'
import { equal } from '../tensor/primitives/equal.js'
import { greater } from '../tensor/primitives/greater.js'
import { iterate } from '../tensor/primitives/iterate.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { eye, iota } from '../tensor/primitives/oneHot.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { slice } from '../tensor/primitives/slice.js'
import { stopGradient } from '../tensor/primitives/stopGradient.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Shape } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import type { LogDet } from './exact.js'

/** What an estimate of ln det(I + J) is made with; inputs of a program, so that it is compiled once for all draws. */
export interface SeriesNoise {
  /** Probes v with E[v v'] = I, [m d]; their estimates are averaged. */
  readonly probes: Tensor
  /** c_1 to c_n of the terms, [n]; zeros at the end change nothing. `rouletteCoefficients` draws them. */
  readonly coefficients: Tensor
}

const dot = (a: Tensor, b: Tensor): Tensor => sum(mul(a, b))

/** The mean over the probes of what one gives. */
const mean = (probes: Tensor, ofProbe: (v: Tensor) => Tensor): Tensor => {
  const count = probes.shape[0] as number
  const [all] = vectorizeOver(v => [ofProbe(v as Tensor)], [probes], [true], count, 'first') as [Tensor]
  return div(sum(all), count)
}

/** v -> J' v at x. */
const pullback = (g: Smooth, x: Tensor): ((v: Tensor) => Tensor) => {
  const [, pull] = vjp(g.value)(x)
  return v => pull(v)
}

/**
 * sum over k of (-1)^(k+1) / k c_k v' J^k v, averaged over probes: an estimate of ln det(I + J), unbiased if the
 * coefficients are drawn by a roulette of unbounded support; biased, by at most `tailBound`, if they are n ones. Its
 * derivative is the pathwise one, so all powers are kept while it is taken.
 * Source: Chen et al. 2019, Residual Flows, eq. 6; Lu et al. 2021, eq. 14.
 */
export const powerSeries =
  ({ probes, coefficients }: SeriesNoise): LogDet =>
  g =>
  x => {
    const count = coefficients.shape[0] as number
    const along = pullback(g, x)
    const coefficient = (k: number): Tensor => reshape(slice(coefficients, [k - 1], [1]), [])
    return mean(probes, v => {
      let [power, total] = [v, constantOf(0)]
      for (let k = 1; k <= count; k++) {
        power = along(power)
        total = add(total, mul(mul((-1) ** (k + 1) / k, coefficient(k)), dot(power, v)))
      }
      return total
    })
  }

/** The first n terms of the power series with exact traces: biased, by at most `tailBound(d, c, n)`. */
export const truncatedSeries =
  (terms: number): LogDet =>
  g =>
  x => {
    const d = x.shape[0] as number
    return mul(d, powerSeries({ probes: eye(d), coefficients: constantOf(1, [terms]) })(g)(x))
  }

/** A linear map as it is, of which nothing that it captures is differentiated. */
const held = (f: (v: Tensor) => Tensor, shape: Shape): ((v: Tensor) => Tensor) => {
  const { body, captured } = close(['v'], [shape], v => [f(v as Tensor)])
  const constants = captured.map(stopGradient)
  return v => open(body, [v], constants)[0] as Tensor
}

/** The value of `powerSeries` for one probe, and sum over k >= 0 of (-1)^k c_k (J')^k v with c_0 = 1; without derivatives. */
const withoutMemory = (along: (v: Tensor) => Tensor, coefficients: Tensor, v: Tensor): readonly [Tensor, Tensor] => {
  const count = coefficients.shape[0] as number
  const from = (k: Tensor): Tensor => sum(mul(coefficients, greater(iota(count), sub(k, 1.5))))
  const [, , total, adjoint] = iterate({
    names: ['k', 'power', 'total', 'adjoint', 'sign'],
    start: [constantOf(1), v, constantOf(0), v, constantOf(1)],
    limit: count,
    going: k => greater(from(k as Tensor), 0),
    step: (...state) => {
      const [k, power, sumSoFar, adjointSoFar, sign] = state as readonly [Tensor, Tensor, Tensor, Tensor, Tensor]
      const next = along(power)
      const c = mul(sign, sum(mul(coefficients, equal(iota(count), sub(k, 1)))))
      return [add(k, 1), next, add(sumSoFar, div(mul(c, dot(next, v)), k)), sub(adjointSoFar, mul(c, next)), neg(sign)]
    }
  }) as readonly Tensor[]
  return [total as Tensor, adjoint as Tensor]
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
    const along = held(pullback(g, x), x.shape)
    return vectorizeOver(
      (v, c) => withoutMemory(along, c as Tensor, v as Tensor).slice(0, 1),
      [probes, coefficients],
      [true, true],
      probes.shape[0] as number,
      'first'
    )[0] as Tensor
  }

/**
 * The value of `powerSeries`, whose derivative is another estimate: that of the gradient by the Neumann series,
 * sum over k >= 0 of (-1)^k c_k v' J^k dJ v, c_0 = 1, unbiased where the value is, and not the derivative of the value for
 * the same draws. The powers are an iteration that keeps none of them: memory does not grow with the number of terms.
 * Source: Lu et al. 2021, eq. 15; Chen et al. 2019, section 3.2.
 */
export const neumannSeries =
  ({ probes, coefficients }: SeriesNoise): LogDet =>
  g =>
  x =>
    mean(probes, v => {
      const along = pullback(g, x)
      const [total, adjoint] = withoutMemory(held(along, v.shape), coefficients, v)
      const surrogate = dot(along(adjoint), v)
      return add(total, sub(surrogate, stopGradient(surrogate)))
    })
