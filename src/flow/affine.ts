import { add } from '../tensor/primitives/add.js'
import { exp } from '../tensor/primitives/exp.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Bijection } from './bijection.js'

/** Shift and logarithm of the scale of every coordinate, both [d]. */
export type AffineParameters = { readonly shift: Tensor; readonly logScale: Tensor }

/**
 * x -> e^logScale (x + shift), coordinate by coordinate; ln |det| is the sum of logScale.
 * @example affine.forward({ shift: fromArray([1]), logScale: fromArray([0]) })(fromArray([2])) // => { value: [3], logDet: 0 }
 */
export const affine: Bijection<AffineParameters> = {
  forward:
    ({ shift, logScale }) =>
    x => ({ value: mul(exp(logScale), add(x, shift)), logDet: sum(logScale) }),
  inverse:
    ({ shift, logScale }) =>
    z => ({ value: sub(mul(exp(neg(logScale)), z), shift), logDet: neg(sum(logScale)) })
}
