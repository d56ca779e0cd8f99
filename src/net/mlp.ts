import { add } from '../tensor/primitives/add.js'
import { matmul } from '../tensor/primitives/matmul.js'
import { mul } from '../tensor/primitives/mul.js'
import { reshape } from '../tensor/primitives/reshape.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Activation } from './activations.js'

/** A dense layer: weight [out in], bias [out]. */
export type Layer = { readonly weight: Tensor; readonly bias: Tensor }

/** Layers from input to output, and the raw beta of each learnable activation in its order. */
export type MlpParameters = { readonly layers: readonly Layer[]; readonly betas: readonly Tensor[] }

/** Which function a dense net is, apart from its numbers. */
export interface MlpShape {
  readonly activation: Activation
  /** Whether an activation comes before the first layer too. */
  readonly leading: boolean
}

const scaled = (x: Tensor, factor: number): Tensor => (factor === 1 ? x : mul(factor, x))

/** W x + b for one sample. shape [in] -> [out] */
const dense = (weight: Tensor, bias: Tensor, x: Tensor): Tensor => {
  const [out, size] = weight.shape as [number, number]
  return add(reshape(matmul(reshape(x, [1, size]), weight, { transposeB: true }), [out]), bias)
}

/**
 * A dense net: (activation,) layer, activation, layer, ... layer. The activations' scalings are folded into the weights.
 * shape    [n] -> [m], one sample
 */
export const mlp =
  ({ activation, leading }: MlpShape) =>
  ({ layers, betas }: MlpParameters) =>
  (x: Tensor): Tensor => {
    const { inner, outer } = activation
    const act = (t: Tensor, i: number): Tensor => activation.apply(t, betas[i])
    const last = layers.length - 1
    const first = leading ? act(scaled(x, inner), 0) : x
    return layers.reduce((h, { weight, bias }, i) => {
      const before = i > 0 || leading ? outer : 1
      const after = i < last ? inner : 1
      const t = dense(scaled(weight, before * after), scaled(bias, after), h)
      return i < last ? act(t, leading ? i + 1 : i) : t
    }, first)
  }
