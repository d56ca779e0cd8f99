import { defect } from '../../prelude/defect.js'
import { scalar } from '../../tensor/constructors.js'
import { concat } from '../../tensor/primitives/concat.js'
import { div } from '../../tensor/primitives/div.js'
import { maximum } from '../../tensor/primitives/maximum.js'
import { minimum } from '../../tensor/primitives/minimum.js'
import { mul } from '../../tensor/primitives/mul.js'
import { neg } from '../../tensor/primitives/neg.js'
import { sigmoid } from '../../tensor/primitives/sigmoid.js'
import { slice } from '../../tensor/primitives/slice.js'
import { softplus } from '../../tensor/primitives/softplus.js'
import type { Tensor } from '../../tensor/tensor.js'
import { byLemma, type Contractive } from '../contractive.js'

/**
 * Sorts pairs: of a vector with halves a and b, max(a, b) and then min(a, b).
 *
 * Lemma: its constant is 1. Of one pair, sorted as (p, q) and (p', q'), p >= q and p' >= q': the squares of the entries
 * have the same sum in any order, so (p - p')^2 + (q - q')^2 is the smaller of the squared distances that the two orders of
 * the second pair give exactly if p p' + q q' is the larger of the two inner products, and it is, because
 * p p' + q q' - (p q' + q p') = (p - q)(p' - q') >= 0. Pairs of the same order keep their distance, so 1 is attained.
 * shape    [2k] -> [2k]
 * Source: Anil, Lucas, Grosse 2019, Sorting out Lipschitz function approximation (GroupSort2). The proof is ours.
 * @throws TypeError for a vector of odd length
 */
export const maxMin: Contractive<readonly []> = byLemma(
  'sorting pairs, the lemma of lipschitz/layers/paired.ts',
  () => x => {
    const n = x.shape[0] as number
    if (n % 2 !== 0) return defect(`maxMin sorts pairs: a vector of ${n} entries has an entry without a partner`)
    const [a, b] = [slice(x, [0], [n / 2]), slice(x, [n / 2], [n / 2])]
    return concat([maximum(a, b), minimum(a, b)], 0)
  },
  () => scalar(1)
)

/** A bound of `clipSwish`, proved in its lemma: 1.00396505 / 1.004, rounded up. */
export const clipSwishBound = 0.999966

/**
 * (phi(x), phi(-x)) / 1.004 with phi(t) = t s(b t) / 1.1, s the logistic function, b = softplus(beta): twice as wide.
 *
 * Lemma: with h the slope of u s(u), h(u) + h(-u) = 1, so h = 1/2 + q with q odd, and the squared slope of the pair,
 * h(u)^2 + h(-u)^2 = 1/2 + 2 q(u)^2, is largest where h is: at most sqrt(1/2 + 2 (1.1 M - 1/2)^2) / (1.1 * 1.004), M being
 * the proved slope of lipSwish (`provedSlope`). The Jacobian's columns, one an entry of x, are orthogonal.
 * shape    [n] -> [2n], beta []
 * Source: Perugachi-Diaz, Tomczak, Bhulai 2021, Invertible DenseNets, with the constant derived again.
 */
export const clipSwish: Contractive<{ readonly beta: Tensor }> = byLemma(
  'the lemma of lipschitz/layers/paired.ts',
  ({ beta }: { readonly beta: Tensor }) =>
    x => {
      const phi = (t: Tensor): Tensor => mul(t, sigmoid(mul(t, softplus(beta))))
      return div(concat([phi(x), phi(neg(x))], 0), 1.1 * 1.004)
    },
  () => scalar(clipSwishBound)
)
