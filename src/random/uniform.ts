import { attemptBits, bits } from './bits.js'
import type { Key } from './key.js'

/** The largest float32 below 1. */
const belowOne = 1 - 2 ** -24

/**
 * A number in the open interval (0, 1) from 64 bits: (m + 1/2) 2^-52, m their first 52 bits. It never rounds to 1 in float32:
 * what would (probability 2^-25) becomes 1 - 2^-24; towards 0 the step stays 2^-52.
 */
export const toUnit = (high: number, low: number): number =>
  Math.min((high * 0x100000 + (low >>> 12) + 0.5) * 2 ** -52, belowOne)

/**
 * Uniform draws in the open interval (0, 1), also after rounding to float32; draw i depends on the key and i only.
 * shape    key -> n -> [n]
 */
export const uniform =
  (key: Key) =>
  (count: number): Float64Array => {
    const words = bits(key)(count)
    return Float64Array.from({ length: count }, (_, i) => toUnit(words[2 * i] as number, words[2 * i + 1] as number))
  }

/** One uniform number in (0, 1) for one draw and attempt of a sampler that rejects. */
export const attemptUniform = (key: Key, draw: number, attempt: number): number =>
  toUnit(...attemptBits(key, draw, attempt))
