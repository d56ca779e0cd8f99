import { add } from '../tensor/primitives/add.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { greater } from '../tensor/primitives/greater.js'
import { greaterEqual } from '../tensor/primitives/greaterEqual.js'
import { type Iteration, iterate } from '../tensor/primitives/iterate.js'
import { lessEqual } from '../tensor/primitives/less.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { select } from '../tensor/primitives/select.js'
import { solve } from '../tensor/primitives/solve.js'
import { sqrt } from '../tensor/primitives/sqrt.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'
import { eliminates } from './defaultSolver.js'
import type { Problem, Solver } from './solver.js'

/** Euclidean norm of a vector. */
export const norm = (v: Tensor): Tensor => sqrt(sum(mul(v, v)))

/** Last point, the steps it took, and F there. */
interface Found {
  readonly value: Tensor
  readonly iterations: Tensor
  readonly residual: Tensor
}

/** What a proposed step must shrink |F| by: (1 + c) / 2. */
export const safeguardFactor = (contraction: Tensor): Tensor => mul(0.5, add(1, contraction))

/** Picard steps in a row that do not shrink |F|, after which rounding is held to rule. */
const patience = 3

/** How an iteration goes on and when it ends. */
export interface Limits {
  /** A sample is done when |F| <= tolerance (1 + |z|). */
  readonly tolerance: number
  /** Largest number of steps, those of polishing apart. */
  readonly limit: number
}

/**
 * The iteration of a solver for one sample, made to converge from anywhere; its states are z, F, |F| and what comes after: a
 * proposed step counts only if it shrinks |F| by (1 + c) / 2, otherwise the next step is Picard's, which shrinks |F| by c. Where even that does not shrink |F|, rounding
 * has a say: as it does once |F| < e / (1 - c), e the rounding error of F, while a step of the solver, which has learned
 * meanwhile, may still get down to e. So the iteration ends at the third such Picard step in a row; `polished` goes on from
 * there, and whether the sample has converged is judged afterwards.
 * Source: THEORY of the paper's section 3.3, corrected: Broyden's method alone is not proved to converge.
 */
export const safeguardedIteration =
  (solver: Solver, { tolerance, limit }: Limits) =>
  (problem: Problem, start: Tensor): Iteration => {
    const first = problem.residual(start)
    return {
      names: ['z', 'F', 'size', 'fallback', 'steps'],
      start: [
        start,
        first,
        norm(first),
        constantOf(0),
        constantOf(0),
        constantOf(0),
        ...solver.init(problem, start, first)
      ],
      limit,
      going: (z, _f, size, _fallback, _steps, stalled) =>
        mul(greater(size as Tensor, mul(tolerance, add(1, norm(z as Tensor)))), greater(patience, stalled as Tensor)),
      step: (...state) => {
        const [z, f, size, fallback, steps, stalled] = state as readonly [
          Tensor,
          Tensor,
          Tensor,
          Tensor,
          Tensor,
          Tensor
        ]
        const memory = state.slice(6)
        const newZ = add(z, select(fallback, neg(f), solver.step(f, memory)))
        const newF = problem.residual(newZ)
        const newSize = norm(newF)
        const goal = mul(size, safeguardFactor(problem.contraction))
        const accepted = lessEqual(newSize, select(fallback, size, goal))
        const failures = select(greater(size, newSize), 0, add(stalled, fallback))
        const learned = solver.learn(problem, { z, residual: f, newZ, newResidual: newF }, memory, accepted)
        return [
          select(accepted, newZ, z),
          select(accepted, newF, f),
          select(accepted, newSize, size),
          sub(1, accepted),
          add(steps, 1),
          failures,
          ...learned
        ]
      }
    }
  }

/** Newton steps after a stop by rounding; each squares what is wrong, so few are needed. */
const mostPolishing = 6

/**
 * Newton's method from where the iteration stopped by rounding, above the tolerance: an approximate Jacobian gets |F| down to
 * about e / (1 - c), e the rounding error of F, the exact one down to e. A sample goes on while a step halves |F|. Nothing is
 * computed where no sample needs it.
 */
const polished = (
  { residual, slopes }: Problem,
  tolerance: number,
  { value: z, residual: f, iterations }: Found,
  stalled: Tensor
): Found => {
  const [value, last, , steps] = iterate({
    names: ['z', 'F', 'size', 'steps', 'going'],
    start: [z, f, norm(f), iterations, greaterEqual(stalled, patience)],
    limit: mostPolishing,
    going: (at, _f, length, _steps, on) =>
      mul(on as Tensor, greater(length as Tensor, mul(tolerance, add(1, norm(at as Tensor))))),
    step: (at, there, length, taken) => {
      const n = (at as Tensor).shape[0] as number
      const right = reshape(there as Tensor, [n, 1])
      const newZ = sub(at as Tensor, reshape(solve(slopes(at as Tensor), right, { transpose: true }), [n]))
      const newF = residual(newZ)
      const newSize = norm(newF)
      const better = lessEqual(newSize, length as Tensor)
      return [
        select(better, newZ, at as Tensor),
        select(better, newF, there as Tensor),
        select(better, newSize, length as Tensor),
        add(taken as Tensor, 1),
        lessEqual(newSize, mul(0.5, length as Tensor))
      ]
    }
  }) as readonly [Tensor, Tensor, Tensor, Tensor]
  return { value, residual: last, iterations: steps }
}

/** Runs the iteration to its end; with few unknowns, what rounding has stopped above the tolerance is polished. */
export const safeguarded =
  (solver: Solver, limits: Limits) =>
  (problem: Problem, start: Tensor): Found => {
    const [value, residual, , , iterations, stalled] = iterate(
      safeguardedIteration(solver, limits)(problem, start)
    ) as [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]
    const found = { value, residual, iterations }
    return eliminates(start.shape[0] as number) ? polished(problem, limits.tolerance, found, stalled) : found
  }
