import { add } from '../tensor/primitives/add.js'
import { div } from '../tensor/primitives/div.js'
import { matmul } from '../tensor/primitives/matmul.js'
import { maximum } from '../tensor/primitives/maximum.js'
import { mul } from '../tensor/primitives/mul.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { sqrt } from '../tensor/primitives/sqrt.js'
import { stopGradient } from '../tensor/primitives/stopGradient.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'

/** Singular vectors as power iteration knows them: u [out], v [in], of length 1. */
export type Vectors = { readonly u: Tensor; readonly v: Tensor }

const normalized = (x: Tensor): Tensor => div(x, sqrt(add(sum(mul(x, x)), 1e-300)))
const times = (m: Tensor, x: Tensor, transposeA = false): Tensor => {
  const column = matmul(m, reshape(x, [...x.shape, 1]), { transposeA })
  return reshape(column, column.shape.slice(0, 1))
}

/** One step of power iteration, u first: u <- W v, v <- W' u, each normalised. */
export const powerIteration =
  (weight: Tensor) =>
  ({ v }: Vectors): Vectors => {
    const u = normalized(times(weight, v))
    return { u, v: normalized(times(weight, u, true)) }
  }

/** The estimate u' W v of the spectral norm: a LOWER bound, differentiable in W with u and v held. */
export const estimatedNorm = (weight: Tensor, { u, v }: Vectors): Tensor =>
  sum(mul(stopGradient(u), times(weight, stopGradient(v))))

/**
 * W / max(1, sigma / coefficient), sigma the estimate. As it is a lower bound, the result's norm may exceed the
 * coefficient a little; certify it with `certifiedNorm`.
 * Source: Miyato et al. 2018; Behrmann et al. 2019.
 */
export const spectrallyNormalized = (weight: Tensor, vectors: Vectors, coefficient: number): Tensor =>
  div(weight, maximum(1, div(estimatedNorm(weight, vectors), coefficient)))
