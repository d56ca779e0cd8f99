import type { Contractive, Smooth } from '../lipschitz/contractive.js'
import { root } from '../solve/root.js'
import { add } from '../tensor/primitives/add.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { eye } from '../tensor/primitives/oneHot.js'
import { sub } from '../tensor/primitives/sub.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Tree } from '../tensor/tree.js'
import type { Bijection, Image } from './bijection.js'
import type { Method } from './residual.js'

/** -g. */
const negated = ({ value, tangents }: Smooth): Smooth => ({
  value: x => neg(value(x)),
  tangents: x => {
    const [y, rows] = tangents(x)
    return [neg(y), neg(rows)]
  }
})

const middle = (x: Tensor, y: Tensor): Tensor => mul(Math.SQRT1_2, add(x, y))

/**
 * sqrt2 w - x, where w + g(w) = sqrt2 x: a monotone block, (2 (Id + g)^-1 - Id) between scalings by sqrt2 and 1/sqrt2. Its
 * inverse is the block of -g. As w = (x + y) / sqrt2, the root is looked for as y itself, in y + sqrt2 g(w) = x, with the
 * same constant L: a residual r in w is sqrt2 r in y, so the error bound of the root is sqrt2 |r| / (1 - L).
 * ln |det| is ln det(I - J) - ln det(I + J) with the Jacobian J of g at w; both directions stretch by at most
 * (1 + L) / (1 - L).
 * Source: Ahn, Kim, Hong, Kim 2022; that one block is exactly Lu et al.'s class F: proofs/MonotoneBlock.v.
 */
export const monotone =
  ({ logDet, solver, tolerance }: Method) =>
  <P extends Tree>({ net, bound }: Contractive<P>): Bijection<P> => {
    const image =
      (side: (g: Smooth) => Smooth) =>
      (p: P) =>
      (x: Tensor): Image => {
        const g = side(net(p))
        const y = root(at => add(sub(at, x), mul(Math.SQRT2, g.value(middle(x, at)))), {
          slopes: at => add(eye(at.shape[0] as number), g.tangents(middle(x, at))[1]),
          start: x,
          contraction: bound(p),
          solver,
          tolerance
        })
        const w = middle(x, y)
        return { value: y, logDet: sub(logDet(negated(g))(w), logDet(g)(w)) }
      }
    return { forward: image(g => g), inverse: image(negated) }
  }
