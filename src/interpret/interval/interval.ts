/**
 * Intervals of the extended reals, infinities included, and enclosures of functions on them: whatever numbers the
 * arguments stand for, the exact result lies in the result. Signed zeros are one number.
 *
 * Nothing (NaN, NaN) is claimed where an operation is undefined for some numbers of its arguments: infinity minus infinity,
 * 0 times infinity, 0 / 0, a root or logarithm below 0, the sine of infinity. A nonzero number by 0 is infinite, of unknown
 * sign; ln 0 is -Infinity. What overflows lies between MAX and infinity, what underflows between 0 and the smallest float.
 * Every function of nothing is nothing; there is no empty interval.
 */
import { expAt, expm1At, sigmoidAt, tanhAt } from './exponential.js'
import { log1pAt, logAt, softplusAt } from './logarithm.js'
import { addDown, addUp, divDown, divUp, type Interval, mulDown, mulUp, sqrtDown, sqrtUp } from './rounding.js'

export type { Interval } from './rounding.js'
export { cos, sin } from './trigonometric.js'

/** No claim. */
export const nothing: Interval = Object.freeze({ lo: Number.NaN, hi: Number.NaN })

/** No bound, but a number. */
export const entire: Interval = Object.freeze({ lo: -Infinity, hi: Infinity })

/** The interval from lo to hi; nothing where they are not in order. */
export const interval = (lo: number, hi: number): Interval => (lo <= hi ? { lo, hi } : nothing)

/** A single number; nothing for NaN. */
export const point = (x: number): Interval => ({ lo: x, hi: x })

/** Whether no claim is made. */
export const isNothing = ({ lo, hi }: Interval): boolean => !(lo <= hi)

/** Whether the number is among those of the interval; false for nothing and for NaN. */
export const contains = ({ lo, hi }: Interval, x: number): boolean => lo <= x && x <= hi

/** Whether every number of b is one of a; false if either is nothing. */
export const includes = (a: Interval, b: Interval): boolean => a.lo <= b.lo && b.hi <= a.hi

/** The smallest interval with the numbers of both. */
export const hull = (a: Interval, b: Interval): Interval => interval(Math.min(a.lo, b.lo), Math.max(a.hi, b.hi))

/** What is in both, if both enclose the same number: nothing tells nothing, so the other is left. */
export const meet = (a: Interval, b: Interval): Interval => {
  if (isNothing(a)) return b
  return isNothing(b) ? a : interval(Math.max(a.lo, b.lo), Math.min(a.hi, b.hi))
}

/** An upper bound of hi - lo. */
export const width = ({ lo, hi }: Interval): number => addUp(hi, -lo)

/** Largest |x|. */
export const magnitude = ({ lo, hi }: Interval): number => Math.max(-lo, hi)

/** -a. */
export const neg = ({ lo, hi }: Interval): Interval => ({ lo: -hi, hi: -lo })

/** a + b. */
export const add = (a: Interval, b: Interval): Interval => {
  if ((a.hi === Infinity && b.lo === -Infinity) || (a.lo === -Infinity && b.hi === Infinity)) return nothing
  return { lo: addDown(a.lo, b.lo), hi: addUp(a.hi, b.hi) }
}

/** a - b. */
export const sub = (a: Interval, b: Interval): Interval => add(a, neg(b))

/** a b. */
export const mul = (a: Interval, b: Interval): Interval => {
  if ((contains(a, 0) && magnitude(b) === Infinity) || (contains(b, 0) && magnitude(a) === Infinity)) return nothing
  if (a.lo >= 0 && b.lo >= 0) return { lo: mulDown(a.lo, b.lo), hi: mulUp(a.hi, b.hi) }
  return {
    lo: Math.min(mulDown(a.lo, b.lo), mulDown(a.lo, b.hi), mulDown(a.hi, b.lo), mulDown(a.hi, b.hi)),
    hi: Math.max(mulUp(a.lo, b.lo), mulUp(a.lo, b.hi), mulUp(a.hi, b.lo), mulUp(a.hi, b.hi))
  }
}

/** a / b. */
export const div = (a: Interval, b: Interval): Interval => {
  if (isNothing(a) || isNothing(b) || (magnitude(a) === Infinity && magnitude(b) === Infinity)) return nothing
  if (contains(b, 0)) return contains(a, 0) ? nothing : entire
  return {
    lo: Math.min(divDown(a.lo, b.lo), divDown(a.lo, b.hi), divDown(a.hi, b.lo), divDown(a.hi, b.hi)),
    hi: Math.max(divUp(a.lo, b.lo), divUp(a.lo, b.hi), divUp(a.hi, b.lo), divUp(a.hi, b.hi))
  }
}

/** The square root. */
export const sqrt = ({ lo, hi }: Interval): Interval => (lo >= 0 ? { lo: sqrtDown(lo), hi: sqrtUp(hi) } : nothing)

/** |a|. */
export const abs = (a: Interval): Interval => {
  if (!(a.lo < 0)) return a
  return a.hi <= 0 ? neg(a) : { lo: 0, hi: magnitude(a) }
}

/** The larger of two. */
export const maximum = (a: Interval, b: Interval): Interval => ({ lo: Math.max(a.lo, b.lo), hi: Math.max(a.hi, b.hi) })

/** The smaller of two. */
export const minimum = (a: Interval, b: Interval): Interval => ({ lo: Math.min(a.lo, b.lo), hi: Math.min(a.hi, b.hi) })

/** x^n rounded in one direction, for x >= 0 and n >= 0. */
const raised = (x: number, n: number, product: (a: number, b: number) => number): number => {
  let [result, square] = [1, x]
  for (let left = n; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = product(result, square)
    if (left > 1) square = product(square, square)
  }
  return result
}

/** a^n for an integer n; 0^0 = 1. */
export const power = (a: Interval, n: number): Interval => {
  if (isNothing(a)) return nothing
  if (n < 0) return div(point(1), power(a, -n))
  if (n === 0) return point(1)
  if (n % 2 === 1 && a.lo < 0) {
    const lo = -raised(-a.lo, n, mulUp)
    return a.hi < 0 ? { lo, hi: -raised(-a.hi, n, mulDown) } : { lo, hi: raised(a.hi, n, mulUp) }
  }
  const { lo, hi } = n % 2 === 0 ? abs(a) : a
  return { lo: raised(lo, n, mulDown), hi: raised(hi, n, mulUp) }
}

/** An increasing function, from enclosures of its values at floats. */
const increasing =
  (at: (x: number) => Interval) =>
  ({ lo, hi }: Interval): Interval => {
    if (!(lo <= hi)) return nothing
    const first = at(lo)
    return lo === hi ? first : { lo: first.lo, hi: Math.max(first.hi, at(hi).hi) }
  }

/** e^a. */
export const exp = increasing(expAt)
/** e^a - 1. */
export const expm1 = increasing(expm1At)
/** The natural logarithm; -Infinity at 0. */
export const log = increasing(logAt)
/** ln(1 + a); -Infinity at -1. */
export const log1p = increasing(log1pAt)
/** The hyperbolic tangent. */
export const tanh = increasing(tanhAt)
/** 1 / (1 + e^-a). */
export const sigmoid = increasing(sigmoidAt)
/** ln(1 + e^a). */
export const softplus = increasing(softplusAt)
