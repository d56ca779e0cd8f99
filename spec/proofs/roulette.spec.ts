import fc from 'fast-check'
import { describe } from 'vitest'
import { exact } from '../../src/logdet/exact.js'
import { poissonLogMass } from '../../src/random/poissonLogMass.js'
import { jvp } from '../../src/rewrite/derivatives.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { constantOfNet, type NetSample, smoothOf } from '../net/support/nets.js'
import { bounded, valuesOf } from '../solve/support/certificate.js'
import { law } from '../support/law.js'
import { constant, definition } from './support/coq.js'
import {
  averageOver,
  dot,
  jacobianAt,
  netAndPoint,
  probeTerms,
  roulette,
  roundingOfSeries,
  signVectors,
  sum,
  truncatedMean
} from './support/series.js'

const tailBound = constant('TraceSeries.v', 'tail_bound')
const geometric = constant('RouletteVariance.v', 'geometric')
const extremal = constant('RouletteVariance.v', 'extremal')
const rouletteBound = constant('RouletteVariance.v', 'roulette_bound')
const boundedCondition = definition('RouletteVariance.v', 'bounded_condition')
const varianceCondition = definition('RouletteVariance.v', 'variance_condition')

const whole = fc.integer({ min: -1000, max: 1000 })
const percent = (min: number, max: number) => fc.integer({ min, max }).map(i => i / 100)

/** sum_(n < m) P(N = n + 1) S_(n+1)^2 for the largest terms, c^k / k. */
const secondMoment = (c: number, q: (k: number) => number, m: number): number => {
  let [estimate, moment] = [0, 0]
  for (let n = 0; n < m; n++) {
    estimate += extremal(c, n) / q(n)
    moment += (q(n) - q(n + 1)) * estimate ** 2
  }
  return moment
}

describe('Russian roulette', () => {
  law(
    'with what is left put on the last estimate has the partial sum as its mean, whatever comes after: to the bit in dyadic numbers',
    [fc.array(fc.tuple(whole, fc.integer({ min: 0, max: 2 })), { minLength: 1, maxLength: 8 })],
    steps => {
      const terms = steps.map(([a]) => a)
      const halvings = steps.map((_, k) => sum(steps.slice(0, k).map(([, halved]) => halved)))
      const q = (k: number): number => (k < steps.length ? 2 ** -(halvings[k] as number) : 0)
      return truncatedMean(q, n => roulette(terms, q, n), steps.length) === sum(terms)
    }
  )

  law(
    'averaged over all sign vectors and numbers of terms is ln det (I + J), up to the tail',
    [netAndPoint(), percent(20, 95), fc.integer({ min: 1, max: 40 })],
    ([net, x], rho, m) => {
      const [d, c] = [x.length, constantOfNet(net)]
      const { J, off } = jacobianAt(net, x)
      const { values, errors } = bounded(exact(smoothOf(net))(fromArray(x)))
      const q = (k: number): number => geometric(rho, k)
      const mean = averageOver(d, v => {
        const terms = probeTerms(J, v, m)
        return truncatedMean(q, n => roulette(terms, q, n), m)
      })
      const slack = (errors[0] as number) + m * d * off + roundingOfSeries(d, m)
      return Math.abs((values[0] as number) - mean) <= tailBound(d, c, m) * (1 + 2 ** -40) + slack
    }
  )

  law(
    'is bounded by -rho d ln(1 - c / rho) if c < rho',
    [netAndPoint({ constants: [0.1, 0.5, 0.9] }), percent(20, 99), fc.nat(15), fc.integer({ min: 1, max: 200 })],
    ([net, x], rho, which, n) => {
      const [d, c] = [x.length, constantOfNet(net)]
      fc.pre(boundedCondition(c, rho) === true)
      const { J, off } = jacobianAt(net, x)
      const v = signVectors(d)[which % 2 ** d] as readonly number[]
      const estimate = roulette(probeTerms(J, v, n), k => geometric(rho, k), n)
      const slack = (n * d * off + roundingOfSeries(d, n)) * Math.max(1, (c / rho) ** n)
      return Math.abs(estimate) <= rouletteBound(d, c, rho) * (1 + 2 ** -40) + slack
    }
  )

  law(
    'comes as near to -rho d ln(1 - c / rho) as it likes, for J = -c I: no smaller bound holds',
    [percent(10, 80), percent(2, 90), fc.integer({ min: 1, max: 4 })],
    (rho, part, d) => {
      const c = rho * part
      const J = Array.from({ length: d }, (_, i) => Array.from({ length: d }, (__, j) => (i === j ? -c : 0)))
      const v = signVectors(d)[0] as readonly number[]
      const estimate = roulette(probeTerms(J, v, 300), k => geometric(rho, k), 300)
      return Math.abs(Math.abs(estimate) / rouletteBound(d, c, rho) - 1) <= 1e-12
    }
  )

  law(
    'has no bound if c >= rho: the largest terms pass every half of a harmonic sum',
    [percent(10, 90), fc.integer({ min: 0, max: 7 })],
    (c, doublings) => {
      const terms = Array.from({ length: 2 ** doublings }, (_, k) => extremal(c, k))
      return roulette(terms, k => geometric(c, k), terms.length) >= (c * doublings) / 2 - 1e-12
    }
  )

  law(
    'has a second moment below its bound if c^2 <= rho, and beyond every bound otherwise',
    [percent(30, 90), percent(5, 95)],
    (c, rho) => {
      const q = (k: number): number => geometric(rho, k)
      const bound = 2 * (c / (1 - c)) ** 2
      if (varianceCondition(c, rho) === true) return secondMoment(c, q, 300) <= bound * (1 + 1e-9)
      fc.pre(c ** 2 >= 1.1 * rho)
      const n = Math.min(250, Math.floor(150 / -Math.log10(rho)))
      const least = ((1 - rho) * extremal(c, n) ** 2) / (4 * q(n))
      const moment = secondMoment(c, q, n + 1)
      return moment >= least * (1 - 1e-9) && secondMoment(c, q, 2 * n) > 1e3 * moment
    }
  )

  law(
    "with Poisson's law of the number of terms has a second moment beyond every bound, however small c is",
    [percent(50, 90), percent(50, 200)],
    (c, lambda) => {
      const masses = Array.from({ length: 140 }, (_, k) => Math.exp(poissonLogMass(lambda)(k)))
      const tails = [...masses]
      for (let k = tails.length - 2; k >= 0; k--) tails[k] = (tails[k] as number) + (tails[k + 1] as number)
      const moments = [40, 60, 80].map(m => secondMoment(c, k => tails[k] as number, m))
      const [a, b, far] = moments as [number, number, number]
      return b > 10 * a && far > 1e6 * b
    }
  )
})

describe('the average over all sign vectors', () => {
  law(
    "of v'J v is the trace of J: to the bit for whole numbers, by the program's own derivative",
    [fc.integer({ min: 1, max: 6 }).chain(d => fc.array(whole, { minLength: d * d, maxLength: d * d }))],
    weights => {
      const d = Math.sqrt(weights.length)
      const net: NetSample = {
        activation: 'identity',
        leading: false,
        widths: [d, d],
        weights: [weights],
        biases: [Array.from({ length: d }, () => 0)],
        betas: []
      }
      const origin = fromArray(Array.from({ length: d }, () => 0))
      const along = (v: readonly number[]): readonly number[] =>
        Array.from(valuesOf(jvp(smoothOf(net).value)(origin, fromArray(v))[1]))
      const trace = sum(Array.from({ length: d }, (_, i) => weights[i * d + i] as number))
      return averageOver(d, v => dot(v, along(v))) === trace
    }
  )
})
