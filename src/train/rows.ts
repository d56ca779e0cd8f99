import type { taskEither as TE } from 'fp-ts'
import type { Architecture } from '../flow/architecture.js'
import type { Method } from '../flow/residual.js'
import type { Backend, BackendError, Compiled } from '../interpret/backend.js'
import { blockwiseLoss, blockwiseRows } from './blockwise.js'
import type { RowsProgram } from './rowsProgram.js'
import { wholeFlowLoss, wholeFlowRows } from './wholeFlow.js'

/**
 * The most blocks of a flow compiled as one program, which computes nothing twice and so is faster than block by block; but the
 * time of compiling it grows with the square of the blocks.
 */
const blocksAtOnce = 4

/**
 * The loss of a fixed number of rows and its gradient, compiled.
 * @param size rows in a block of rows: kernels may round differently for other sizes, so it never varies
 * @param threads how many blocks of rows may run side by side
 * @param terms of estimated log-determinants; null if they are exact
 */
export const rowsProgram = (
  backend: Backend,
  architecture: Architecture,
  method: Method,
  size: number,
  threads: number,
  terms: number | null = null
): TE.TaskEither<BackendError, RowsProgram> =>
  (architecture.blocks <= blocksAtOnce ? wholeFlowRows : blockwiseRows)(
    backend,
    architecture,
    method,
    size,
    threads,
    terms
  )

/** The loss alone, exact, compiled: flat effective parameters, points [d size], weights [size] -> sum of weighted nats. */
export const lossProgram = (
  backend: Backend,
  architecture: Architecture,
  method: Method,
  size: number,
  threads: number
): TE.TaskEither<BackendError, Compiled> =>
  (architecture.blocks <= blocksAtOnce ? wholeFlowLoss : blockwiseLoss)(backend, architecture, method, size, threads)
