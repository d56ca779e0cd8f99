import { neg } from '../tensor/primitives/neg.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { select } from '../tensor/primitives/select.js'
import { solve } from '../tensor/primitives/solve.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Solver } from './solver.js'

/**
 * Newton's method with the exact Jacobian at every point: quadratic near the root, n tangents a step. Unsafeguarded it
 * can cycle for ever where the contraction exceeds 1/3.
 */
export const newton: Solver = {
  name: 'newton',
  init: ({ slopes }, z) => [slopes(z)],
  step: (residual, [transposedJacobian]) => {
    const column = reshape(residual, [...residual.shape, 1])
    return reshape(neg(solve(transposedJacobian as Tensor, column, { transpose: true })), residual.shape)
  },
  learn: ({ slopes }, { newZ }, [old], accepted) => [select(accepted, slopes(newZ), old as Tensor)]
}
