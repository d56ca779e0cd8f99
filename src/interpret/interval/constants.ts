/** Pi and ln 2 from series in whole numbers, so that there are no digits to trust. */
import type { DoubleDouble } from './doubleDouble.js'
import { powerOfTwo } from './rounding.js'

/** Bits below the point that series are summed with beyond those asked for: their errors, below 2^20 units, vanish. */
const guard = 32n

/**
 * 2^bits times the sum of sign^k / ((2k + 1) q^(2k + 1)): arctan(1/q) for sign -1, artanh(1/q) for sign 1. Every term is
 * off by less than 3 units and there are fewer than bits of them; so is what is left out, less than the last term.
 */
const series = (q: bigint, sign: 1n | -1n, bits: bigint): bigint => {
  let power = (1n << bits) / q
  let sum = 0n
  let factor = 1n
  for (let k = 1n; power > 0n; k += 2n) {
    sum += (factor * power) / k
    power /= q * q
    factor *= sign
  }
  return sum
}

const shortened = (value: bigint): bigint => value >> guard

/** Bits below the point of `pi`. */
export const piBits = 1280

/** 2^1280 pi, less than 2 units off. Machin 1706: pi = 16 arctan(1/5) - 4 arctan(1/239). */
export const pi = shortened(
  16n * series(5n, -1n, BigInt(piBits) + guard) - 4n * series(239n, -1n, BigInt(piBits) + guard)
)

const bits = 256

/** 18 artanh(1/26) - 2 artanh(1/4801) + 8 artanh(1/8749), Machin-like. */
const ln2Fixed = shortened(
  18n * series(26n, 1n, BigInt(bits) + guard) -
    2n * series(4801n, 1n, BigInt(bits) + guard) +
    8n * series(8749n, 1n, BigInt(bits) + guard)
)

/** value / 2^places, within 2^-106 relatively, |value| < 2^1023, places <= 512. A whole number rounds to nearest. */
export const toDoubleDouble = (value: bigint, places: number): DoubleDouble => {
  const high = Number(value)
  const low = Number(value - BigInt(high))
  return { high: high * powerOfTwo(-places), low: low * powerOfTwo(-places) }
}

/** ln 2, within 2^-106 relatively. */
export const ln2 = toDoubleDouble(ln2Fixed, bits)
