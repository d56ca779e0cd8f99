import { integerBelow } from './integer.js'
import type { Key } from './key.js'

/**
 * A uniformly random order of 0, ..., n - 1.
 * shape    key -> n -> [n]
 * source   Fisher, Yates 1938; Durstenfeld 1964
 */
export const permutation =
  (key: Key) =>
  (n: number): Uint32Array => {
    const order = Uint32Array.from({ length: n }, (_, i) => i)
    for (let i = n - 1; i > 0; i--) {
      const j = integerBelow(i + 1, key, i)
      const last = order[i] as number
      order[i] = order[j] as number
      order[j] = last
    }
    return order
  }
