import { abs } from '../tensor/primitives/abs.js'
import { add } from '../tensor/primitives/add.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { div } from '../tensor/primitives/div.js'
import { greater } from '../tensor/primitives/greater.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { select } from '../tensor/primitives/select.js'
import { slice } from '../tensor/primitives/slice.js'
import { sub } from '../tensor/primitives/sub.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Solver } from './solver.js'
import { dot, remembered, times, timesTransposed } from './vectors.js'

/** (I + sum of u v') t for pairs in the rows of u and v. */
const applied = (u: Tensor, v: Tensor, t: Tensor): Tensor => add(t, timesTransposed(u, times(v, t)))

/**
 * Good Broyden in its inverse form with the last pairs only: H = I + sum of u_i v_i', u = (s - H y) / (s'H y), v = H's, in
 * 2 m n numbers instead of n^2. When a new pair comes, the oldest is dropped first, so that H y = s holds for the H that
 * stays. An update whose denominator is tiny is skipped.
 * Source: Broyden 1965, in the limited form of Bai, Kolter, Koltun 2019.
 * @param memory pairs that are kept
 */
export const limitedBroyden = ({ memory }: { readonly memory: number } = { memory: 8 }): Solver => ({
  name: 'limitedBroyden',
  init: (_problem, z) => {
    const none = constantOf(0, [memory, z.shape[0] as number])
    return [none, none]
  },
  step: (residual, [u, v]) => neg(applied(u as Tensor, v as Tensor, residual)),
  learn: (_problem, { z, residual, newZ, newResidual }, memories) => {
    const [u, v] = memories as readonly [Tensor, Tensor]
    const [m, n] = u.shape as [number, number]
    const [keptU, keptV] = [u, v].map(rows => slice(rows, [0, 0], [m - 1, n])) as [Tensor, Tensor]
    const s = sub(newZ, z)
    const hy = applied(keptU, keptV, sub(newResidual, residual))
    const scale = dot(s, hy)
    const safe = greater(abs(scale), mul(1e-10, dot(s, s)))
    const newU = div(sub(s, hy), select(safe, scale, 1))
    return [select(safe, remembered(u, newU), u), select(safe, remembered(v, applied(keptV, keptU, s)), v)]
  }
})
