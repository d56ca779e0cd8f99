import { dot } from '../solve/vectors.js'
import { add } from '../tensor/primitives/add.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { div } from '../tensor/primitives/div.js'
import { greater } from '../tensor/primitives/greater.js'
import { mul } from '../tensor/primitives/mul.js'
import { select } from '../tensor/primitives/select.js'
import { sqrt } from '../tensor/primitives/sqrt.js'
import { sub } from '../tensor/primitives/sub.js'
import type { Tensor } from '../tensor/tensor.js'

/** v without its parts along orthonormal rows. Twice, as once leaves the roundings of what was taken away (Kahan, Parlett). */
export const withoutPartsAlong = (rows: readonly Tensor[], v: Tensor): Tensor => {
  const once = (w: Tensor): Tensor => rows.reduce((rest, q) => sub(rest, mul(dot(q, rest), q)), w)
  return once(once(v))
}

/** Below this share of a vector's length what is left of it is rounding; float32 and float64 alike. */
const negligible = 2 ** -18

/** What v adds to orthonormal rows: a unit vector, or 0 where v lies among them but for rounding; and its length, or 0. */
export const direction = (rows: readonly Tensor[], v: Tensor): readonly [Tensor, Tensor] => {
  const rest = withoutPartsAlong(rows, v)
  const [left, whole] = [sqrt(dot(rest, rest)), sqrt(dot(v, v))]
  const counts = greater(left, mul(negligible, whole))
  const length = select(counts, left, constantOf(0))
  const unit = div(rest, add(left, select(counts, constantOf(0), constantOf(1))))
  return [mul(unit, select(counts, constantOf(1), constantOf(0))), length]
}

/** Orthonormal rows that span what vectors do, a row of zeros for each that adds nothing. */
export const orthonormal = (vectors: readonly Tensor[]): readonly Tensor[] =>
  vectors.reduce<readonly Tensor[]>((rows, v) => [...rows, direction(rows, v)[0]], [])
