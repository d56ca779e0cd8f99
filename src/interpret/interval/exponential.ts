/**
 * e^x and what is made of it. Reduction: x = k ln 2 + r with |r| <= 0.3467; k ln 2 is at most 751, within 2^-103
 * relatively, so r is within 2^-93 absolutely, and exact where k is 0. Then s = r / 32, |s| < 0.0109, and the Taylor
 * polynomial of degree 12 of (e^s - 1) / s: what it leaves out is below 2^-110. The terms of its Horner sum fall by a
 * factor of 100, so that it is within 8 operations, 2^-98. Five times e^2s - 1 = y (2 + y): a relative error grows by
 * (2 + 2y) / (2 + y) < 1.2 and by three operations, to 2^-95. So e^r is within 2^-92 relatively, and e^r - 1 as well where
 * k is 0. Nothing comes near underflow: arguments below 2^-54 are handled by their first terms.
 */
import { ln2 } from './constants.js'
import {
  type DoubleDouble,
  exactly,
  horner,
  inverseFactorials,
  outward,
  over,
  plus,
  scaledBy,
  times
} from './doubleDouble.js'
import { down, type Interval, MAX, powerOfTwo, up } from './rounding.js'

const one = exactly(1)
const two = exactly(2)

/** 1/1!, 1/2!, ..., 1/13!. */
const taylor = inverseFactorials(13).slice(1)

/** Below this, first terms suffice. */
export const minute = powerOfTwo(-54)

/** e^x = (1 + rest) 2^exponent, for minute <= |x| <= 760. */
const reduced = (x: number): { readonly rest: DoubleDouble; readonly exponent: number } => {
  const exponent = Math.round(x / ln2.high)
  const r = exponent === 0 ? exactly(x) : plus(exactly(x), times(exactly(-exponent), ln2))
  const s = scaledBy(powerOfTwo(-5), r)
  let rest = times(s, horner(taylor, s))
  for (let i = 0; i < 5; i++) rest = times(rest, plus(two, rest))
  return { rest, exponent }
}

/** e^-x for minute <= x <= 160. */
export const decayed = (x: number): DoubleDouble => {
  const { rest, exponent } = reduced(-x)
  return scaledBy(powerOfTwo(exponent), plus(one, rest))
}

/** Encloses e^x at a float or infinity; NaN there. */
export const expAt = (x: number): Interval => {
  if (x > 710) return { lo: x === Infinity ? x : MAX, hi: Infinity }
  if (x < -750) return { lo: 0, hi: x === -Infinity ? 0 : powerOfTwo(-1074) }
  if (x === 0) return { lo: 1, hi: 1 }
  if (Math.abs(x) < minute) return { lo: x < 0 ? down(1) : 1, hi: x < 0 ? 1 : up(1) }
  const { rest, exponent } = reduced(x)
  return outward(plus(one, rest), exponent)
}

/** e^x - 1 = 2^exponent (1 + rest - 2^-exponent): where exponent is not 0, it is at least 0.29 from 0. */
export const expm1At = (x: number): Interval => {
  if (x > 710 || x === 0) return x === 0 ? { lo: x, hi: x } : { lo: x === Infinity ? x : MAX, hi: Infinity }
  if (x < -60) return { lo: -1, hi: x === -Infinity ? -1 : up(-1) }
  if (Math.abs(x) < minute) return { lo: x, hi: up(x) }
  const { rest, exponent } = reduced(x)
  if (exponent === 0) return outward(rest)
  if (exponent > 0) return outward(plus(plus(one, rest), exactly(-powerOfTwo(-exponent))), exponent)
  return outward(plus(scaledBy(powerOfTwo(exponent), plus(one, rest)), exactly(-1)))
}

const negated = ({ lo, hi }: Interval): Interval => ({ lo: -hi, hi: -lo })

/** tanh x = e / (2 + e), e = e^2x - 1 > 0; x - x^3/3 < tanh x < x for small x > 0; 1 - tanh 22 < 2^-60. */
export const tanhAt = (x: number): Interval => {
  if (x < 0) return negated(tanhAt(-x))
  if (x > 22) return { lo: x === Infinity ? 1 : down(1), hi: 1 }
  if (x < powerOfTwo(-27)) return { lo: x === 0 ? x : down(x), hi: x }
  const { rest, exponent } = reduced(2 * x)
  const e = exponent === 0 ? rest : plus(scaledBy(powerOfTwo(exponent), plus(one, rest)), exactly(-1))
  return outward(over(e, plus(two, e)))
}

/**
 * sigma(x) = 1 / (1 + e^-x) for x >= 0, else e^x / (1 + e^x), so that no sum cancels; below -160 the denominator is within
 * 2^-230 of 1, which the room in `outward` covers; above 40 the value is within 2^-57 of 1; |sigma(x) - 1/2| < |x| / 4.
 */
export const sigmoidAt = (x: number): Interval => {
  if (x > 40) return { lo: x === Infinity ? 1 : down(1), hi: 1 }
  if (x < -160) return expAt(x)
  if (Math.abs(x) < minute) return { lo: x < 0 ? down(0.5) : 0.5, hi: x > 0 ? up(0.5) : 0.5 }
  const e = decayed(Math.abs(x))
  return outward(x > 0 ? over(one, plus(one, e)) : over(e, plus(one, e)))
}
