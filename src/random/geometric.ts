import { defect } from '../prelude/defect.js'
import type { Key } from './key.js'
import { uniform } from './uniform.js'

/**
 * Geometric draws N = 1, 2, ... with P(N >= k) = rho^(k - 1), mean 1 / (1 - rho); whole numbers, one block a draw.
 * shape    key -> n -> [n]
 * formula  1 + floor(ln u / ln rho): inversion, exact but for the grid of u (events below probability 1e-16 never happen)
 * assumptions  0 <= rho < 1, else a defect
 */
export const geometric = (rho: number) => {
  if (!(rho >= 0 && rho < 1)) return defect(`geometric needs 0 <= rho < 1, not ${rho}`)
  const logRho = Math.log(rho)
  return (key: Key) =>
    (count: number): Float64Array =>
      uniform(key)(count).map(u => 1 + Math.floor(Math.log(u) / logRho))
}
