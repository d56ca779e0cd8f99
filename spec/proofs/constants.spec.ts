import fc from 'fast-check'
import { describe } from 'vitest'
import { steepFloor, steepSlopes } from '../../src/experiment/steep.js'
import { theorem3Floor } from '../../src/experiment/theorem3Floor.js'
import { reference } from '../../src/interpret/runningError/machine.js'
import { certifiedNorm } from '../../src/lipschitz/certifiedNorm.js'
import { gramRounding } from '../../src/lipschitz/roundedUp.js'
import {
  neumannBound,
  rouletteBound,
  rouletteIsBounded,
  rouletteVarianceIsFinite,
  tailBound,
  tailBoundFrobenius
} from '../../src/logdet/seriesBounds.js'
import { geometric } from '../../src/random/geometric.js'
import { fromSeed } from '../../src/random/key.js'
import { reportOf } from '../../src/solve/report.js'
import { isRoot } from '../../src/solve/root.js'
import { safeguardFactor } from '../../src/solve/safeguard.js'
import { scalar } from '../../src/tensor/constructors.js'
import { spectralNorm } from '../lipschitz/support/singularValues.js'
import { hoeffding, share } from '../random/bounds.js'
import { numbers, valuesOf } from '../solve/support/certificate.js'
import { constantOfProblem, problems, rootOf } from '../solve/support/problems.js'
import { law } from '../support/law.js'
import { constant, definition } from './support/coq.js'

const constants = fc.integer({ min: 0, max: 999 }).map(i => i / 1000)
const close = (a: number, b: number): boolean => Math.abs(a - b) <= 8 * 2 ** -52 * Math.abs(b)

describe('a constant of the program is that of its theorem', () => {
  law(
    'the floor of Theorem 3',
    [fc.integer({ min: 1, max: 64 }), fc.integer({ min: 0, max: 400 }), fc.integer({ min: 0, max: 400 })],
    (eighths, l, k) => {
      const [r, L, K] = [eighths / 8, l / 4, k / 4]
      const floor = constant('Theorem3.v', 'theorem3_floor')
      const steep = Math.max(0, floor(1 / 2, steepSlopes.right, K))
      return theorem3Floor(r, L, K) === Math.max(0, floor(r, L, K)) && steepFloor(K) === steep
    }
  )

  law('the factor by which a proposed step must shrink |F|', [constants], c =>
    close(valuesOf(safeguardFactor(scalar(c)))[0] as number, constant('Safeguard.v', 'safeguard_factor')(c))
  )

  law('the distance from the root that a residual allows', [problems({ wild: false })], problem => {
    const node = rootOf(problem)
    if (!isRoot(node)) return false
    const { residual, rounding, errorBound } = reportOf(reference, node)
    const [size, error, bound] = numbers(residual, rounding, errorBound).map(values => values[0]) as [
      number,
      number,
      number
    ]
    return close(bound, constant('Safeguard.v', 'residual_radius')(size + error, constantOfProblem(problem)))
  })

  law(
    "the rounding error of A'A in the certified norm",
    [fc.integer({ min: 1, max: 500 }), fc.integer({ min: 1, max: 500 }), fc.integer({ min: 0, max: 1000 })],
    (rows, n, size) => {
      const gamma = (rows * 2 ** -53) / (1 - rows * 2 ** -53)
      return close(
        gramRounding(size, [rows, n]),
        constant('GramIteration.v', 'gram_rounding')(gamma, 2 ** -1074, size, rows, n)
      )
    }
  )

  law(
    'the factor by which the certified norm may exceed the norm',
    [
      fc
        .integer({ min: 1, max: 5 })
        .chain(n => fc.array(fc.integer({ min: -100, max: 100 }), { minLength: n * n, maxLength: n * n })),
      fc.nat(6)
    ],
    (w, steps) => {
      const n = Math.sqrt(w.length)
      const norm = spectralNorm(w, n, n)
      const factor = constant('GramIteration.v', 'gram_excess')(n) ** (1 / 2 ** steps)
      return certifiedNorm(w, [n, n], { steps }) <= factor * norm * (1 + 1e-12)
    }
  )

  law(
    'the bounds of a truncated power series',
    [fc.integer({ min: 1, max: 500 }), constants, fc.integer({ min: 1, max: 60 })],
    (d, c, n) =>
      close(tailBound(d, c, n), constant('TraceSeries.v', 'tail_bound')(d, c, n)) &&
      close(tailBoundFrobenius(d / 7, c, n), constant('TraceSeries.v', 'tail_bound_frobenius')(d / 7, c, n))
  )

  law(
    'the conditions under which roulette is bounded and has a finite variance, and its bounds',
    [constants, constants, fc.integer({ min: 1, max: 500 })],
    (c, rho, w) => {
      const bounded = definition('RouletteVariance.v', 'bounded_condition')(c, rho)
      const finite = definition('RouletteVariance.v', 'variance_condition')(c, rho)
      if (rouletteIsBounded(c, rho) !== bounded || rouletteVarianceIsFinite(c, rho) !== finite) return false
      if (!bounded) return rouletteBound(w, c, rho) === Infinity && neumannBound(w, 2, c, rho) === Infinity
      return (
        close(rouletteBound(w, c, rho), constant('RouletteVariance.v', 'roulette_bound')(w, c, rho)) &&
        close(neumannBound(w, 2, c, rho), constant('Neumann.v', 'neumann_bound')(w, 2, c, rho))
      )
    }
  )

  law(
    "the probability that roulette's geometric law reaches a term",
    [fc.integer({ min: 1, max: 9 }), fc.nat()],
    (tenths, seed) => {
      const [rho, draws] = [tenths / 10, 20_000]
      const sampled = geometric(rho)(fromSeed(seed))(draws)
      return [0, 1, 2, 3, 5, 8].every(
        k =>
          Math.abs(share(sampled, n => n > k) - constant('RouletteVariance.v', 'geometric')(rho, k)) <=
          hoeffding(1, draws)
      )
    },
    { cases: 20 }
  )
})
