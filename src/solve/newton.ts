import { tangents } from '../rewrite/derivatives.js'
import { neg } from '../tensor/primitives/neg.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { select } from '../tensor/primitives/select.js'
import { solve } from '../tensor/primitives/solve.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Problem, Solver } from './solver.js'

/** The transposed Jacobian of the residual. */
const slopes = ({ residual }: Problem, z: Tensor): Tensor => tangents(residual)(z)[1]

/**
 * Newton's method with the exact Jacobian at every point: quadratic near the root, n tangents a step. Unsafeguarded it
 * can cycle for ever where the contraction exceeds 1/3.
 */
export const newton: Solver = {
  name: 'newton',
  init: (problem, z) => [slopes(problem, z)],
  step: (residual, [transposedJacobian]) => {
    const column = reshape(residual, [...residual.shape, 1])
    return reshape(neg(solve(transposedJacobian as Tensor, column, { transpose: true })), residual.shape)
  },
  learn: (problem, { newZ }, [old], accepted) => [select(accepted, slopes(problem, newZ), old as Tensor)]
}
