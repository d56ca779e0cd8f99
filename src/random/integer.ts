import { defect } from '../prelude/defect.js'
import { attemptBits } from './bits.js'
import type { Key } from './key.js'

/** One whole number in [0, bound) for one draw: words beyond the largest multiple of the bound are rejected, so no bias. */
export const integerBelow = (bound: number, key: Key, draw: number): number => {
  const limit = 0x100000000 - (0x100000000 % bound)
  let attempt = 0
  let [word] = attemptBits(key, draw, attempt)
  while (word >= limit) [word] = attemptBits(key, draw, ++attempt)
  return word % bound
}

/**
 * Uniform whole numbers in [0, bound), unbiased; draw i depends on the key and i only.
 * shape    key -> n -> [n]
 * assumptions  bound a whole number from 1 to 2^32, else a defect
 */
export const integer = (bound: number) => {
  if (!(Number.isInteger(bound) && bound >= 1 && bound <= 0x100000000))
    return defect(`integer needs a whole bound from 1 to 2^32, not ${bound}`)
  return (key: Key) =>
    (count: number): Uint32Array =>
      Uint32Array.from({ length: count }, (_, i) => integerBelow(bound, key, i))
}
