import { join } from 'node:path'
import { function as F, taskEither as TE } from 'fp-ts'
import type { Points } from '../../data/points.js'
import type { Model } from '../../distribution/model.js'
import { evaluationMethod } from '../../distribution/programs.js'
import { type TraceError, traceModel } from '../../distribution/traceModel.js'
import { solverTraces } from '../../plot/solverTraces.js'
import type { Trace } from '../../solve/trace.js'
import { commit, commitText } from '../../train/runFolder/disk.js'
import { runFolderErrorMessage } from '../../train/runFolder/runFolderError.js'
import type { Env } from '../env.js'
import { type Failure, misused, orFail } from '../failure.js'
import { noiseOf, pictureErrorMessage } from '../pictures/scene.js'
import { type BackendWish, chooseBackend } from '../run/chooseBackend.js'
import { evaluateErrorMessage } from '../run/evaluateError.js'
import { openModel, openPoints } from '../run/openModel.js'
import { median } from '../run/session.js'

/** What `solve-trace` is asked. */
export interface SolveTraceRequest {
  readonly run: string
  /** A file of points in the data's units, whose densities need the roots; null for those of samples. */
  readonly points: string | null
  readonly count: number
  readonly seed: number
  readonly block: number
  readonly limit: number
  readonly json: boolean
  readonly wish: BackendWish
}

/** What is told of one solver. */
interface Summary {
  readonly solver: string
  readonly medianSteps: number
  readonly mostSteps: number
  /** Samples that took all the steps allowed without an end. */
  readonly unfinished: number
}

/** Steps of every solver; a sample that has taken the most steps allowed has not ended by itself. */
const summaryOf = ({ solver, steps }: Trace, limit: number): Summary => ({
  solver,
  medianSteps: median(Array.from(steps)),
  mostSteps: Math.max(...steps),
  unfinished: Array.from(steps).filter(n => n >= limit).length
})

const told = ({ block, points }: SolveTraceRequest, error: TraceError): Failure => {
  if ('message' in error) return { message: error.message, exitCode: 1 }
  if (error.tag === 'NotContractive') return { message: evaluateErrorMessage(error), exitCode: 1 }
  return error.roots === 0
    ? misused(
        points === null
          ? 'Sampling from this model needs no roots.'
          : 'The density of this model needs no roots: leave --points out to follow those of samples.'
      )
    : misused(`--block is ${block}, where a whole number from 0 to ${error.roots - 1} should be: one of the roots.`)
}

/** Where the roots are looked for: points of a file, or noise. */
const startsOf = (
  env: Env,
  { points, count, seed }: SolveTraceRequest,
  model: Model
): TE.TaskEither<Failure, readonly ['density' | 'sample', Points]> =>
  points === null
    ? TE.right(['sample', noiseOf(seed, count, model.architecture.dimension)] as const)
    : TE.map((read: Points) => ['density', read] as const)(openPoints(env, points, model))

const table = (summaries: readonly Summary[]): string =>
  [
    `${'solver'.padEnd(16)}median steps  most steps  not ended`,
    ...summaries.map(
      ({ solver, medianSteps, mostSteps, unfinished }) =>
        `${solver.padEnd(16)}${String(medianSteps).padStart(12)}${String(mostSteps).padStart(12)}${String(unfinished).padStart(11)}`
    ),
    ''
  ].join('\n')

/** Follows every solver to the roots of one block, prints their steps, and draws |F| by steps in the run's folder. */
export const solveTrace = (env: Env, request: SolveTraceRequest): TE.TaskEither<Failure, readonly Summary[]> =>
  F.pipe(
    openModel(env, request.run),
    TE.bindTo('model'),
    TE.bind('backend', () => chooseBackend(env, request.wish, 'float64')),
    TE.bind('starts', ({ model }) => startsOf(env, request, model)),
    TE.bind('traces', ({ model, backend, starts }) =>
      TE.mapLeft((error: TraceError) => told(request, error))(
        traceModel(backend, model, starts, { block: request.block, limit: request.limit })
      )
    ),
    TE.bind('picture', ({ traces, backend, starts: [kind, { rows }] }) =>
      orFail(pictureErrorMessage)(
        solverTraces({
          title: `Roots of block ${request.block}, by every solver`,
          subtitle: `${rows} ${kind === 'density' ? 'points' : 'samples'}, ${backend.precision}; the dashed line is the tolerance`,
          traces,
          tolerance: evaluationMethod(backend).tolerance
        })
      )
    ),
    TE.tap(({ picture }) => {
      const path = join(request.run, 'solve-trace')
      return F.pipe(
        commitText(env.disk, `${path}.svg`, picture.svg),
        TE.flatMap(() => commit(env.disk, `${path}.png`, picture.png)),
        orFail(runFolderErrorMessage)
      )
    }),
    TE.map(({ traces }) => {
      const summaries = traces.map(trace => summaryOf(trace, request.limit))
      env.print(
        request.json
          ? `${JSON.stringify(summaries)}\n`
          : `${table(summaries)}picture  ${join(request.run, 'solve-trace.png')}\n`
      )
      return summaries
    })
  )
