/**
 * Numbers of twice the precision, high + low with high = fl(high + low). Every operation is within 2^-101 of its exact
 * result, relatively, if nothing comes near underflow or overflow.
 * Source: Joldes, Muller, Popescu 2017, Tight and rigorous error bounds for basic building blocks of double-word
 * arithmetic: algorithms 6 (3 u^2 / (1 - 4u)), 10 (7 u^2), and 17 (15 u^2 + 56 u^3, to which its product by algorithm 10
 * instead of 7 adds at most 6 u^2), u = 2^-53.
 */
import { down, type Interval, productError, scaleDown, scaleUp, sumError, up } from './rounding.js'

export interface DoubleDouble {
  readonly high: number
  readonly low: number
}

/** The sum of two floats, exactly; |a| >= |b| or a = 0 is not needed. */
export const exactSum = (a: number, b: number): DoubleDouble => {
  const high = a + b
  return { high, low: sumError(a, b, high) }
}

/** A float. */
export const exactly = (high: number): DoubleDouble => ({ high, low: 0 })

/** a + b. */
export const plus = (a: DoubleDouble, b: DoubleDouble): DoubleDouble => {
  const s = exactSum(a.high, b.high)
  const t = exactSum(a.low, b.low)
  const v = exactSum(s.high, s.low + t.high)
  return exactSum(v.high, t.low + v.low)
}

/** a b. */
export const times = (a: DoubleDouble, b: DoubleDouble): DoubleDouble => {
  const product = a.high * b.high
  const error = productError(a.high, b.high, product)
  return exactSum(product, error + (a.high * b.low + a.low * b.high))
}

/** a / b. */
export const over = (a: DoubleDouble, b: DoubleDouble): DoubleDouble => {
  const quotient = a.high / b.high
  const back = times(b, exactly(quotient))
  return exactSum(quotient, (a.high - back.high + (a.low - back.low)) / b.high)
}

/** a times a power of two, exactly. */
export const scaledBy = (power: number, { high, low }: DoubleDouble): DoubleDouble => ({
  high: high * power,
  low: low * power
})

/** c0 + z (c1 + z (c2 + ...)). */
export const horner = (coefficients: readonly DoubleDouble[], z: DoubleDouble): DoubleDouble => {
  let sum = coefficients[coefficients.length - 1] as DoubleDouble
  for (let i = coefficients.length - 2; i >= 0; i--) sum = plus(coefficients[i] as DoubleDouble, times(z, sum))
  return sum
}

/** 1, 1/1!, 1/2!, ..., 1/n!: each within n 2^-101, relatively. */
export const inverseFactorials = (n: number): readonly DoubleDouble[] => {
  const list = [exactly(1)]
  for (let k = 1; k <= n; k++) list.push(over(list[k - 1] as DoubleDouble, exactly(k)))
  return list
}

/** What the functions of this folder prove of their results, with room to spare: a relative error of 2^-80. */
const accuracy = Number.EPSILON * Number.EPSILON * 16777216

/**
 * The floats around every number within 2^-80 relatively, and `absolute`, of value 2^exponent. They are neighbours but in
 * about one of 2^26 cases, as |low| is at most half a unit of high; the absolute error is to be small beside that.
 * @param exponent not 0 only where |value| lies between 1/8 and 4
 */
export const outward = ({ high, low }: DoubleDouble, exponent = 0, absolute = 0): Interval => {
  const error = 2 * Math.abs(high) * accuracy + absolute
  const lo = low - error >= 0 ? high : down(high)
  const hi = low + error <= 0 ? high : up(high)
  return exponent === 0 ? { lo, hi } : { lo: scaleDown(lo, exponent), hi: scaleUp(hi, exponent) }
}
