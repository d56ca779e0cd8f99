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

/** The activations' scalings folded into the layers around them: the same net with plain nonlinearities. */
export const folded = ({ activation, leading }: MlpShape, layers: readonly Layer[]): readonly Layer[] =>
  layers.map(({ weight, bias }, i) => {
    const before = i > 0 || leading ? activation.outer : 1
    const after = i < layers.length - 1 ? activation.inner : 1
    return { weight: scaled(weight, before * after), bias: scaled(bias, after) }
  })

/** The matrix times one sample. shape [out in], [in] -> [out] */
export const times = (weight: Tensor, x: Tensor): Tensor => {
  const [out, size] = weight.shape as [number, number]
  return reshape(matmul(weight, reshape(x, [size, 1])), [out])
}

/**
 * A dense net: (activation,) layer, activation, layer, ... layer.
 * shape    [n] -> [m], one sample
 */
export const mlp =
  (shape: MlpShape) =>
  ({ layers, betas }: MlpParameters) =>
  (x: Tensor): Tensor => {
    const { activation, leading } = shape
    const plain = folded(shape, layers)
    const first = leading ? activation.apply(scaled(x, activation.inner), betas[0]) : x
    return plain.reduce((h, { weight, bias }, i) => {
      const t = add(times(weight, h), bias)
      return i < plain.length - 1 ? activation.apply(t, betas[leading ? i + 1 : i]) : t
    }, first)
  }
