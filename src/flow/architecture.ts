import { contractiveMlp, type Normed } from '../lipschitz/contractive.js'
import { type ActivationName, activations } from '../net/activations.js'
import type { MlpParameters } from '../net/mlp.js'
import { type Bijection, chain } from './bijection.js'
import { implicit } from './implicit.js'
import { type Method, residual } from './residual.js'

/** A flow of equal blocks, apart from its numbers. */
export interface Architecture {
  readonly model: 'impflow' | 'resflow'
  readonly dimension: number
  readonly blocks: number
  /** Widths of the hidden layers of every net. */
  readonly hidden: readonly number[]
  readonly activation: ActivationName
  /** Bound that normalisation aims at for the spectral norm of every weight. */
  readonly coefficient: number
}

/** The nets of a block, `gx` and for an ImpFlow block `gz`: raw parameters, effective ones, or anything else a net has. */
export type Nets<N> = { readonly gx: N; readonly gz?: N }

/** Parameters of a flow by block. */
export type FlowParameters<N> = { readonly blocks: readonly Nets<N>[] }

/** Raw parameters, as they are trained. */
export type RawParameters = FlowParameters<MlpParameters>

/** Effective parameters: weights as used, with bounds of their norms. */
export type EffectiveParameters = FlowParameters<Normed>

/** The architecture's map, from data to noise. */
export const flowOf = (
  { model, activation }: Architecture,
  method: Method
): Bijection<{ readonly blocks: readonly { readonly gx: Normed; readonly gz: Normed }[] }> => {
  const net = contractiveMlp({ activation: activations[activation], leading: false })
  if (model === 'impflow') {
    const blocks = chain(implicit(method)(net, net))
    return { forward: p => blocks.forward(p.blocks), inverse: p => blocks.inverse(p.blocks) }
  }
  const blocks = chain(residual(method)(net))
  const only = (p: { readonly blocks: readonly { readonly gx: Normed }[] }) => p.blocks.map(({ gx }) => gx)
  return { forward: p => blocks.forward(only(p)), inverse: p => blocks.inverse(only(p)) }
}
