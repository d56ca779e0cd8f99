import type { Key } from './key.js'
import { uniform } from './uniform.js'

/**
 * Standard normal draws; draw i depends on the key and i only.
 * shape    key -> n -> [n]
 * formula  sqrt(-2 ln u) cos(2 pi v), then the same with sin
 * assumptions  exact but for the grid of u (2^-52 near 0, so |draw| <= 8.6: beyond lies 1e-17 of the mass) and a few units in
 *          the last place of log, cos and sin
 * source   Box, Muller 1958
 */
export const normal =
  (key: Key) =>
  (count: number): Float64Array => {
    const uniforms = uniform(key)(count + (count % 2))
    const draws = new Float64Array(count)
    for (let i = 0; i < count; i += 2) {
      const radius = Math.sqrt(-2 * Math.log(uniforms[i] as number))
      const angle = 2 * Math.PI * (uniforms[i + 1] as number)
      draws[i] = radius * Math.cos(angle)
      if (i + 1 < count) draws[i + 1] = radius * Math.sin(angle)
    }
    return draws
  }
