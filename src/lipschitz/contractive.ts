import { type MlpParameters, type MlpShape, mlp } from '../net/mlp.js'
import { mlpTangents } from '../net/mlpTangents.js'
import { defect } from '../prelude/defect.js'
import { tangents } from '../rewrite/derivatives.js'
import { add } from '../tensor/primitives/add.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { matmul } from '../tensor/primitives/matmul.js'
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

/** Anything whose constant is proved elsewhere: the place is to be named, the bound is taken on trust. */
export const byLemma = <P extends Tree>(
  source: string,
  value: (parameters: P) => (x: Tensor) => Tensor,
  bound: (parameters: P) => Tensor
): Contractive<P> =>
  source.trim() === ''
    ? defect('a lemma needs a source: author, year, number')
    : rule(parameters => ({ value: value(parameters), tangents: tangents(value(parameters)) }), bound)

/** A net whose parameters are a function of others: for any of those it is the net of the result, with its constant. */
export const reparametrised = <P extends Tree, Q extends Tree>(
  { net, bound }: Contractive<P>,
  parametersOf: (parameters: Q) => P
): Contractive<Q> =>
  rule(
    parameters => net(parametersOf(parameters)),
    parameters => bound(parametersOf(parameters))
  )

/** A multiple of a net: |factor| times its constant. */
export const scaled = <P extends Tree>(factor: number, { net, bound }: Contractive<P>): Contractive<P> =>
  rule(
    parameters => {
      const g = net(parameters)
      return {
        value: x => mul(factor, g.value(x)),
        tangents: x => {
          const [y, rows] = g.tangents(x)
          return [mul(factor, y), mul(factor, rows)]
        }
      }
    },
    parameters => mul(Math.abs(factor), bound(parameters))
  )

/** The sum of two nets: at most the sum of their constants. */
export const summed = <P extends Tree, Q extends Tree>(
  f: Contractive<P>,
  g: Contractive<Q>
): Contractive<readonly [P, Q]> =>
  rule(
    ([p, q]) => ({
      value: x => add(f.net(p).value(x), g.net(q).value(x)),
      tangents: x => {
        const [y, rows] = f.net(p).tangents(x)
        const [z, others] = g.net(q).tangents(x)
        return [add(y, z), add(rows, others)]
      }
    }),
    ([p, q]) => add(f.bound(p), g.bound(q))
  )

/** First f, then g: at most the product of their constants. */
export const composed = <P extends Tree, Q extends Tree>(
  f: Contractive<P>,
  g: Contractive<Q>
): Contractive<readonly [P, Q]> =>
  rule(
    ([p, q]) => ({
      value: x => g.net(q).value(f.net(p).value(x)),
      tangents: x => {
        const [y, rows] = f.net(p).tangents(x)
        const [z, others] = g.net(q).tangents(y)
        return [z, matmul(rows, others)]
      }
    }),
    ([p, q]) => mul(f.bound(p), g.bound(q))
  )
