import type { OracleBlock } from '../interop/oracleBlock.js'
import type { Key } from '../random/key.js'
import type { Block } from './block.js'
import type { Rows } from './question.js'

/** What an implementation may be able to do; a law that needs more than it says is not run. */
export const capabilities = [
  'load',
  'forward',
  'inverse',
  'log_det',
  'log_prob',
  'vjp',
  'vjp_weights',
  'sample'
] as const
export type Capability = (typeof capabilities)[number]

/** A flow and points for the laws. */
export interface Case {
  readonly name: string
  readonly dimension: number
  readonly x: Rows
  /** Images that are known to have a point: any where the flow is onto, which proved constants below 1 say of a block. */
  readonly z: Rows
  /** The block to load; null for the implementation's own flow. */
  readonly block: Block | null
  /** Proved Lipschitz constants of both nets; null where there is no block. */
  readonly constants: { readonly gx: number; readonly gz: number } | null
  /** What is known of the block. */
  readonly oracle: OracleBlock | null
  /** Determines directions and cotangents. */
  readonly key: Key
  readonly can: (capability: Capability) => boolean
}

/** How far a number is from what a law says, and how far it may be. */
export interface Finding {
  readonly error: number
  readonly allowed: number
  /** Which number it is, as `z of point 2`. */
  readonly where: string
}

/** Whether a finding agrees with its law; NaN does not. */
export const holds = ({ error, allowed }: Finding): boolean => error <= allowed
