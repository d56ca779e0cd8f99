import { function as F, taskEither as TE } from 'fp-ts'
import type { Points } from '../../data/points.js'
import { compileDensity } from '../../distribution/evaluate.js'
import type { Densities, Model } from '../../distribution/model.js'
import type { Env } from '../env.js'
import { type Failure, failed, orFail } from '../failure.js'
import { type BackendWish, chooseBackend } from '../run/chooseBackend.js'
import { evaluateErrorMessage } from '../run/evaluateError.js'
import { openModel, openPoints } from '../run/openModel.js'
import { handOut, type Table, writable } from '../terminal/table.js'

/** What `density` and `latent` are asked. */
export interface EvaluateRequest {
  readonly run: string
  /** A file of points in the data's units. */
  readonly points: string
  readonly out: string | null
  readonly json: boolean
  readonly wish: BackendWish
  readonly threads: number | null
}

/** What `density` is asked besides. */
export interface DensityRequest extends EvaluateRequest {
  /** Whether log-densities come with estimates of their errors. */
  readonly errorEstimates: boolean
}

/** Left naming the first sample whose root was not found. */
const allConverged = (
  file: string,
  { converged, rootErrorBound, solverSteps }: Densities
): TE.TaskEither<Failure, null> => {
  const lost = converged.indexOf(false)
  return lost < 0
    ? TE.right(null)
    : TE.left(
        failed(
          `${file}: sample ${lost} (from 0): a root did not converge in ${solverSteps[lost]} steps; ` +
            `its error bound is ${rootErrorBound[lost]?.toExponential(1)}. ${converged.filter(fine => !fine).length} ` +
            `of ${converged.length} samples are marked so.`
        )
      )
}

const evaluated = (
  env: Env,
  { run, points, wish, threads, errorEstimates }: DensityRequest
): TE.TaskEither<Failure, { readonly model: Model; readonly densities: Densities }> =>
  F.pipe(
    openModel(env, run),
    TE.bindTo('model'),
    TE.bind('table', ({ model }) => openPoints(env, points, model)),
    TE.bind('backend', () => chooseBackend(env, wish, 'float64')),
    TE.bind('densities', ({ model, table, backend }) =>
      orFail(evaluateErrorMessage)(
        TE.flatMap(compileDensity(backend, model, { threads: threads ?? env.cores, errorEstimates }), density =>
          density(table)
        )
      )
    )
  )

const densityTable = ({ logDensity, logDensityErrorEstimate, rootErrorBound, converged }: Densities): Table => {
  const rows = converged.map((fine, i) => ({
    logDensity: logDensity[i] as number,
    ...(logDensityErrorEstimate === null ? {} : { logDensityErrorEstimate: logDensityErrorEstimate[i] as number }),
    rootErrorBound: rootErrorBound[i] as number,
    converged: fine
  }))
  const values = Float64Array.from(rows.flatMap(row => Object.values(row).map(Number)))
  const estimate = logDensityErrorEstimate === null ? [] : ['logDensityErrorEstimate']
  const header = ['logDensity', ...estimate, 'rootErrorBound', 'converged']
  return { points: { rows: rows.length, columns: header.length, values }, header, json: () => rows }
}

/**
 * Log-densities of points, nats, in the units of the data, with what is known of their errors.
 * failure  a root that did not converge, after everything is written
 */
export const density = (env: Env, request: DensityRequest): TE.TaskEither<Failure, Densities> =>
  F.pipe(
    writable(request.out),
    TE.flatMap(() => evaluated(env, request)),
    TE.tap(({ densities }) => handOut(env, densityTable(densities), request.out, request.json)),
    TE.tap(({ densities }) => allConverged(request.points, densities)),
    TE.map(({ densities }) => densities)
  )

/** Rows of a table, as arrays. */
const nested = ({ rows, columns, values }: Points): readonly (readonly number[])[] =>
  Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * columns, (i + 1) * columns)))

/** A table of points whose columns are numbered. */
export const pointsTable = (letter: string, points: Points): Table => ({
  points,
  header: Array.from({ length: points.columns }, (_, j) => `${letter}${j + 1}`),
  json: () => nested(points)
})

/**
 * The noise that points come from.
 * failure  a root that did not converge, after everything is written
 */
export const latent = (env: Env, request: EvaluateRequest): TE.TaskEither<Failure, Points> =>
  F.pipe(
    writable(request.out),
    TE.flatMap(() => evaluated(env, { ...request, errorEstimates: false })),
    TE.bind('latents', ({ model, densities }) =>
      TE.right<Failure, Points>({
        rows: densities.converged.length,
        columns: model.architecture.dimension,
        values: densities.latents
      })
    ),
    TE.tap(({ latents }) => handOut(env, pointsTable('z', latents), request.out, request.json)),
    TE.tap(({ densities }) => allConverged(request.points, densities)),
    TE.map(({ latents }) => latents)
  )
