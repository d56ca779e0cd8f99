/**
 * sin x and cos x. Reduction in whole numbers: with F bits below the point, F at least 192 and as many more as x has bits
 * above it, x is exact and n pi/2 is off by less than 2^-190, so r = x - n pi/2 is, for every float x. |r| <= 0.7855; with
 * z = r^2, sin(r) / r is cut after z^13 / 27!, leaving less than z^14 / 29! < 2^-111, and cos(r) after z^14 / 28!, less
 * than z^15 / 30! < 2^-117. The sums' terms are at most 1, 1/2, ... and the sums at least 0.7: within 2^-95 relatively.
 */
import { pi, piBits, toDoubleDouble } from './constants.js'
import { type DoubleDouble, exactly, horner, inverseFactorials, outward, scaledBy, times } from './doubleDouble.js'
import { down, type Interval, normalised, powerOfTwo, up } from './rounding.js'

const factorials = inverseFactorials(28)
const alternating = (from: 0 | 1): readonly DoubleDouble[] =>
  factorials.filter((_, k) => k % 2 === from).map((c, j) => scaledBy(j % 2 === 0 ? 1 : -1, c))
const [cosine, sine] = [alternating(0), alternating(1)]

/** x = n pi/2 + r, r off by less than 2^-190; `below` is the largest whole number with below pi/2 <= x. */
interface Reduced {
  readonly n: bigint
  readonly r: DoubleDouble
  readonly below: bigint
}

/** Bits that r is computed with. */
const kept = 192

/** Arguments up to here, about pi/4, are their own r. */
const quarter = 0.785

/** Of a finite float x >= quarter. */
const reducedAbove = (x: number): Reduced => {
  const { fraction, exponent } = normalised(x)
  const places = Math.max(0, exponent + 1) + kept
  const whole = BigInt(fraction * powerOfTwo(52)) << BigInt(exponent - 52 + places)
  const half = pi >> BigInt(piBits + 1 - places)
  const n = (2n * whole + half) / (2n * half)
  const rest = whole - n * half
  return { n, r: toDoubleDouble(rest >> BigInt(places - kept), kept), below: rest >= 0n ? n : n - 1n }
}

const reduced = (x: number): Reduced => {
  if (Math.abs(x) <= quarter) return { n: 0n, r: exactly(x), below: x < 0 ? -1n : 0n }
  if (x > 0) return reducedAbove(x)
  const { n, r, below } = reducedAbove(-x)
  return { n: -n, r: scaledBy(-1, r), below: -below - 1n }
}

/** What the reduction may be off by, with room to spare. */
const offset = powerOfTwo(-180)

const sineOf = (r: DoubleDouble): Interval => {
  const size = Math.abs(r.high)
  if (size < powerOfTwo(-100)) return { lo: -powerOfTwo(-99), hi: powerOfTwo(-99) }
  return outward(times(r, horner(sine, times(r, r))), 0, offset)
}

const cosineOf = (r: DoubleDouble): Interval => {
  if (Math.abs(r.high) < powerOfTwo(-100)) return { lo: down(1), hi: 1 }
  const { lo, hi } = outward(horner(cosine, times(r, r)), 0, offset)
  return { lo, hi: Math.min(hi, 1) }
}

/** sin(x + shift pi/2). Near 0, sin x is between x - x^3/6 and x, cos x between 1 - x^2/2 and 1. */
const sineAt = (x: number, { n, r }: Reduced, shift: bigint): Interval => {
  if (Math.abs(x) < powerOfTwo(-27)) {
    if (shift === 1n) return { lo: x === 0 ? 1 : down(1), hi: 1 }
    return { lo: x > 0 ? down(x) : x, hi: x < 0 ? up(x) : x }
  }
  const turns = (((n + shift) % 4n) + 4n) % 4n
  const { lo, hi } = turns % 2n === 0n ? sineOf(r) : cosineOf(r)
  return turns < 2n ? { lo, hi } : { lo: -hi, hi: -lo }
}

/** Beyond this width a period fits in. */
const period = 6.283185307179587

/** Whether it is certain on which side of n pi/2 x lies: it is for every float, which need not be known here. */
const placed = (x: number, { r }: Reduced): boolean => Math.abs(x) <= quarter || Math.abs(r.high) >= powerOfTwo(-100)

/** Encloses sin(x + shift pi/2): the values at the ends, and 1 or -1 where a multiple of pi/2 attains it between them. */
const enclosed = ({ lo, hi }: Interval, shift: bigint): Interval => {
  if (!(lo > -Infinity && hi < Infinity)) return { lo: Number.NaN, hi: Number.NaN }
  if (hi - lo >= period) return { lo: -1, hi: 1 }
  const [from, to] = [reduced(lo), reduced(hi)]
  const [a, b] = [sineAt(lo, from, shift), sineAt(hi, to, shift)]
  if (lo === hi) return a
  if (!placed(lo, from) || !placed(hi, to)) return { lo: -1, hi: 1 }
  const meets = (residue: bigint): boolean => {
    const next = from.below + 1n
    return next + ((((residue - shift - next) % 4n) + 4n) % 4n) <= to.below
  }
  return { lo: meets(3n) ? -1 : Math.min(a.lo, b.lo), hi: meets(1n) ? 1 : Math.max(a.hi, b.hi) }
}

/** Encloses sin over an interval; nothing if it is not bounded. */
export const sin = (x: Interval): Interval => enclosed(x, 0n)

/** Encloses cos over an interval; nothing if it is not bounded. */
export const cos = (x: Interval): Interval => enclosed(x, 1n)
