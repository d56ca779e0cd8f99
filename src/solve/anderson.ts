import { add } from '../tensor/primitives/add.js'
import { broadcast } from '../tensor/primitives/broadcast.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { div } from '../tensor/primitives/div.js'
import { greater } from '../tensor/primitives/greater.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { eye } from '../tensor/primitives/oneHot.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { select } from '../tensor/primitives/select.js'
import { solve } from '../tensor/primitives/solve.js'
import { sqrt } from '../tensor/primitives/sqrt.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Solver } from './solver.js'
import { remembered, times, timesTransposed } from './vectors.js'

/** Added to the diagonal of the normal equations, whose diagonal is 1. */
const ridge = 1e-10

/** 1 / the length of every row [m n], 0 for rows of zeros. */
const inverseLengths = (rows: Tensor): Tensor => {
  const lengths = sqrt(sum(mul(rows, rows), [1]))
  const known = greater(lengths, 0)
  return mul(known, div(1, select(known, lengths, 1)))
}

/** The products of all rows [m n] with each other, [m m]. */
const products = (rows: Tensor): Tensor => {
  const [m, n] = rows.shape as [number, number]
  return sum(mul(broadcast(rows, [m, m, n], [0, 2]), broadcast(rows, [m, m, n], [1, 2])), [2])
}

const scaledRows = (rows: Tensor, factors: Tensor): Tensor => mul(rows, broadcast(factors, rows.shape, [0]))

/**
 * Anderson's acceleration of z <- z - F(z), type II: with differences S of points and Y of F over the last steps,
 * g = argmin |F - Y'g| and the step is -F - (S - Y)'g. The least squares are solved by normal equations of rows scaled to
 * length 1; where they are too ill-conditioned to help, the safeguard refuses the step. After a refusal the memory begins
 * anew with what was learned from it.
 * Source: Anderson 1965; Walker, Ni 2011.
 * @param memory differences that are kept, and never more than there are unknowns
 */
export const anderson = ({ memory }: { readonly memory: number } = { memory: 5 }): Solver => ({
  name: 'anderson',
  init: (_problem, z) => {
    // More differences than unknowns depend on each other.
    const n = z.shape[0] as number
    const none = constantOf(0, [Math.min(memory, n), n])
    return [none, none]
  },
  step: (residual, [points, changes]) => {
    const kept = (changes as Tensor).shape[0] as number
    const scale = inverseLengths(changes as Tensor)
    const s = scaledRows(points as Tensor, scale)
    const y = scaledRows(changes as Tensor, scale)
    const empty = sub(1, greater(scale, 0))
    const diagonal = mul(eye(kept), broadcast(add(ridge, empty), [kept, kept], [0]))
    // Eigenvalues of the normal matrix are in (0, m + ridge]: divided by m, it is near the identity.
    const normal = div(add(products(y), diagonal), kept)
    const right = div(times(y, residual), kept)
    const weights = reshape(solve(normal, reshape(right, [kept, 1])), [kept])
    return neg(add(residual, timesTransposed(sub(s, y), weights)))
  },
  learn: (_problem, { z, residual, newZ, newResidual }, memories, accepted) =>
    [sub(newZ, z), sub(newResidual, residual)].map((row, i) => {
      const rows = memories[i] as Tensor
      return remembered(select(accepted, rows, mul(0, rows)), row)
    })
})
