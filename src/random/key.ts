/**
 * Keys of a splittable, counter-based random stream; the algebra (seed, split, foldIn) is JAX's with
 * jax_threefry_partitionable = true. A key is spent once: either drawn from, or split, or folded into, never two of these,
 * because the i-th child of a split is the i-th block of draws.
 * Sources: Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC 2011 (Random123); jax/_src/prng.py.
 */
import { defect } from '../prelude/defect.js'

/** 64 bits, high word first; each word a uint32. */
export type Key = readonly [high: number, low: number]

const rotations = [13, 15, 26, 6, 17, 29, 16, 24] as const
const parity = 0x1bd11bda

/**
 * Threefry-2x32 with 20 rounds: a bijection of 64-bit counters for every key.
 * shape    [2] uint32, [2] uint32 -> [2] uint32
 * @example threefry2x32([0, 0], [0, 0]) // => [0x6b200159, 0x99ba4efe]
 */
export const threefry2x32 = (key: Key, counter: readonly [high: number, low: number]): Key => {
  const schedule = [key[0], key[1], key[0] ^ key[1] ^ parity] as const
  let x = (counter[0] + key[0]) | 0
  let y = (counter[1] + key[1]) | 0
  for (let injection = 1; injection <= 5; injection++) {
    for (let round = 0; round < 4; round++) {
      const by = rotations[((injection - 1) % 2) * 4 + round] as number
      x = (x + y) | 0
      y = ((y << by) | (y >>> (32 - by))) ^ x
    }
    x = (x + (schedule[injection % 3] as number)) | 0
    y = (y + (schedule[(injection + 1) % 3] as number) + injection) | 0
  }
  return [x >>> 0, y >>> 0]
}

/** The two words of a whole number from 0 to 2^53 - 1, high word first; anything else is a defect. */
export const toWords = (whole: number): Key =>
  Number.isSafeInteger(whole) && whole >= 0
    ? [Math.floor(whole / 0x100000000), whole >>> 0]
    : defect(`a seed, stream number or count must be a whole number from 0 to 2^53 - 1, not ${whole}`)

/**
 * The key of a seed, a whole number from 0 to 2^53 - 1; JAX's PRNGKey with 64-bit seeds.
 * @example fromSeed(7) // => [0, 7]
 */
export const fromSeed = (seed: number): Key => toWords(seed)

/** What `split` returns: a tuple where the number of keys is a small literal, so that it can be taken apart safely. */
export type Keys<N extends number> = N extends keyof Tuples ? Tuples[N] : ReadonlyArray<Key>
interface Tuples {
  readonly 2: readonly [Key, Key]
  readonly 3: readonly [Key, Key, Key]
  readonly 4: readonly [Key, Key, Key, Key]
}

/**
 * Keys of n streams independent of each other; the first n of a longer split are those of a shorter one.
 * formula  child i = threefry2x32(key, i)
 */
export const split = <N extends number = 2>(key: Key, n: N = 2 as N): Keys<N> =>
  Array.from({ length: n }, (_, i) => threefry2x32(key, toWords(i))) as ReadonlyArray<Key> as Keys<N>

/** The key of stream number `stream`, a whole number from 0 to 2^53 - 1; for a step count, an epoch, a sample's index. */
export const foldIn = (key: Key, stream: number): Key => threefry2x32(key, toWords(stream))
