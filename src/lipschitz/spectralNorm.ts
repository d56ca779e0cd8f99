import { abs } from '../tensor/primitives/abs.js'
import { add } from '../tensor/primitives/add.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { div } from '../tensor/primitives/div.js'
import { greater } from '../tensor/primitives/greater.js'
import { iterate } from '../tensor/primitives/iterate.js'
import { matmul } from '../tensor/primitives/matmul.js'
import { max } from '../tensor/primitives/max.js'
import { maximum } from '../tensor/primitives/maximum.js'
import { mul } from '../tensor/primitives/mul.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { sqrt } from '../tensor/primitives/sqrt.js'
import { stopGradient } from '../tensor/primitives/stopGradient.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'

/** Singular vectors as power iteration knows them: u [out], v [in], of length 1. */
export type Vectors = { readonly u: Tensor; readonly v: Tensor }

/** x / |x|, 0 for a vector of zeros. */
export const normalized = (x: Tensor): Tensor => div(x, sqrt(add(sum(mul(x, x)), 1e-300)))
/** M x, or M'x. */
export const times = (m: Tensor, x: Tensor, transposeA = false): Tensor => {
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

/** When power iteration ends: after so many steps, or before that once u and v move by no more than a tolerance. */
export interface Until {
  readonly iterations: number
  /** Of the root mean square change of u and of v in a step: absolute, and relative to their largest entry. */
  readonly tolerance?: { readonly absolute: number; readonly relative: number }
}

/** Whether a vector moved further than the tolerance. */
const moved = (now: Tensor, before: Tensor, { absolute, relative }: NonNullable<Until['tolerance']>): Tensor => {
  const change = sub(now, before)
  const mean = sqrt(div(sum(mul(change, change)), now.shape[0] as number))
  return greater(mean, add(absolute, mul(relative, max(abs(now)))))
}

/**
 * Power iteration from some vectors to its end; the number of steps it took is told. Without derivatives: of the estimate,
 * none is needed through u and v.
 * shape    weight [out in], u [out], v [in] -> the same, and []
 */
export const powerIterations = (
  weight: Tensor,
  start: Vectors,
  { iterations, tolerance }: Until
): Vectors & { readonly steps: Tensor } => {
  const held = stopGradient(weight)
  const [u, v, steps] = iterate({
    names: ['u', 'v', 'steps', 'moving'],
    start: [stopGradient(start.u), stopGradient(start.v), constantOf(0), constantOf(1)],
    limit: iterations,
    going: (_u, _v, _steps, moving) => moving as Tensor,
    step: (...state) => {
      const [oldU, oldV, steps] = state as readonly [Tensor, Tensor, Tensor]
      const next = powerIteration(held)({ u: oldU, v: oldV })
      const going =
        tolerance === undefined
          ? constantOf(1)
          : maximum(moved(next.u, oldU, tolerance), moved(next.v, oldV, tolerance))
      return [next.u, next.v, add(steps, 1), going]
    }
  }) as readonly [Tensor, Tensor, Tensor]
  return { u, v, steps }
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
