import { byLemma, type Contractive } from '../lipschitz/contractive.js'
import { defect } from '../prelude/defect.js'
import { scalar } from '../tensor/constructors.js'
import { mul } from '../tensor/primitives/mul.js'

/**
 * What a function of Lipschitz constant K misses at least, in the sup norm, of one that expands a ball of radius r by L:
 * r (L - K), and nothing if K >= L. For l residual blocks K is below 2^l.
 * Source: Lu et al. 2021, Theorem 3, with the best constant, r in place of r / 2; proofs/Theorem3.v, `theorem3_core`.
 * @example theorem3Floor(1 / 2, 10, 2 ** 3) // => 1
 */
export const theorem3Floor = (r: number, L: number, K: number): number => Math.max(0, r * (L - K))

/**
 * The net of the l equal residual blocks x + c x, c = K^(1/l) - 1, whose composition is K Id. It misses L Id, L >= K, on
 * the ball of radius r around 0 by r (L - K) exactly: the floor is attained, and approached for K -> 2^l.
 * Source: proofs/Theorem3.v, `theorem3_sharp`.
 * failure  K outside (0, 2^l), or within rounding of its ends, is a defect
 */
export const floorAttaining = (K: number, blocks: number): Contractive<readonly []> => {
  const c = K ** (1 / blocks) - 1
  if (!(Math.abs(c) < 1)) defect(`floorAttaining needs K in (0, 2^${blocks}), got ${K}`)
  return byLemma(
    'a multiple of the identity',
    () => x => mul(c, x),
    () => scalar(Math.abs(c))
  )
}
