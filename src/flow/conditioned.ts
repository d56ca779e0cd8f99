import { type Contractive, type Normed, reparametrised } from '../lipschitz/contractive.js'
import { type MlpParameters, type MlpShape, mlp } from '../net/mlp.js'
import { defect } from '../prelude/defect.js'
import { add } from '../tensor/primitives/add.js'
import type { Tensor } from '../tensor/tensor.js'

/** A net in x, a net that reads the context [k], as wide as the first layer of the other, and the context itself. */
export type Conditioned = { readonly net: Normed; readonly reader: MlpParameters; readonly context: Tensor }

/**
 * A contractive net of x that a context changes: what another net makes of the context is added to the bias of the first
 * layer. No weight that x meets changes, so the constant in x is that of the net alone, whatever the context is and
 * whatever the reading net's constant. Blocks take it as any net: `implicit(method)(conditioned(...), conditioned(...))`
 * is a bijection for every context.
 * Source: derived here; the bound is `contractiveMlp`'s, of weights that the context does not enter.
 * @param reading form of the net from the context to the first layer's bias; nothing is asked of its constant
 * @throws TypeError if the net has no layers, or the reader's result is not as long as the first layer's bias
 */
export const conditioned = (net: Contractive<Normed>, reading: MlpShape): Contractive<Conditioned> =>
  reparametrised(net, ({ net: { layers, ...rest }, reader, context }: Conditioned): Normed => {
    const [first, ...others] = layers
    return first === undefined
      ? defect('a net that takes a context needs a layer')
      : {
          ...rest,
          layers: [{ weight: first.weight, bias: add(first.bias, mlp(reading)(reader)(context)) }, ...others]
        }
  })
