import type { Precision } from '../../src/interpret/backend.js'

/** A layer as peers take it: weight [in out], bias [out]. */
export interface PeerLayer {
  readonly shape: readonly [number, number]
  readonly weight: Float64Array
  readonly bias: Float64Array
}

export interface PeerNet {
  readonly forward: () => Promise<readonly ArrayLike<number>[]>
  readonly gradient: () => Promise<readonly ArrayLike<number>[]>
}

export type OpenedPeer =
  | { readonly missing: string }
  | ((layers: readonly PeerLayer[], points: Float64Array, batch: number) => PeerNet)

export interface Peer {
  readonly name: string
  readonly precision: Precision
  readonly open: () => Promise<OpenedPeer>
}

/** The peers: name, precision, and a task that gives the subject or says what is missing. */
export const netPeers: readonly Peer[]
