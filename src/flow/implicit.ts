import type { Contractive } from '../lipschitz/contractive.js'
import type { Tree } from '../tensor/tree.js'
import { type Bijection, compose, invert } from './bijection.js'
import { type Method, residual } from './residual.js'

/**
 * The root z of x + gx(x) = z + gz(z), that is (Id + gz)^-1 after (Id + gx): an ImpFlow block. Its inverse is the block
 * with the nets exchanged.
 * Source: Lu et al. 2021, eq. 3 and Theorem 1.
 */
export const implicit =
  (method: Method) =>
  <P extends Tree, Q extends Tree>(gx: Contractive<P>, gz: Contractive<Q>): Bijection<readonly [P, Q]> =>
    compose(residual(method)(gx), invert(residual(method)(gz)))
