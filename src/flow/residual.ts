import type { Contractive } from '../lipschitz/contractive.js'
import type { LogDet } from '../logdet/exact.js'
import { eliminates } from '../solve/defaultSolver.js'
import { root } from '../solve/root.js'
import type { Solver } from '../solve/solver.js'
import { add } from '../tensor/primitives/add.js'
import { neg } from '../tensor/primitives/neg.js'
import { eye } from '../tensor/primitives/oneHot.js'
import { sub } from '../tensor/primitives/sub.js'
import type { Tree } from '../tensor/tree.js'
import type { Bijection } from './bijection.js'

/** How the blocks of a flow find log-determinants and roots. */
export interface Method {
  readonly logDet: LogDet
  /** Of roots; unless told, the one that `defaultSolver` has for their dimension. */
  readonly solver?: Solver
  /** A root is done when |F| <= tolerance (1 + |z|). */
  readonly tolerance: number
}

/**
 * x -> x + g(x). The inverse is the root of x + g(x) = z; parameters and z are simply captured: they are expressions.
 * Source: Behrmann et al. 2019; Lu et al. 2021, eq. 2.
 */
export const residual =
  ({ logDet, solver, tolerance }: Method) =>
  <P extends Tree>({ net, bound }: Contractive<P>): Bijection<P> => ({
    forward: p => x => ({ value: add(x, net(p).value(x)), logDet: logDet(net(p))(x) }),
    inverse: p => z => {
      const g = net(p)
      const x = root(y => sub(add(y, g.value(y)), z), {
        slopes: y => add(eye(y.shape[0] as number), g.tangents(y)[1]),
        start: z,
        contraction: bound(p),
        solver,
        tolerance
      })
      // Eliminating the linear system behind the root's derivative takes the Jacobian there.
      return { value: x, logDet: neg(logDet(g)(x, eliminates(x.shape[0] as number) ? g.tangents(x)[1] : undefined)) }
    }
  })
