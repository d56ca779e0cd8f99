import { rowMajor } from '../../../src/interpret/reference/arrays.js'
import { program } from '../../../src/interpret/reference/evaluate.js'
import type { NumberEstimator, Outcome } from '../../../src/laws/estimator.js'
import { inverted, type Matrix } from '../../../src/laws/matrix.js'
import type { LogDet } from '../../../src/logdet/exact.js'
import { neumannSeries, powerSeries, type SeriesNoise } from '../../../src/logdet/powerSeries.js'
import { drawProbes } from '../../../src/logdet/probes.js'
import { neumannBound, rouletteBound } from '../../../src/logdet/seriesBounds.js'
import { drawTerms, rouletteCoefficients, type TermLaw } from '../../../src/logdet/terms.js'
import { fromSeed, split } from '../../../src/random/key.js'
import { grad, tangents } from '../../../src/rewrite/derivatives.js'
import { simplify } from '../../../src/rewrite/simplify.js'
import { vectorizeOver } from '../../../src/rewrite/vectorize.js'
import { fromArray, fromNested, scalar } from '../../../src/tensor/constructors.js'
import { add } from '../../../src/tensor/primitives/add.js'
import { constantOf } from '../../../src/tensor/primitives/constant.js'
import { matmul } from '../../../src/tensor/primitives/matmul.js'
import { mul } from '../../../src/tensor/primitives/mul.js'
import { reshape } from '../../../src/tensor/primitives/reshape.js'
import type { Tensor } from '../../../src/tensor/tensor.js'

/** A matrix with a bound c of its spectral norm, the parameter rho > c of the geometric law, and the number of probes. */
export interface RouletteProblem {
  readonly jacobian: Matrix
  readonly c: number
  readonly rho: number
  readonly probes: number
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

/** Along which the gradient is estimated: J + t times this. */
const direction = (d: number): Matrix =>
  Array.from({ length: d }, (_, i) => Array.from({ length: d }, (__, j) => (i === j ? 0.5 : i < j ? 1 : -0.25)))

const plus = (a: Matrix, b: Matrix): Matrix => a.map((row, i) => row.map((x, j) => x + (b[i]?.[j] as number)))
const unit = (d: number): Matrix =>
  Array.from({ length: d }, (_, i) => Array.from({ length: d }, (__, j) => (i === j ? 1 : 0)))

/** x -> (J + t D) x, whose estimates the program makes. */
const linear = (jacobian: Matrix, t: Tensor) => {
  const d = jacobian.length
  const m = add(fromNested(jacobian), mul(t, fromNested(direction(d))))
  const value = (x: Tensor): Tensor => reshape(matmul(m, reshape(x, [d, 1])), [d])
  return { value, tangents: (x: Tensor) => tangents(value)(x) }
}

/** What is estimated by a draw: ln det (I + J), or its derivative along the direction. */
export type Estimated = 'value' | 'pathwise gradient' | 'Neumann gradient'

const ofDraw =
  (what: Estimated, jacobian: Matrix) =>
  (noise: SeriesNoise): Tensor => {
    const at = constantOf(0, [jacobian.length])
    const series: (noise: SeriesNoise) => LogDet = what === 'Neumann gradient' ? neumannSeries : powerSeries
    const value = (t: Tensor): Tensor => series(noise)(linear(jacobian, t))(at)
    return what === 'value' ? value(scalar(0)) : grad(value)(scalar(0))
  }

/** Estimates of many draws at once: probes [n m d], the numbers of terms [n]. */
const estimates = (
  what: Estimated,
  { jacobian, rho, probes }: RouletteProblem,
  vectors: Float64Array,
  steps: ArrayLike<number>
): Float64Array => {
  const [count, d] = [steps.length, jacobian.length]
  const law: TermLaw = { kind: 'geometric', rho }
  const most = Math.max(...Array.from(steps))
  const coefficients = new Float64Array(count * most)
  Array.from(steps).forEach((n, i) => {
    coefficients.set(rouletteCoefficients({ law, exactTerms: 0 }, [n]), i * most)
  })
  const [found] = vectorizeOver(
    (v, c) => [ofDraw(what, jacobian)({ probes: v as Tensor, coefficients: c as Tensor })],
    [fromArray(vectors, [count, probes, d]), fromArray(coefficients, [count, most])],
    [true, true],
    count,
    'first'
  ) as [Tensor]
  const [values] = program([], simplify([found]))([])
  return values === undefined ? new Float64Array(0) : Float64Array.from(rowMajor(values))
}

const signVectors = (d: number): readonly (readonly number[])[] =>
  Array.from({ length: 2 ** d }, (_, bits) => Array.from({ length: d }, (__, i) => ((bits >> i) & 1 ? 1 : -1)))

const tuples = <A>(values: readonly A[], count: number): readonly (readonly A[])[] =>
  count === 0 ? [[]] : tuples(values, count - 1).flatMap(rest => values.map(value => [...rest, value]))

/** Steps that are listed: P(N > 120) = 0.8^120 < 3e-12. */
const listed = 120

const expectedOf = (what: Estimated, jacobian: Matrix): number => {
  const { inverse, logAbsDet } = inverted(plus(unit(jacobian.length), jacobian))
  const d = direction(jacobian.length)
  return what === 'value'
    ? logAbsDet
    : inverse.reduce((sum, row, i) => sum + row.reduce((s, x, j) => s + x * (d[j]?.[i] as number), 0), 0)
}

/** No draw is larger: proved of the value and of the Neumann gradient; of a pathwise one sum over k of c^(k-1) / rho^(k-1). */
const boundOf = (what: Estimated, { jacobian, c, rho }: RouletteProblem): number => {
  const d = jacobian.length
  if (what === 'value') return rouletteBound(d, c, rho)
  const size = Math.hypot(...direction(d).flat())
  return what === 'Neumann gradient'
    ? neumannBound(Math.sqrt(d), size * Math.sqrt(d), c, rho)
    : (d * size) / (1 - c / rho)
}

/** The program's estimator as the laws take it: its expected value by elimination, its bound by theory. */
export const rouletteEstimator = (
  name: string,
  problem: RouletteProblem,
  what: Estimated = 'value'
): NumberEstimator => {
  const { jacobian, c, rho, probes } = problem
  const d = jacobian.length
  const bound = boundOf(what, problem)
  const all = (): Iterable<Outcome> => {
    const vectors = tuples(signVectors(d), probes)
    const steps = Array.from({ length: listed }, (_, i) => i + 1)
    const values = estimates(
      what,
      problem,
      Float64Array.from(steps.flatMap(() => vectors.flat(2))),
      steps.flatMap(n => vectors.map(() => n))
    )
    return Array.from(values, (value, i) => ({
      probability: (rho ** Math.floor(i / vectors.length) * (1 - rho)) / vectors.length,
      value
    }))
  }
  return {
    name,
    expected: expectedOf(what, jacobian),
    bound,
    outcomes: () => ({ all: all(), tail: bound * (rho ** listed + (c / rho) ** listed) + 1e-13 }),
    draws: (seed, count) => {
      const [first, second] = split(fromSeed(seed))
      const steps = drawTerms({ kind: 'geometric', rho })(first)(count)
      return estimates(what, problem, drawProbes('rademacher')(second)(count * probes, d), steps)
    }
  }
}
