import type { Tensor } from '../tensor/tensor.js'

/** A zero is sought of `residual`, whose difference from the identity is a contraction. */
export interface Problem {
  /** F: [n] -> [n]; z -> F(z) - z has a Lipschitz constant of at most `contraction` < 1. */
  readonly residual: (z: Tensor) => Tensor
  /** The transposed Jacobian of F: row i is the derivative along coordinate i. */
  readonly slopes: (z: Tensor) => Tensor
  readonly contraction: Tensor
}

/** A step that was tried: from z with F(z) to a new point. */
export interface Trial {
  readonly z: Tensor
  readonly residual: Tensor
  readonly newZ: Tensor
  readonly newResidual: Tensor
}

/**
 * A method for one sample, as expressions. What it remembers is a list of tensors; the safeguard around it decides which
 * of its proposals count.
 */
export interface Solver {
  readonly name: string
  /** Memory at the starting point. */
  readonly init: (problem: Problem, z: Tensor, residual: Tensor) => readonly Tensor[]
  /** The step to try, as a difference. */
  readonly step: (residual: Tensor, memory: readonly Tensor[]) => Tensor
  /** Memory after a trial, whether or not it was accepted; `accepted` is 1 or 0. */
  readonly learn: (problem: Problem, trial: Trial, memory: readonly Tensor[], accepted: Tensor) => readonly Tensor[]
}
