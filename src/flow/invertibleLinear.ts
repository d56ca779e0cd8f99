import { defect } from '../prelude/defect.js'
import { fromArray } from '../tensor/constructors.js'
import { add } from '../tensor/primitives/add.js'
import { concat } from '../tensor/primitives/concat.js'
import { exp } from '../tensor/primitives/exp.js'
import { matmul } from '../tensor/primitives/matmul.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { eye } from '../tensor/primitives/oneHot.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { slice } from '../tensor/primitives/slice.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import { range } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Bijection } from './bijection.js'

/** What of an invertible matrix is not trained. */
export interface InvertibleLinearShape {
  /** Coordinate i of the result is coordinate `order[i]` of L U x. */
  readonly order: readonly number[]
  /** Signs of the diagonal, 1 or -1. */
  readonly signs: readonly number[]
}

/** Below the diagonal of `lower` and above that of `upper` [d d] is what is used; logScale [d] is ln |diagonal|. */
export type InvertibleLinearParameters = { readonly lower: Tensor; readonly upper: Tensor; readonly logScale: Tensor }

/** Which entries of a [d d] matrix are 1: those where the predicate holds. */
const indicator = (d: number, where: (i: number, j: number) => boolean): Tensor =>
  fromArray(
    range(d * d).map(k => (where(Math.floor(k / d), k % d) ? 1 : 0)),
    [d, d]
  )

const column = (x: Tensor): Tensor => reshape(x, [x.shape[0] as number, 1])

/** The rows of a matrix times a vector. */
const times = (matrix: Tensor, x: Tensor): Tensor => reshape(matmul(matrix, column(x)), [x.shape[0] as number])

const entryOf = (x: Tensor, i: number): Tensor => slice(x, [i], [1])

/** y with (diag(s) + T) y = b, entry by entry; T [d d] has entries only before an entry in the order. */
const substituted = (triangle: Tensor, b: Tensor, inverseScale: Tensor | null, order: readonly number[]): Tensor => {
  const d = b.shape[0] as number
  const found = order.reduce<ReadonlyMap<number, Tensor>>((known, i) => {
    const rest = [...known].reduce(
      (value, [j, y]) => sub(value, mul(reshape(slice(triangle, [i, j], [1, 1]), [1]), y)),
      entryOf(b, i)
    )
    return new Map(known).set(i, inverseScale === null ? rest : mul(rest, entryOf(inverseScale, i)))
  }, new Map())
  return concat(
    range(d).map(i => found.get(i) as Tensor),
    0
  )
}

/**
 * x -> P L (U + diag(s)) x, with L unit lower triangular, U strictly upper triangular, s = sign e^logScale and a fixed
 * permutation P; ln |det| is the sum of logScale. The inverse is two triangular substitutions.
 * Source: Kingma, Dhariwal 2018.
 * @throws TypeError if the order is no permutation of 0, ..., d - 1, or the signs are not d times 1 or -1
 * For example: invertibleLinear({ order: [1, 0], signs: [1, -1] })
 */
export const invertibleLinear = ({ order, signs }: InvertibleLinearShape): Bijection<InvertibleLinearParameters> => {
  const d = order.length
  if (![...order].sort((a, b) => a - b).every((x, i) => x === i))
    return defect(`invertibleLinear: the order [${order}] is no permutation of 0, ..., ${d - 1}`)
  if (signs.length !== d || !signs.every(s => s === 1 || s === -1))
    return defect(`invertibleLinear: needs ${d} signs 1 or -1, not [${signs}]`)
  const permutation = indicator(d, (i, j) => order[i] === j)
  const below = indicator(d, (i, j) => j < i)
  const above = indicator(d, (i, j) => j > i)
  const sign = fromArray(signs)
  return {
    forward:
      ({ lower, upper, logScale }) =>
      x => {
        const inner = add(times(mul(upper, above), x), mul(mul(sign, exp(logScale)), x))
        return { value: times(permutation, times(add(eye(d), mul(lower, below)), inner)), logDet: sum(logScale) }
      },
    inverse:
      ({ lower, upper, logScale }) =>
      y => {
        const straight = reshape(matmul(permutation, column(y), { transposeA: true }), [d])
        const inner = substituted(lower, straight, null, range(d))
        const value = substituted(upper, inner, mul(sign, exp(neg(logScale))), [...range(d)].reverse())
        return { value, logDet: neg(sum(logScale)) }
      }
  }
}
