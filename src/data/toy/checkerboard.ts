import { split } from '../../random/key.js'
import { rademacher } from '../../random/rademacher.js'
import { uniform } from '../../random/uniform.js'
import type { KnownDensity } from '../density.js'
import { plane } from './plane.js'

/** 0 or 1, also for negative numbers. */
const parity = (whole: number): number => ((whole % 2) + 2) % 2

/**
 * Uniform on the eight black squares, of side 2, of [-4, 4]^2.
 * formula  2 (x, u - 2 B + (floor(x) mod 2)), x uniform on (-2, 2), u on (0, 1), B a fair coin
 */
export const checkerboard: KnownDensity = {
  name: 'checkerboard',
  description: 'uniform on the black squares of a board of four by four',
  dimension: 2,
  sample: key => count => {
    const [acrossKey, upKey, coinKey] = split(key, 3)
    const across = uniform(acrossKey)(count)
    const up = uniform(upKey)(count)
    const coins = rademacher(coinKey)(count)
    return plane(count)(i => {
      const x = 4 * (across[i] as number) - 2
      return [2 * x, 2 * ((up[i] as number) - 1 + (coins[i] as number) + parity(Math.floor(x)))]
    })
  },
  logDensity: point => {
    const [x, y] = [point[0] as number, point[1] as number]
    if (Number.isNaN(x + y)) return Number.NaN
    const inside = Math.abs(x) < 4 && Math.abs(y) < 4
    return inside && parity(Math.floor(x / 2)) === parity(Math.floor(y / 2)) ? -Math.log(32) : Number.NEGATIVE_INFINITY
  },
  entropy: { nats: Math.log(32), plusMinus: 0 }
}
