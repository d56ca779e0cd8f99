import type { Contractive } from '../lipschitz/contractive.js'
import type { Tree } from '../tensor/tree.js'
import { type Bijection, compose, invert } from './bijection.js'
import { type Method, residual } from './residual.js'

/** Parameters of the two nets of a block. */
export type ImplicitParameters<P extends Tree, Q extends Tree> = { readonly gx: P; readonly gz: Q }

/**
 * The root z of x + gx(x) = z + gz(z), that is (Id + gz)^-1 after (Id + gx): an ImpFlow block. Its inverse is the block
 * with the nets exchanged.
 * Source: Lu et al. 2021, eq. 3 and Theorem 1.
 */
export const implicit =
  (method: Method) =>
  <P extends Tree, Q extends Tree>(gx: Contractive<P>, gz: Contractive<Q>): Bijection<ImplicitParameters<P, Q>> => {
    const block = compose(residual(method)(gx), invert(residual(method)(gz)))
    return { forward: p => block.forward([p.gx, p.gz]), inverse: p => block.inverse([p.gx, p.gz]) }
  }
