import fc from 'fast-check'
import { describe } from 'vitest'
import { exact } from '../../src/logdet/exact.js'
import { jvp } from '../../src/rewrite/derivatives.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { constantOfNet, type NetSample, smoothOf } from '../net/support/nets.js'
import { boundedAll, type Values } from '../solve/support/certificate.js'
import { law } from '../support/law.js'
import { constant } from './support/coq.js'
import {
  averageOver,
  dot,
  frobenius,
  jacobianAt,
  netAndPoint,
  powersOn,
  roulette,
  roundingOfSeries,
  type Square,
  signVectors,
  squareOf,
  times,
  truncatedMean
} from './support/series.js'

const geometric = constant('RouletteVariance.v', 'geometric')
const neumannBound = constant('Neumann.v', 'neumann_bound')

/** P(N >= k): terms 0, .., N are summed. */
const gradientLaw = (rho: number) => (k: number) => (k === 0 ? 1 : geometric(rho, k - 1))

/** (-1)^k v' J^k dJ v. */
const neumannTerms = (J: Square, dJ: Square, v: readonly number[], count: number): readonly number[] =>
  powersOn(J, times(dJ, v), count).map((w, k) => (-1) ** k * dot(v, w))

/** The derivatives of the Jacobian and of the log-determinant along a direction, with bounds of their errors. */
const derivatives = (net: NetSample, x: readonly number[], u: readonly number[]) => {
  const g = smoothOf(net)
  const [at, along] = [fromArray(x), fromArray(u)]
  const [dJ, slope] = boundedAll([
    jvp((y: typeof at) => g.tangents(y)[1])(at, along)[1],
    jvp(exact(g))(at, along)[1]
  ]) as [Values, Values]
  return {
    dJ: squareOf(dJ.values, x.length),
    dJOff: Math.hypot(...dJ.errors),
    slope: slope.values[0] as number,
    slopeOff: slope.errors[0] as number
  }
}

const smoothNets = netAndPoint({ smooth: true, constants: [0.1, 0.5, 0.9] }).chain(([net, x]) =>
  fc.tuple(
    fc.constant(net),
    fc.constant(x),
    fc.array(
      fc.integer({ min: -64, max: 64 }).map(i => i / 64),
      { minLength: x.length, maxLength: x.length }
    )
  )
)
const ratios = fc.integer({ min: 20, max: 95 }).map(i => i / 100)

describe('the Neumann gradient', () => {
  law(
    'averaged over all sign vectors and numbers of terms is the derivative of ln det (I + J), up to the tail',
    [smoothNets, ratios],
    ([net, x, u], rho) => {
      const [d, c, m] = [x.length, constantOfNet(net), 60]
      const { J, off } = jacobianAt(net, x)
      const { dJ, dJOff, slope, slopeOff } = derivatives(net, x, u)
      const q = gradientLaw(rho)
      const mean = averageOver(d, v => {
        const terms = neumannTerms(J, dJ, v, m)
        return truncatedMean(q, n => roulette(terms, q, n), m)
      })
      const size = frobenius(dJ)
      const tail = (Math.sqrt(d) * size * c ** m) / (1 - c)
      const slack = slopeOff + m * d * (dJOff + (m * off + roundingOfSeries(d, m)) * (size + dJOff))
      return Math.abs(slope - mean) <= tail * (1 + 2 ** -40) + slack
    }
  )

  law(
    'is bounded by |v| |dJ v| (1 + c / (1 - c / rho)) if c < rho',
    [smoothNets, ratios, fc.nat(15), fc.integer({ min: 1, max: 100 })],
    ([net, x, u], rho, which, n) => {
      const [d, c] = [x.length, constantOfNet(net)]
      fc.pre(c < rho)
      const { J, off } = jacobianAt(net, x)
      const { dJ } = derivatives(net, x, u)
      const v = signVectors(d)[which % 2 ** d] as readonly number[]
      const [length, image] = [Math.sqrt(d), Math.hypot(...times(dJ, v))]
      const estimate = roulette(neumannTerms(J, dJ, v, n), gradientLaw(rho), n)
      const slack = (n * (off / rho) + roundingOfSeries(d, n)) * length * image * n
      return Math.abs(estimate) <= neumannBound(length, image, c, rho) * (1 + 2 ** -40) + slack
    }
  )

  law(
    'comes as near to that bound as it likes, for J = -c I and dJ = I: no smaller bound holds',
    [ratios, ratios, fc.integer({ min: 1, max: 4 })],
    (rho, part, d) => {
      const c = rho * part * 0.9
      const multiple = (x: number): Square =>
        Array.from({ length: d }, (_, i) => Array.from({ length: d }, (__, j) => (i === j ? x : 0)))
      const v = signVectors(d)[0] as readonly number[]
      const estimate = roulette(neumannTerms(multiple(-c), multiple(1), v, 300), gradientLaw(rho), 300)
      return Math.abs(estimate / neumannBound(Math.sqrt(d), Math.sqrt(d), c, rho) - 1) <= 1e-12
    }
  )
})
