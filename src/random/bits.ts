import { type Key, threefry2x32, toWords } from './key.js'

/**
 * Random bits, 64 a draw, as JAX's 64-bit random_bits: draw i is the block at counter i, so it depends on i and the key only.
 * shape    key -> n -> [n 2] uint32, high word first
 */
export const bits =
  (key: Key) =>
  (count: number): Uint32Array => {
    const words = new Uint32Array(2 * count)
    for (let i = 0; i < count; i++) words.set(threefry2x32(key, toWords(i)), 2 * i)
    return words
  }

/**
 * The bits of one draw at one attempt, for samplers that reject: attempt 0 is the draw's own block, the others lie beyond any
 * draw (fewer than 2^32 draws and attempts are assumed).
 */
export const attemptBits = (key: Key, draw: number, attempt: number): Key => threefry2x32(key, [attempt, draw])
