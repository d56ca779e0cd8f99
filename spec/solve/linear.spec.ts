import fc from 'fast-check'
import { describe } from 'vitest'
import { root } from '../../src/solve/root.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { matmul } from '../../src/tensor/primitives/matmul.js'
import { reshape } from '../../src/tensor/primitives/reshape.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { law } from '../support/law.js'
import { found, solvers } from './support/problems.js'

const sixtyFourths = (count: number, most: number) =>
  fc.array(
    fc.integer({ min: -most, max: most }).map(i => i / 64),
    { minLength: count, maxLength: count }
  )

/** W of three variables, not symmetric, of Frobenius norm below 0.75, and y. */
const linear = fc.tuple(sixtyFourths(9, 15), sixtyFourths(3, 640))

describe('a linear problem', () => {
  for (const name of ['newton', 'broyden from the Jacobian'] as const)
    law(`is solved by the first step of ${name}, which knows the slopes`, [linear], ([w, y]) => {
      const times = (z: Tensor): Tensor => reshape(matmul(fromArray(w, [3, 3]), reshape(z, [3, 1])), [3])
      const f = (z: Tensor): Tensor => sub(add(z, times(z)), fromArray(y))
      const options = { start: fromArray(y), contraction: 0.75, solver: solvers[name], tolerance: 1e-13 }
      return found(root(f, options)).iterations <= 1
    })
})
