import { either as E, function as F, taskEither as TE } from 'fp-ts'
import { type DensityEstimates, type EstimateOptions, estimateDensity } from '../../distribution/estimate.js'
import type { Model } from '../../distribution/model.js'
import { boundsOfModel } from '../../distribution/programs.js'
import { boundedRoulette, finiteVarianceRoulette } from '../../logdet/guarantee.js'
import type { Roulette } from '../../logdet/terms.js'
import { type Env, say } from '../env.js'
import { type Failure, failed, orFail } from '../failure.js'
import { chooseBackend } from '../run/chooseBackend.js'
import { evaluateErrorMessage } from '../run/evaluateError.js'
import { openModel, openPoints } from '../run/openModel.js'
import { handOut, type Table, writable } from '../terminal/table.js'
import type { EvaluateRequest } from './density.js'

/** What `density --log-det roulette` is asked. */
export interface EstimateRequest extends EvaluateRequest {
  readonly seed: number
  /** P(one term more); null for one that is chosen from the Lipschitz bounds. */
  readonly rho: number | null
  readonly until: EstimateOptions['until']
}

/** The roulette asked for, or the cheapest with what is needed: bounded estimates for intervals, else a finite variance. */
const rouletteOf = ({ rho, until }: EstimateRequest, c: number): Roulette => {
  if (rho !== null) return { law: { kind: 'geometric', rho }, exactTerms: 2 }
  return 'halfWidth' in until ? boundedRoulette(c) : finiteVarianceRoulette(c)
}

const contraction = (run: string, model: Model): E.Either<Failure, number> =>
  F.pipe(
    boundsOfModel(model),
    E.mapLeft(error => failed(evaluateErrorMessage(error))),
    E.filterOrElse(
      ({ lipschitzBound }) => lipschitzBound < 1,
      ({ lipschitzBound }) =>
        failed(`${run}: a Lipschitz bound is ${lipschitzBound.toFixed(3)}, not below 1: no series need converge.`)
    ),
    E.map(({ lipschitzBound }) => lipschitzBound)
  )

const tableOf = (found: DensityEstimates): Table => {
  const { logDensity, standardError, halfWidth, draws, reason, rootErrorBound, converged } = found
  const rows = converged.map((fine, i) => ({
    logDensityEstimate: logDensity[i] as number,
    standardError: standardError?.[i] ?? null,
    halfWidth: halfWidth?.[i] ?? null,
    draws,
    rootErrorBound: rootErrorBound[i] as number,
    converged: fine
  }))
  const header = ['logDensityEstimate', 'standardError', 'halfWidth', 'draws', 'rootErrorBound', 'converged']
  const values = Float64Array.from(
    rows.flatMap(row => Object.values(row).map(x => (x === null ? Number.NaN : Number(x))))
  )
  return {
    points: { rows: rows.length, columns: header.length, values },
    header,
    json: () => rows.map(row => (reason === null ? row : { ...row, reason }))
  }
}

const allConverged = (file: string, { converged, rootErrorBound }: DensityEstimates): E.Either<Failure, null> => {
  const lost = converged.indexOf(false)
  return lost < 0
    ? E.right(null)
    : E.left(
        failed(
          `${file}: sample ${lost} (from 0): a root did not converge; its error bound is ${rootErrorBound[lost]?.toExponential(1)}.`
        )
      )
}

/**
 * Estimates of log-densities by roulettes, nats, in the units of the data, with standard errors where a finite variance is
 * proved, or with the half widths of confidence intervals.
 * failure  a model that is not proved to contract, intervals asked of an unbounded estimate, a root that did not converge
 */
export const estimate = (env: Env, request: EstimateRequest): TE.TaskEither<Failure, DensityEstimates> =>
  F.pipe(
    writable(request.out),
    TE.flatMap(() => openModel(env, request.run)),
    TE.bindTo('model'),
    TE.bind('table', ({ model }) => openPoints(env, request.points, model)),
    TE.bind('c', ({ model }) => TE.fromEither(contraction(request.run, model))),
    TE.bind('backend', () => chooseBackend(env, request.wish, 'float64')),
    TE.bind('found', ({ model, table, c, backend }) => {
      const { seed, until, threads } = request
      const options = { roulette: rouletteOf(request, c), seed, until, threads: threads ?? env.cores }
      return orFail(evaluateErrorMessage)(estimateDensity(backend, model, options)(table))
    }),
    TE.tap(({ found }) => handOut(env, tableOf(found), request.out, request.json)),
    TE.tapIO(({ found }) => () => {
      if (found.reason !== null && !request.json) say(env, `No standard errors: ${found.reason}.`)
    }),
    TE.tap(({ found }) => TE.fromEither(allConverged(request.points, found))),
    TE.map(({ found }) => found)
  )
