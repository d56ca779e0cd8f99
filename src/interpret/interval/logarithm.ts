/**
 * ln x, ln(1 + x), ln(1 + e^x). Reduction: the argument is 2^k m with m in [0.7, 1.42], ln m = 2 artanh(t) for
 * t = (m - 1) / (m + 1), |t| < 0.1735. With z = t^2 < 0.0302, artanh(t) / t = 1 + z/3 + z^2/5 + ... is cut after z^21 / 43:
 * what is left out is below z^22 / 45 / (1 - z) < 2^-116. Terms fall by a factor of 30, so its Horner sum is within
 * 6 operations; t within 4 (m - 1 is exact to 2^-104). So ln m is within 2^-97 relatively. Where k is not 0,
 * |k ln 2| <= 3 |k ln 2 + ln m|, so the sum is within 2^-94.
 */
import { ln2 } from './constants.js'
import { type DoubleDouble, exactly, exactSum, horner, outward, over, plus, scaledBy, times } from './doubleDouble.js'
import { decayed, expAt, minute } from './exponential.js'
import { down, type Interval, normalised, powerOfTwo, up } from './rounding.js'

const two = exactly(2)

/** 1, 1/3, 1/5, ..., 1/43. */
const series = Array.from({ length: 22 }, (_, j) => over(exactly(1), exactly(2 * j + 1)))

/** ln(1 + w) for w in [-0.3, 0.42] that is not nearly 0, or is 0. */
const nearOne = (w: DoubleDouble): DoubleDouble => {
  if (w.high === 0) return w
  const t = over(w, plus(two, w))
  return scaledBy(2, times(t, horner(series, times(t, t))))
}

/** ln(high + low) for a normal number above 0. */
const logarithm = ({ high, low }: DoubleDouble): DoubleDouble => {
  const { fraction, exponent } = normalised(high)
  const k = fraction > 1.41 ? exponent + 1 : exponent
  const m = fraction > 1.41 ? fraction / 2 : fraction
  const rest = k === exponent ? low : low / 2
  const part = nearOne(exactSum(m - 1, rest === 0 ? 0 : rest * powerOfTwo(-exponent)))
  return k === 0 ? part : plus(times(exactly(k), ln2), part)
}

/** ln(1 + w), w >= -1/2 that is not nearly 0 and not above 2^60. */
const logarithmOfOneAnd = (w: DoubleDouble): DoubleDouble =>
  w.high > -0.29 && w.high < 0.41 ? nearOne(w) : logarithm(plus(exactly(1), w))

const nothing: Interval = { lo: Number.NaN, hi: Number.NaN }

/** Encloses ln x at a float or infinity: -Infinity at 0, NaN below. */
export const logAt = (x: number): Interval => {
  if (!(x >= 0)) return nothing
  if (x === 0) return { lo: -Infinity, hi: -Infinity }
  if (x === Infinity) return { lo: x, hi: x }
  return outward(logarithm(exactly(x)))
}

/** ln(1 + x): x - x^2/2 < ln(1 + x) < x near 0; 1 + x is exact as a sum of two floats; above 2^100 it is ln x. */
export const log1pAt = (x: number): Interval => {
  if (!(x > -1)) return x === -1 ? { lo: -Infinity, hi: -Infinity } : nothing
  if (x === 0 || x === Infinity) return { lo: x, hi: x }
  if (Math.abs(x) < minute) return { lo: down(x), hi: x }
  if (x > powerOfTwo(100)) return outward(logarithm(exactly(x)))
  if (x > -0.29 && x < 0.41) return outward(nearOne(exactly(x)))
  return outward(logarithm(exactSum(1, x)))
}

/**
 * ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|), of positive terms. Above 45 the second is below 2^-64 < u x / 4; below -160
 * it is within 2^-230 of e^x relatively, which the room in `outward` covers. Near 0 the slope is below 1.
 */
export const softplusAt = (x: number): Interval => {
  if (x > 45) return { lo: x, hi: up(x) }
  if (x < -160) return expAt(x)
  if (Math.abs(x) < minute) return outward(ln2, 0, Math.abs(x))
  const part = logarithmOfOneAnd(decayed(Math.abs(x)))
  return outward(x > 0 ? plus(exactly(x), part) : part)
}
