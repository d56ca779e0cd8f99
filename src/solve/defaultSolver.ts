import { broyden } from './broyden.js'
import { newtonKrylov } from './newtonKrylov.js'
import type { Solver } from './solver.js'

/** Up to so many unknowns a matrix of n^2 numbers a sample costs no more than it saves (a training step, d = 2 to 63). */
const few = 8

/** Whether linear systems of n unknowns are solved by elimination; larger ones by iteration, without a matrix. */
export const eliminates = (n: number): boolean => n <= few

/**
 * The solver of roots with n unknowns: Broyden's method with the whole inverse Jacobian for few; for many, Newton's with
 * products of the Jacobian, of those that store no matrix the one of fewest steps for constants of 0.9 and 0.99
 * (bench/results/solvers.md).
 * @example defaultSolver(2).name // => 'broyden'
 */
export const defaultSolver = (n: number): Solver => (n <= few ? broyden() : newtonKrylov())
