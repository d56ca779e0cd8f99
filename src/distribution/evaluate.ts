import { either as E, taskEither as TE } from 'fp-ts'
import type { Points } from '../data/points.js'
import type { NotContractive } from '../flow/certify.js'
import type { Backend, BackendError, Compiled } from '../interpret/backend.js'
import { stack } from '../tensor/primitives/concat.js'
import { densityError } from './densityError.js'
import type { Densities, Model } from './model.js'
import { densityProgram, samplerProgram } from './programs.js'
import { acrossRoots, type Evaluated, evaluationRows, joined, runBlocks } from './rowBlocks.js'

/** Why a model cannot be evaluated. */
export type EvaluateError =
  | { readonly tag: 'Backend'; readonly message: string }
  | NotContractive
  | {
      readonly tag: 'Unconverged'
      /** Index of the sample, from 0. */
      readonly sample: number
      readonly steps: number
      readonly residual: number
      readonly bound: number
    }

const backendFailed = TE.mapLeft(({ message }: BackendError): EvaluateError => ({ tag: 'Backend', message }))

/** Numbers that follow from contraction constants: Infinity where none is proved. */
const known = (values: Float64Array, certified: boolean): Float64Array =>
  certified ? values : values.map(() => Infinity)

/**
 * Compiles a model's density, with what is known of its errors. A row's result never depends on the others.
 * Unconverged rows are marked, not refused.
 * @returns Left if the weights do not make contractions, or the backend is missing
 */
export const compileDensity = (
  backend: Backend,
  model: Model,
  { threads }: { readonly threads: number }
): TE.TaskEither<EvaluateError, (points: Points) => TE.TaskEither<EvaluateError, Densities>> =>
  TE.flatMap(TE.fromEither(densityProgram(backend, model, evaluationRows)), program => {
    const d = model.architecture.dimension
    const { input: points, roots, reports, certified } = program
    const { z, logDensity } = program.outputs
    const error = densityError(backend.machine, logDensity, roots, reports)
    const rootOutputs =
      roots.length === 0
        ? []
        : [
            stack(reports.map(({ errorBound }) => errorBound)),
            stack(reports.map(({ iterations }) => iterations)),
            stack(reports.map(({ converged }) => converged))
          ]
    const compiled = backendFailed(backend.compile([points], [z, logDensity, error, ...rootOutputs], threads))
    return TE.map(
      (run: Compiled) => (table: Points) =>
        TE.map((blocks: readonly Evaluated[]): Densities => {
          const count = roots.length
          const bound = count === 0 ? new Float64Array(table.rows) : acrossRoots(blocks, 3, count, Math.max, 0)
          const steps = count === 0 ? new Float64Array(table.rows) : acrossRoots(blocks, 4, count, Math.max, 0)
          const fine = count === 0 ? new Float64Array(table.rows).fill(1) : acrossRoots(blocks, 5, count, Math.min, 1)
          return {
            latents: joined(blocks, 0, d),
            logDensity: joined(blocks, 1),
            logDensityErrorEstimate: known(joined(blocks, 2), certified),
            rootErrorBound: known(bound, certified),
            solverSteps: steps,
            converged: Array.from(fine, x => x === 1)
          }
        })(backendFailed(runBlocks(run, table, backend, threads)))
    )(compiled)
  })

/**
 * Compiles a model's sampler: noise [rows d] -> points in the units of the data. No log-determinant is computed.
 * @returns Left if the weights do not make contractions, or the backend is missing; Left naming the sample whose root
 * was not found, when it runs
 */
export const compileSampler = (
  backend: Backend,
  model: Model,
  { threads }: { readonly threads: number }
): TE.TaskEither<EvaluateError, (noise: Points) => TE.TaskEither<EvaluateError, Points>> =>
  TE.flatMap(TE.fromEither(samplerProgram(backend, model, evaluationRows)), program => {
    const d = model.architecture.dimension
    const { input: noise, reports, certified } = program
    const outputs = [
      reports.map(({ converged }) => converged),
      reports.map(({ iterations }) => iterations),
      reports.map(({ residual }) => residual),
      reports.map(({ errorBound }) => errorBound)
    ].map(rows => stack(rows))
    const compiled = backendFailed(backend.compile([noise], [program.outputs.x, ...outputs], threads))
    return TE.map(
      (run: Compiled) => (table: Points) =>
        TE.flatMapEither(
          backendFailed(runBlocks(run, table, backend, threads)),
          (blocks): E.Either<EvaluateError, Points> => {
            const count = reports.length
            const lost = acrossRoots(blocks, 1, count, Math.min, 1).findIndex(fine => fine !== 1)
            if (lost < 0) return E.right({ rows: table.rows, columns: d, values: joined(blocks, 0, d) })
            const worst = (output: number): number => acrossRoots(blocks, output, count, Math.max, 0)[lost] as number
            return E.left({
              tag: 'Unconverged',
              sample: lost,
              steps: worst(2),
              residual: worst(3),
              bound: certified ? worst(4) : Infinity
            })
          }
        )
    )(compiled)
  })
