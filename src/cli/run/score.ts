import { either as E, function as F, taskEither as TE } from 'fp-ts'
import type { Points } from '../../data/points.js'
import { compileDensity } from '../../distribution/evaluate.js'
import type { Model } from '../../distribution/model.js'
import type { Backend } from '../../interpret/backend.js'
import type { Env } from '../env.js'
import { type Failure, failed, interrupted, orFail } from '../failure.js'
import { evaluateErrorMessage } from './evaluateError.js'

/** How well a model does on points it has not seen. Nats and bits are negative log-likelihoods in the units of the data. */
export interface Score {
  readonly nats: number
  readonly bits: number
  /** Standard error of `bits` as the mean of so many points. */
  readonly standardErrorBits: number
  readonly maxRootErrorBound: number
}

/** Points between two looks at whether a person wants to stop. */
const chunk = 2560

const rowsFrom = ({ columns, values, rows }: Points, first: number): Points => {
  const last = Math.min(rows, first + chunk)
  return { rows: last - first, columns, values: values.subarray(first * columns, last * columns) }
}

/** Mean and standard error of numbers. */
const meanAndError = (numbers: Float64Array): readonly [mean: number, standardError: number] => {
  const n = numbers.length
  const mean = numbers.reduce((sum, x) => sum + x, 0) / n
  const squares = numbers.reduce((sum, x) => sum + (x - mean) ** 2, 0)
  return [mean, n < 2 ? Number.NaN : Math.sqrt(squares / (n - 1) / n)]
}

/**
 * Scores a model on points.
 * failure  a root that did not converge, with the index of its point; an interruption
 */
export const score = (
  env: Pick<Env, 'interrupted'>,
  backend: Backend,
  model: Model,
  points: Points,
  threads: number
): TE.TaskEither<Failure, Score> =>
  F.pipe(
    compileDensity(backend, model, { threads, errorEstimates: false }),
    orFail(evaluateErrorMessage),
    TE.flatMap(density => async (): Promise<E.Either<Failure, Score>> => {
      const nats = new Float64Array(points.rows)
      let worst = 0
      for (let first = 0; first < points.rows; first += chunk) {
        if (env.interrupted()) return E.left(interrupted('Stopped while the final numbers were being computed.'))
        const part = await orFail(evaluateErrorMessage)(density(rowsFrom(points, first)))()
        if (E.isLeft(part)) return part
        const { logDensity, rootErrorBound, converged } = part.right
        const lost = converged.indexOf(false)
        if (lost >= 0)
          return E.left(
            failed(`Test point ${first + lost}: a root did not converge (error bound ${rootErrorBound[lost]}).`)
          )
        nats.set(
          logDensity.map(x => -x),
          first
        )
        worst = rootErrorBound.reduce((most, bound) => Math.max(most, bound), worst)
      }
      const [mean, error] = meanAndError(nats)
      return E.right({
        nats: mean,
        bits: mean / Math.LN2,
        standardErrorBits: error / Math.LN2,
        maxRootErrorBound: worst
      })
    })
  )
