import { type MlpParameters, type MlpShape, mlp } from '../net/mlp.js'
import { mlpTangents } from '../net/mlpTangents.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { mul } from '../tensor/primitives/mul.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Tree } from '../tensor/tree.js'

declare const proved: unique symbol

/** A function of one sample [d] -> [d] that knows its value and its tangents along every coordinate. */
export interface Smooth {
  readonly value: (x: Tensor) => Tensor
  /** The value and the transposed Jacobian: row i is the derivative along coordinate i. */
  readonly tangents: (x: Tensor) => readonly [Tensor, Tensor]
}

/**
 * A net with a Lipschitz bound that the rules of this file derive from its parameters. Blocks take nothing else, so a
 * net of unknown constant cannot become a flow. Whether the bound is below 1 depends on the numbers, and is checked
 * wherever numbers come in.
 */
export interface Contractive<P extends Tree> {
  readonly net: (parameters: P) => Smooth
  /** An upper bound of the net's Lipschitz constant (Euclidean norms), as a scalar expression. */
  readonly bound: (parameters: P) => Tensor
  readonly [proved]: true
}

const rule = <P extends Tree>(net: (parameters: P) => Smooth, bound: (parameters: P) => Tensor): Contractive<P> =>
  ({ net, bound }) as Contractive<P>

/** Effective parameters: weights as used, and an upper bound of each one's spectral norm. */
export type Normed = MlpParameters & { readonly norms: readonly Tensor[] }

/** A dense net: its constant is at most the product of its weights' norms and of its activations' slopes. */
export const contractiveMlp = (shape: MlpShape): Contractive<Normed> =>
  rule<Normed>(
    parameters => ({ value: mlp(shape)(parameters), tangents: mlpTangents(shape)(parameters) }),
    ({ layers, norms }) => {
      const activations = layers.length - 1 + (shape.leading ? 1 : 0)
      return norms.reduce((product, norm) => mul(product, norm), constantOf(shape.activation.lipschitz ** activations))
    }
  )
