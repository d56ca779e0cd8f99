import type { NumberEstimator, Outcome } from '../../../src/laws/estimator.js'
import { applied, dotOf, inverted, type Matrix } from '../../../src/laws/matrix.js'
import { geometric } from '../../../src/random/geometric.js'
import { fromSeed, split } from '../../../src/random/key.js'
import { rademacher } from '../../../src/random/rademacher.js'

/** The parts of a Russian-roulette estimate of ln det(I + J), so that each can be put wrong. */
export interface Roulette {
  /** P(N >= k), k from 1. */
  readonly survival: (rho: number, k: number) => number
  /** The k-th coefficient of the series. */
  readonly coefficient: (k: number) => number
  /** What becomes of the sum over the probes. */
  readonly average: (sum: number, probes: number) => number
  /** Where the series is cut, whatever was drawn. */
  readonly cut: number
  /** A factor on the probes. */
  readonly probe: number
}

/**
 * ln det(I + J) = E sum_{k <= N} (-1)^(k+1) / k v' J^k v / P(N >= k), v of random signs, N geometric.
 * Source: Chen et al. 2019, theorem 1.
 */
export const rightRoulette: Roulette = {
  survival: (rho, k) => rho ** (k - 1),
  coefficient: k => (-1) ** (k + 1) / k,
  average: (sum, probes) => sum / probes,
  cut: Infinity,
  probe: 1
}

/** A matrix with a bound c of its spectral norm, the parameter rho > c of the geometric law, and the number of probes. */
export interface RouletteProblem {
  readonly jacobian: Matrix
  readonly c: number
  readonly rho: number
  readonly probes: number
}

const identityPlus = (j: Matrix): Matrix => j.map((row, i) => row.map((x, k) => x + (i === k ? 1 : 0)))

/** An estimate from its draws: one N and one vector a probe. */
const estimate = (
  { survival, coefficient, average, cut, probe }: Roulette,
  { jacobian, rho, probes }: RouletteProblem,
  steps: number,
  vectors: readonly (readonly number[])[]
): number =>
  average(
    vectors.reduce((total, signs) => {
      const v = signs.map(x => probe * x)
      let power: readonly number[] = v
      let sum = 0
      for (let k = 1; k <= Math.min(steps, cut); k++) {
        power = applied(jacobian, power)
        sum += (coefficient(k) * dotOf(v, power)) / survival(rho, k)
      }
      return total + sum
    }, 0),
    probes
  )

const signVectors = (d: number): readonly (readonly number[])[] =>
  Array.from({ length: 2 ** d }, (_, bits) => Array.from({ length: d }, (__, i) => ((bits >> i) & 1 ? 1 : -1)))

const tuples = <A>(values: readonly A[], count: number): readonly (readonly A[])[] =>
  count === 0 ? [[]] : tuples(values, count - 1).flatMap(rest => values.map(value => [...rest, value]))

/** Steps that are listed: P(N > 160) = 0.8^160 < 1e-15. */
const listed = 160

/** The estimator as the laws take it: its expected value by elimination, its bound by theory. */
export const rouletteEstimator = (name: string, parts: Roulette, problem: RouletteProblem): NumberEstimator => {
  const { jacobian, c, rho, probes } = problem
  const d = jacobian.length
  const bound = -rho * d * Math.log1p(-c / rho)
  const all = (): Iterable<Outcome> => {
    const vectors = tuples(signVectors(d), probes)
    return Array.from({ length: listed }, (_, i) => i + 1).flatMap(steps =>
      vectors.map(chosen => ({
        probability: (rho ** (steps - 1) * (1 - rho)) / vectors.length,
        value: estimate(parts, problem, steps, chosen)
      }))
    )
  }
  return {
    name,
    expected: inverted(identityPlus(jacobian)).logAbsDet,
    bound,
    outcomes: () => ({ all: all(), tail: bound * rho ** listed + 1e-14 }),
    draws: (seed, count) => {
      const [first, second] = split(fromSeed(seed))
      const steps = geometric(rho)(first)(count)
      const signs = rademacher(second)(count * d * probes)
      return Float64Array.from({ length: count }, (_, i) => {
        const vectors = Array.from({ length: probes }, (__, p) =>
          Array.from(signs.subarray((i * probes + p) * d, (i * probes + p + 1) * d))
        )
        return estimate(parts, problem, steps[i] as number, vectors)
      })
    }
  }
}

/** A matrix of norm at most 0.5 in two dimensions, not symmetric: its Frobenius norm is 0.49. */
export const smallProblem: RouletteProblem = {
  jacobian: [
    [0.3, -0.2],
    [0.1, 0.3]
  ],
  c: 0.5,
  rho: 0.8,
  probes: 1
}

/** The wrong estimators that any law about the right one must see. */
export const mutants: Readonly<Record<string, Roulette>> = {
  'no 1 / P(N >= k)': { ...rightRoulette, survival: () => 1 },
  'P(N > k) for P(N >= k)': { ...rightRoulette, survival: (rho, k) => rho ** k },
  'the sign (-1)^k': { ...rightRoulette, coefficient: k => (-1) ** k / k },
  'no 1 / k': { ...rightRoulette, coefficient: k => (-1) ** (k + 1) },
  'a series that ends after 5 terms': { ...rightRoulette, cut: 5 },
  'probes 1.05 times too long': { ...rightRoulette, probe: 1.05 }
}
