import type { Bijection } from '../flow/bijection.js'
import { add } from '../tensor/primitives/add.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Tree } from '../tensor/tree.js'
import { standardNormal } from './normal.js'

/** What a flow says of one sample. */
export interface Density {
  readonly z: Tensor
  readonly logDet: Tensor
  /** ln p(x) in nats. */
  readonly logDensity: Tensor
}

/**
 * The density of one sample under a flow with a standard normal base.
 * Source: Lu et al. 2021, eq. 1.
 */
export const logProb =
  <P extends Tree>(flow: Bijection<P>) =>
  (parameters: P) =>
  (x: Tensor): Density => {
    const { value: z, logDet } = flow.forward(parameters)(x)
    return { z, logDet, logDensity: add(standardNormal(z), logDet) }
  }

/** The sample that a draw from the base becomes. No log-determinant is computed. */
export const sample =
  <P extends Tree>(flow: Bijection<P>) =>
  (parameters: P) =>
  (noise: Tensor): Tensor =>
    flow.inverse(parameters)(noise).value
