import { contractiveMlp, type Normed } from '../lipschitz/contractive.js'
import { type ActivationName, activations } from '../net/activations.js'
import type { MlpParameters } from '../net/mlp.js'
import { actNorm } from './actNorm.js'
import type { AffineParameters } from './affine.js'
import { type Bijection, chain } from './bijection.js'
import { type BlockName, blockKinds } from './blockKinds.js'
import type { Method } from './residual.js'

/** A flow of equal blocks, apart from its numbers. */
export interface Architecture {
  /** The kind of its blocks. */
  readonly model: BlockName
  readonly dimension: number
  readonly blocks: number
  /** Widths of the hidden layers of every net. */
  readonly hidden: readonly number[]
  readonly activation: ActivationName
  /** Bound that normalisation aims at for the spectral norm of every weight. */
  readonly coefficient: number
  /** Whether every net begins with an activation; not so unless told. */
  readonly leading?: boolean | undefined
  /**
   * Blocks before which an ActNorm stands, from 0 in ascending order, `blocks` for the end; none unless told. Training
   * makes flows without ActNorms; models from elsewhere may have them.
   */
  readonly actNorms?: readonly number[] | undefined
}

/** The nets of a block, `gx` and, where the kind of block has it, `gz`: raw parameters, effective ones, or anything else a net has. */
export type Nets<N> = { readonly gx: N; readonly gz?: N }

/** Parameters of a flow by block. */
export type FlowParameters<N> = { readonly blocks: readonly Nets<N>[]; readonly actNorms?: readonly AffineParameters[] }

/** Raw parameters, as they are trained. */
export type RawParameters = FlowParameters<MlpParameters>

/** Effective parameters: weights as used, with bounds of their norms. */
export type EffectiveParameters = FlowParameters<Normed>

/** A block or an ActNorm, which of them its parameters tell. */
const piece = <P extends { readonly gx: Normed }>(block: Bijection<P>): Bijection<P | AffineParameters> => ({
  forward: p => ('gx' in p ? block.forward(p) : actNorm.forward(p)),
  inverse: p => ('gx' in p ? block.inverse(p) : actNorm.inverse(p))
})

/** Blocks with the ActNorms in their places. */
export const arranged = <P, A>(
  { actNorms = [] }: Pick<Architecture, 'actNorms'>,
  blocks: readonly P[],
  affines: readonly A[] = []
): readonly (P | A)[] =>
  [...blocks, undefined].flatMap((block, i) => [
    ...affines.filter((_, k) => actNorms[k] === i),
    ...(block === undefined ? [] : [block])
  ])

/** The flow of blocks and ActNorms in their places. */
const flowWith = <P extends { readonly gx: Normed }>(
  architecture: Architecture,
  block: Bijection<P>
): Bijection<{ readonly blocks: readonly P[]; readonly actNorms?: readonly AffineParameters[] }> => {
  const pieces = chain(piece(block))
  return {
    forward: p => pieces.forward(arranged(architecture, p.blocks, p.actNorms)),
    inverse: p => pieces.inverse(arranged(architecture, p.blocks, p.actNorms))
  }
}

/** The architecture's map, from data to noise. */
export const flowOf = (
  architecture: Architecture,
  method: Method
): Bijection<{
  readonly blocks: readonly { readonly gx: Normed; readonly gz: Normed }[]
  readonly actNorms?: readonly AffineParameters[]
}> => {
  const { model, activation, leading = false } = architecture
  const net = contractiveMlp({ activation: activations[activation], leading })
  return flowWith(architecture, blockKinds[model].block(method)(net))
}
