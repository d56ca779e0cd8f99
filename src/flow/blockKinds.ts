import type { Contractive, Normed } from '../lipschitz/contractive.js'
import type { Bijection } from './bijection.js'
import { implicit } from './implicit.js'
import { monotone } from './monotone.js'
import { type Method, residual } from './residual.js'

/** Nets of a block whose second one may be missing, where the kind of block has none. */
type TwoNets = { readonly gx: Normed; readonly gz: Normed }

/** What is to be known of a kind of block: everything that depends on it is here. */
interface BlockKind {
  /** As in titles. */
  readonly title: string
  /** Its nets, in the order of the layout. */
  readonly nets: readonly ('gx' | 'gz')[]
  /** The block, all of its nets of one form. */
  readonly block: (method: Method) => (net: Contractive<Normed>) => Bijection<TwoNets>
  /** Whether certificates and exports know it. */
  readonly exchangeable: boolean
}

/** A block of one net. */
const single =
  (kind: (method: Method) => (net: Contractive<Normed>) => Bijection<Normed>): BlockKind['block'] =>
  method =>
  net => {
    const { forward, inverse } = kind(method)(net)
    return { forward: ({ gx }) => forward(gx), inverse: ({ gx }) => inverse(gx) }
  }

/** Names of the kinds of blocks that flows are made of. */
export type BlockName = 'impflow' | 'resflow' | 'monotone'

/** The kinds of blocks, by the name that models and options have for them. */
export const blockKinds: Readonly<Record<BlockName, BlockKind>> = {
  impflow: {
    title: 'ImpFlow',
    nets: ['gx', 'gz'],
    block: method => net => implicit(method)(net, net),
    exchangeable: true
  },
  resflow: { title: 'ResFlow', nets: ['gx'], block: single(method => residual(method)), exchangeable: true },
  monotone: { title: 'Monotone flow', nets: ['gx'], block: single(method => monotone(method)), exchangeable: false }
}

/** All names of kinds of blocks. */
export const blockNames = Object.keys(blockKinds) as readonly BlockName[]
