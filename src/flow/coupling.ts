import { defect } from '../prelude/defect.js'
import { add } from '../tensor/primitives/add.js'
import { concat } from '../tensor/primitives/concat.js'
import { div } from '../tensor/primitives/div.js'
import { exp } from '../tensor/primitives/exp.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { slice } from '../tensor/primitives/slice.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import { tanh } from '../tensor/primitives/tanh.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Tree } from '../tensor/tree.js'
import type { Bijection, Image } from './bijection.js'

/** Which coordinates a coupling leaves as they are; the others change as these say. Stacks alternate. */
export type Kept = 'first' | 'last'

/** How many of d coordinates each part of a coupling has: the first half, rounded down, and the rest. */
export const couplingSizes = (d: number, kept: Kept): { readonly kept: number; readonly moved: number } => {
  const first = Math.floor(d / 2)
  return kept === 'first' ? { kept: first, moved: d - first } : { kept: d - first, moved: first }
}

/** A net, from the kept coordinates to what the map of the others needs; nothing is asked of its constant. */
export type Conditioner<P extends Tree> = (parameters: P) => (kept: Tensor) => Tensor

/**
 * A coupling: some coordinates stay, the others go through a bijection whose parameters are a function of those that
 * stay. The Jacobian is triangular, so ln |det| is that of the inner bijection; the inverse needs no root.
 * Source: Dinh, Sohl-Dickstein, Bengio 2017.
 * @throws TypeError for samples of one variable, of which nothing could be kept
 */
export const coupling = <P extends Tree>(
  kept: Kept,
  conditioner: Conditioner<P>,
  inner: Bijection<Tensor>
): Bijection<P> => {
  const along =
    (direction: 'forward' | 'inverse') =>
    (p: P) =>
    (x: Tensor): Image => {
      const d = x.shape[0] as number
      if (d < 2) return defect('a coupling needs samples of at least 2 variables')
      const first = Math.floor(d / 2)
      const [head, tail] = [slice(x, [0], [first]), slice(x, [first], [d - first])]
      const [stays, moves] = kept === 'first' ? [head, tail] : [tail, head]
      const { value, logDet } = inner[direction](conditioner(p)(stays))(moves)
      return { value: concat(kept === 'first' ? [stays, value] : [value, stays], 0), logDet }
    }
  return { forward: along('forward'), inverse: along('inverse') }
}

/**
 * x -> x e^s + t with parameters [2 m]: raw log-scales, then shifts. s = most tanh(raw / most), so that no scale leaves
 * [e^-most, e^most]; zeros give the identity.
 * Source: Dinh, Sohl-Dickstein, Bengio 2017.
 * @param most the largest |s|
 */
export const boundedAffine = (most: number): Bijection<Tensor> => {
  const read = (parameters: Tensor, m: number) => ({
    s: mul(most, tanh(div(slice(parameters, [0], [m]), most))),
    t: slice(parameters, [m], [m])
  })
  return {
    forward: parameters => x => {
      const { s, t } = read(parameters, x.shape[0] as number)
      return { value: add(mul(x, exp(s)), t), logDet: sum(s) }
    },
    inverse: parameters => y => {
      const { s, t } = read(parameters, y.shape[0] as number)
      return { value: mul(sub(y, t), exp(neg(s))), logDet: neg(sum(s)) }
    }
  }
}
