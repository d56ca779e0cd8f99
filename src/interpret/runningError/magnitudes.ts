import { abs } from '../../tensor/primitives/abs.js'
import { add } from '../../tensor/primitives/add.js'
import { constantOf, fillOf, zerosLike } from '../../tensor/primitives/constant.js'
import { greater } from '../../tensor/primitives/greater.js'
import { greaterEqual } from '../../tensor/primitives/greaterEqual.js'
import { mul } from '../../tensor/primitives/mul.js'
import { select } from '../../tensor/primitives/select.js'
import { sub } from '../../tensor/primitives/sub.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Machine } from './machine.js'

/**
 * Bounds are sums and products of magnitudes, so that rounding in a bound itself is a small relative error, repaired at
 * the end by `inflation`; where a bound is subtracted, this much more of it is, for the same reason.
 */
export const margin = 17 / 16

/** Whether a bound is known to be zero when the expression is built. */
export const isZero = (x: Tensor): boolean => fillOf(x) === 0

/** Sum of magnitudes of one shape, of which scalars are repeated; those known to be zero cost nothing. */
export const plus = (...terms: readonly [Tensor, ...(readonly Tensor[])]): Tensor => {
  const [first, ...rest] = terms.filter(term => !isZero(term))
  return first === undefined ? terms[0] : rest.reduce((sum, term) => add(sum, term), first)
}

/** Product of magnitudes of one shape. */
export const times = (a: Tensor, b: Tensor): Tensor => (isZero(a) ? a : isZero(b) ? b : mul(a, b))

/** A magnitude multiplied by a number. */
export const scaled = (x: Tensor, factor: number): Tensor =>
  isZero(x) || factor === 0 ? zerosLike(x) : factor === 1 ? x : mul(x, factor)

/** The magnitude where the condition is 1, else Infinity. */
export const finiteWhere = (condition: Tensor, x: Tensor): Tensor => select(condition, x, Infinity)

/** The magnitude, and Infinity in place of NaN. */
export const certain = (x: Tensor): Tensor => finiteWhere(greaterEqual(x, 0), x)

/** Least magnitude of what a computed number stands for: |x| less its bound; at most 0 if that may be 0. */
export const atLeast = (x: Tensor, bound: Tensor): Tensor =>
  isZero(bound) ? abs(x) : sub(abs(x), scaled(bound, margin))

/** A quotient of magnitudes; Infinity where the divisor is not positive. */
export const over = (x: Tensor, divisor: Tensor, divide: (a: Tensor, b: Tensor) => Tensor): Tensor =>
  isZero(x) ? x : finiteWhere(greater(divisor, 0), divide(x, divisor))

/** n u / (1 - n u): relative error of n roundings (Higham 2002, section 3.1). */
export const gamma = ({ unitRoundoff }: Machine, roundings: number): number => {
  const error = roundings * unitRoundoff
  return error < 1 ? error / (1 - error) : Infinity
}

/** The tiny number as a scalar. */
export const tinyOf = ({ tiny }: Machine): Tensor => constantOf(tiny)
