import type { Precision } from '../../src/interpret/backend.js'

/** One operation on given arrays: a product of matrices, products of corresponding entries, the sine of every entry, the sums of the rows of a matrix. */
export interface PrimitiveTask {
  readonly operation: 'matmul' | 'multiply' | 'sine' | 'rowSums'
  readonly shapes: readonly (readonly number[])[]
  readonly values: readonly Float64Array[]
}

export interface PrimitivePeer {
  readonly name: string
  readonly precision: Precision
  readonly open: () => Promise<
    { readonly missing: string } | ((task: PrimitiveTask) => (() => Promise<readonly ArrayLike<number>[]>) | null)
  >
}

/** The peers: name, precision, and a task that gives the subject or says what is missing. */
export const primitivePeers: readonly PrimitivePeer[]
