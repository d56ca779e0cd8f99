import { fromSeed } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'

/** Ten points from a standard normal, as most tests take them. */
export const ordinary = (d: number): readonly (readonly number[])[] => {
  const draws = normal(fromSeed(0))(10 * d)
  return Array.from({ length: 10 }, (_, i) => Array.from(draws.subarray(i * d, (i + 1) * d)))
}
