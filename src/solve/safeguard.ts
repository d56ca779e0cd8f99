import { add } from '../tensor/primitives/add.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { greater } from '../tensor/primitives/greater.js'
import { type Iteration, iterate } from '../tensor/primitives/iterate.js'
import { lessEqual } from '../tensor/primitives/less.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { select } from '../tensor/primitives/select.js'
import { sqrt } from '../tensor/primitives/sqrt.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'
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
  /** Largest number of steps. */
  readonly limit: number
}

/**
 * The iteration of a solver for one sample, made to converge from anywhere; its states are z, F, |F| and what comes after: a proposed step counts only if it shrinks |F| by
 * (1 + c) / 2, otherwise the next step is Picard's, which shrinks |F| by c. Where even that does not shrink |F|, rounding
 * has a say: as it does once |F| < e / (1 - c), e the rounding error of F, while a step of the solver, which has learned
 * meanwhile, may still get down to e. So the iteration ends at the third such Picard step in a row; whether the sample
 * has converged is judged afterwards.
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

/** Runs the iteration to its end. */
export const safeguarded =
  (solver: Solver, limits: Limits) =>
  (problem: Problem, start: Tensor): Found => {
    const [value, residual, , , iterations] = iterate(safeguardedIteration(solver, limits)(problem, start))
    return { value: value as Tensor, residual: residual as Tensor, iterations: iterations as Tensor }
  }
