import type { ActivationName } from '../net/activations.js'

/** Numbers of a net's shape: its weights, or derivatives in them. */
export interface OracleNet {
  readonly layers: readonly { readonly weight: readonly (readonly number[])[]; readonly bias: readonly number[] }[]
  readonly betas: readonly number[]
}

/** Total derivatives of a sum over all points, in everything. */
export interface OracleGradient {
  readonly gx: OracleNet
  readonly gz: OracleNet | undefined
  readonly x: readonly (readonly number[])[]
}

/** A block with its effective weights, and what an independent program found for it. A ResFlow block has no `gz`. */
export interface OracleBlock {
  readonly name: string
  readonly dimension: number
  readonly activation: ActivationName
  readonly gx: OracleNet
  /** Whether an activation comes before the first layer. */
  readonly leading: { readonly gx: boolean; readonly gz: boolean }
  readonly gz: OracleNet | undefined
  readonly x: readonly (readonly number[])[]
  readonly z: readonly (readonly number[])[]
  readonly logDet: readonly number[]
  readonly logDensity: readonly number[]
  /** What the inverse makes of z, if the file says it. */
  readonly inverse: readonly (readonly number[])[] | undefined
  /** Of the sum of log-determinants and |z|^2 / 2. */
  readonly gradL: OracleGradient
  /** Of the negative log-likelihood. */
  readonly gradNll: OracleGradient
  /** Smallest singular value of I + J over both nets and all points, as far as the file says it; else Infinity. */
  readonly smallestSingularValue: number
}

/** An oracle file as read: its name for messages, and its blocks. */
export interface OracleFile {
  readonly file: string
  readonly blocks: readonly OracleBlock[]
}
