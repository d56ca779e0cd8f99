import { bits } from './bits.js'
import type { Key } from './key.js'

/**
 * Fair signs, -1 or 1, 64 from a block; draw i depends on the key and i only.
 * shape    key -> n -> [n]
 */
export const rademacher =
  (key: Key) =>
  (count: number): Float64Array => {
    const words = bits(key)(Math.ceil(count / 64))
    return Float64Array.from({ length: count }, (_, i) => (((words[i >>> 5] as number) >>> (i & 31)) & 1) * 2 - 1)
  }
