import { vectorizeOver } from '../rewrite/vectorize.js'
import { add } from '../tensor/primitives/add.js'
import { div } from '../tensor/primitives/div.js'
import { matmul } from '../tensor/primitives/matmul.js'
import { mul } from '../tensor/primitives/mul.js'
import { sqrt } from '../tensor/primitives/sqrt.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'

/** Steps of the iteration: singular values from 0.01 of the Frobenius norm on end near 1. */
const steps = 5

/** s -> 3.4445 s - 4.7750 s^3 + 2.0315 s^5: rises steeply at 0, and keeps [0, 1.2] within about [0, 1.2]. */
const [linear, cubic, quintic] = [3.4445, -4.775, 2.0315]

/**
 * A matrix with the singular vectors of M and singular values near 1 (between about 0.7 and 1.2, lower where those of M
 * are below a hundredth of its Frobenius norm), by products of matrices only: an odd polynomial of M / |M| again and again.
 * Zero stays zero. For a stack [nets out in], each matrix by itself.
 * Source: the Newton-Schulz iteration of Muon, Jordan et al. 2024.
 */
export const orthogonalised = (stack: Tensor): Tensor =>
  vectorizeOver(
    matrix => {
      const m = matrix as Tensor
      const [out, size] = m.shape as [number, number]
      const wide = out <= size
      let x = div(m, add(sqrt(sum(mul(m, m))), 1e-30))
      for (let step = 0; step < steps; step++) {
        const gram = matmul(x, x, wide ? { transposeB: true } : { transposeA: true })
        const factor = add(mul(cubic, gram), mul(quintic, matmul(gram, gram)))
        x = add(mul(linear, x), wide ? matmul(factor, x) : matmul(x, factor))
      }
      return [x]
    },
    [stack],
    [true],
    stack.shape[0] as number,
    'first'
  )[0] as Tensor
