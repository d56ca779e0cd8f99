import { type ActivationName, activations } from '../../net/activations.js'
import { defect } from '../../prelude/defect.js'
import { scalar } from '../../tensor/constructors.js'
import { add } from '../../tensor/primitives/add.js'
import { concat } from '../../tensor/primitives/concat.js'
import { div } from '../../tensor/primitives/div.js'
import { exp } from '../../tensor/primitives/exp.js'
import { matmul } from '../../tensor/primitives/matmul.js'
import { maximum } from '../../tensor/primitives/maximum.js'
import { mul } from '../../tensor/primitives/mul.js'
import { reshape } from '../../tensor/primitives/reshape.js'
import { softplus } from '../../tensor/primitives/softplus.js'
import { sqrt } from '../../tensor/primitives/sqrt.js'
import { sub } from '../../tensor/primitives/sub.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { Tree } from '../../tensor/tree.js'
import { byLemma, type Contractive } from '../contractive.js'
import { sllScales } from './linear.js'

/** W of an SLL layer [n m], bias [m], and the logarithm of q [m]. */
export type SllParameters = { readonly weight: Tensor; readonly bias: Tensor; readonly logQ: Tensor }

/** Activations whose slopes are all in [0, 1], as SLL layers need them. */
const increasing: ReadonlySet<ActivationName> = new Set(['elu', 'tanh', 'lipschitzCube', 'softplus', 'identity'])

/**
 * x - 2 W T^-1 s(W'x + b), T as in `sllScales`, q = exp(logQ).
 *
 * Lemma: the constant is 1. The Jacobian is I - 2 W T^-1 S W' with 0 <= S <= I diagonal, so
 * J'J - I = -4 W T^-1 S W' + 4 W T^-1 S (W'W) S T^-1 W' <= -4 W T^-1 (S - S^2) W' <= 0, as W'W <= T: Q^-1 (T - W'W) Q is
 * diagonally dominant by rows and similar to the symmetric T - W'W.
 * shape    [n] -> [n]
 * Source: Araujo et al. 2023, A unified algebraic perspective on Lipschitz neural networks, theorem 3.
 * @throws TypeError for an activation whose slope may be negative
 */
export const sll = (activation: ActivationName): Contractive<SllParameters> =>
  increasing.has(activation)
    ? byLemma(
        'the lemma of lipschitz/layers/residualLayer.ts',
        ({ weight, bias, logQ }: SllParameters) =>
          x => {
            const [n, m] = weight.shape as [number, number]
            const { inner, outer, apply } = activations[activation]
            const inside = add(reshape(matmul(weight, reshape(x, [n, 1]), { transposeA: true }), [m]), bias)
            const bent = mul(outer, apply(mul(inner, inside), scalar(0)))
            const back = mul(sllScales(weight, exp(logQ)), bent)
            return sub(x, reshape(matmul(weight, reshape(back, [m, 1])), [n]))
          },
        () => scalar(1)
      )
    : defect(`sll needs an activation with slopes in [0, 1], not ${activation}: one of ${[...increasing].join(', ')}`)

/** The raw weights of the two halves of a dense layer, and the parameters of the function that makes the second. */
export type ConcatenatedParameters<P extends Tree> = {
  readonly kept: Tensor
  readonly grown: Tensor
  readonly f: P
}

/** What of a layer's constant is used. */
const share = 0.98

/**
 * (e1 x, e2 f(x)), the dense layer of i-DenseNet: n_i = softplus(raw_i) + 0.1, e_i = 0.98 n_i / sqrt(n1^2 + n2^2).
 *
 * Lemma: |dh|^2 = e1^2 |dx|^2 + e2^2 |df|^2, so the constant is at most sqrt(e1^2 + e2^2 K^2) <= 0.98 max(1, K), K that of f.
 * shape    [n] -> [n + m], f: [n] -> [m], raw weights []
 * Source: Perugachi-Diaz, Tomczak, Bhulai 2021, Invertible DenseNets with Concatenated LipSwish, section 3.
 */
export const concatenated = <P extends Tree>({
  net,
  bound
}: Contractive<P>): Contractive<ConcatenatedParameters<P>> => {
  const weights = ({ kept, grown }: ConcatenatedParameters<P>): readonly [Tensor, Tensor] => {
    const [a, b] = [kept, grown].map(raw => add(softplus(raw), 0.1)) as [Tensor, Tensor]
    const length = sqrt(add(mul(a, a), mul(b, b)))
    return [div(mul(share, a), length), div(mul(share, b), length)]
  }
  return byLemma(
    'the lemma of lipschitz/layers/residualLayer.ts',
    (parameters: ConcatenatedParameters<P>) => x => {
      const [a, b] = weights(parameters)
      return concat([mul(a, x), mul(b, net(parameters.f).value(x))], 0)
    },
    parameters => mul(share, maximum(1, bound(parameters.f)))
  )
}
