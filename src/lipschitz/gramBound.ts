import { add } from '../tensor/primitives/add.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { div } from '../tensor/primitives/div.js'
import { exp } from '../tensor/primitives/exp.js'
import { log } from '../tensor/primitives/log.js'
import { matmul } from '../tensor/primitives/matmul.js'
import { mul } from '../tensor/primitives/mul.js'
import { sqrt } from '../tensor/primitives/sqrt.js'
import { sum } from '../tensor/primitives/sum.js'
import { range } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'

/** Keeps the logarithm of a zero matrix's norm finite, and its derivative: the norm's square is this much larger. */
const smallest = 1e-30

const frobenius = (m: Tensor): Tensor => sqrt(add(sum(mul(m, m)), smallest))

/**
 * An upper bound of a matrix's spectral norm, as an expression: Gram iteration, the Frobenius norm at the end. It exceeds
 * the norm by a factor of at most n^(1 / 2^(steps + 2)), n the smaller side: 0.5 % for n = 128 and 8 steps. Unlike
 * `certifiedNorm` it leaves out the rounding errors of its own evaluation.
 * shape    [out in] -> []
 * Source: Delattre et al. 2023.
 */
export const gramBound = (weight: Tensor, { steps = 8 }: { readonly steps?: number } = {}): Tensor => {
  const [out, size] = weight.shape as [number, number]
  const gram = matmul(weight, weight, out < size ? { transposeB: true } : { transposeA: true })
  const [last, logarithm] = range(steps).reduce<readonly [Tensor, Tensor]>(
    ([m, sofar]) => {
      const length = frobenius(m)
      const unit = div(m, length)
      return [matmul(unit, unit), mul(2, add(sofar, log(length)))]
    },
    [gram, constantOf(0)]
  )
  return exp(mul(add(log(frobenius(last)), logarithm), 0.5 ** (steps + 1)))
}
