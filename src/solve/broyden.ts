import { abs } from '../tensor/primitives/abs.js'
import { add } from '../tensor/primitives/add.js'
import { broadcast } from '../tensor/primitives/broadcast.js'
import { div } from '../tensor/primitives/div.js'
import { greater } from '../tensor/primitives/greater.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { eye } from '../tensor/primitives/oneHot.js'
import { select } from '../tensor/primitives/select.js'
import { solve } from '../tensor/primitives/solve.js'
import { sub } from '../tensor/primitives/sub.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Solver } from './solver.js'
import { dot, times, timesTransposed } from './vectors.js'

const outer = (a: Tensor, b: Tensor, like: Tensor): Tensor =>
  mul(broadcast(a, like.shape, [0]), broadcast(b, like.shape, [1]))

/**
 * Good Broyden in its inverse form, with the full matrix H ~ J^-1 for small n: s = -H F, then
 * H <- H + (s - H y)(s' H) / (s' H y), y the change of F. An update whose denominator is tiny is skipped.
 * Source: C. G. Broyden 1965.
 * @param start H_0: the identity (the first step is Picard's), or the inverse of the exact Jacobian
 */
export const broyden = ({ start }: { readonly start: 'identity' | 'jacobian' } = { start: 'identity' }): Solver => ({
  name: 'broyden',
  init: ({ slopes }, z) => {
    const n = z.shape[0] as number
    return [start === 'identity' ? eye(n) : solve(slopes(z), eye(n), { transpose: true })]
  },
  step: (residual, [inverse]) => neg(times(inverse as Tensor, residual)),
  learn: (_, { z, residual, newZ, newResidual }, [inverse]) => {
    const h = inverse as Tensor
    const s = sub(newZ, z)
    const hy = times(h, sub(newResidual, residual))
    const hs = timesTransposed(h, s)
    const scale = dot(s, hy)
    const safe = greater(abs(scale), mul(1e-10, dot(s, s)))
    const left = div(sub(s, hy), select(safe, scale, 1))
    return [add(h, select(safe, outer(left, hs, h), 0))]
  }
})
