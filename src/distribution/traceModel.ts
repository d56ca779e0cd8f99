import { type either as E, taskEither as TE } from 'fp-ts'
import { blocksOf } from '../data/blocks.js'
import type { Points } from '../data/points.js'
import type { NotContractive } from '../flow/certify.js'
import { type Backend, type BackendError, zerosOf } from '../interpret/backend.js'
import { anderson } from '../solve/anderson.js'
import { broyden } from '../solve/broyden.js'
import { limitedBroyden } from '../solve/limitedBroyden.js'
import { newton } from '../solve/newton.js'
import { newtonKrylov } from '../solve/newtonKrylov.js'
import { picard } from '../solve/picard.js'
import type { Solver } from '../solve/solver.js'
import { type Trace, traceRoot } from '../solve/trace.js'
import type { Model } from './model.js'
import { densityProgram, evaluationMethod, type Program, samplerProgram } from './programs.js'

/** Solvers that store or solve with a matrix are left out above so many unknowns. */
const mostWithMatrix = 64

/** Every solver that serves for so many unknowns. */
const solversFor = (n: number): readonly Solver[] => [
  picard,
  anderson(),
  limitedBroyden(),
  newtonKrylov(),
  ...(n <= mostWithMatrix ? [broyden(), newton] : [])
]

/** Which roots of a model are followed. */
export interface TraceOptions {
  /** The root, from 0 in the order in which they are computed: a block of an ImpFlow or ResFlow has one. */
  readonly block: number
  /** Largest number of steps. */
  readonly limit: number
}

/** Why no root can be followed, besides what the backend says. */
export type TraceError = NotContractive | BackendError | { readonly tag: 'NoSuchRoot'; readonly roots: number }

/**
 * Follows every solver to the roots of one block of a model, at all points side by side: those that a density needs at
 * points of the data, or those that sampling needs from noise.
 * @param at points in the data's units, or noise
 */
export const traceModel = (
  backend: Backend,
  model: Model,
  [kind, at]: readonly ['density' | 'sample', Points],
  { block, limit }: TraceOptions
): TE.TaskEither<TraceError, readonly Trace[]> => {
  const { tolerance } = evaluationMethod(backend)
  const [columns] = blocksOf(at, at.rows, zerosOf(backend.precision))
  const program: E.Either<TraceError, Pick<Program<string>, 'input' | 'roots'>> = kind === 'density'
    ? densityProgram(backend, model, at.rows)
    : samplerProgram(backend, model, at.rows)
  return TE.flatMap(TE.fromEither(program), ({ input, roots }) => {
    const node = roots[block]
    if (node === undefined || columns === undefined)
      return TE.left<TraceError, readonly Trace[]>({ tag: 'NoSuchRoot', roots: roots.length })
    return TE.traverseSeqArray((solver: Solver) =>
      traceRoot(backend, node, solver, { tolerance, limit }, [[input], [columns.points]])
    )(solversFor(model.architecture.dimension))
  })
}
