import { either as E, function as F, taskEither as TE } from 'fp-ts'
import type { Points } from '../data/points.js'
import type { NotContractive } from '../flow/certify.js'
import type { Backend, BackendError, Compiled } from '../interpret/backend.js'
import { once } from '../prelude/once.js'
import { withinTolerance } from '../solve/report.js'
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

/** How a model is to be evaluated. */
export interface Evaluation {
  /** Sessions side by side. */
  readonly threads: number
  /**
   * Rows computed at a time, the last ones padded; 256 unless told. Fewer answer sooner where single points are asked for again
   * and again. Results with other sizes may differ in the last bits, within their errors.
   */
  readonly rows?: number
}

/** How a model's density is to be evaluated. */
export interface DensityEvaluation extends Evaluation {
  /**
   * Whether log-densities come with estimates of their errors, which take longer than they do; bounds of the roots' errors and
   * convergence are told in any case. True unless told.
   */
  readonly errorEstimates?: boolean
}

/**
 * Compiles a model's density, with what is known of its errors. A row's result does not depend on the others, but for its last
 * bits on ONNX Runtime, whose sines round by what is beside them. Unconverged rows are marked, not refused.
 * @returns Left if the weights do not make contractions, or the backend is missing
 */
export const compileDensity = (
  backend: Backend,
  model: Model,
  { threads, rows = evaluationRows, errorEstimates = true }: DensityEvaluation
): TE.TaskEither<EvaluateError, (points: Points) => TE.TaskEither<EvaluateError, Densities>> =>
  TE.flatMap(TE.fromEither(densityProgram(backend, model, rows)), program => {
    const d = model.architecture.dimension
    const { input: points, roots, reports, certified } = program
    const { z, logDensity } = program.outputs
    const count = roots.length
    const outputs = [
      z,
      logDensity,
      ...(count === 0
        ? []
        : [
            stack(reports.map(({ errorBound }) => errorBound)),
            stack(reports.map(({ iterations }) => iterations)),
            stack(reports.map(({ converged }) => converged))
          ]),
      ...(errorEstimates ? [densityError(backend.machine, logDensity, roots, reports)] : [])
    ]
    const compiled = backendFailed(backend.compile([points], outputs, threads))
    return TE.map(
      (run: Compiled) => (table: Points) =>
        TE.map((blocks: readonly Evaluated[]): Densities => {
          const across = (output: number, most: (a: number, b: number) => number, from: number): Float64Array =>
            count === 0 ? new Float64Array(table.rows).fill(from) : acrossRoots(blocks, output, count, most, from)
          return {
            latents: joined(blocks, 0, d),
            logDensity: joined(blocks, 1),
            logDensityErrorEstimate: errorEstimates ? known(joined(blocks, outputs.length - 1), certified) : null,
            rootErrorBound: known(across(2, Math.max, 0), certified),
            solverSteps: across(3, Math.max, 0),
            converged: Array.from(across(4, Math.min, 1), x => x === 1)
          }
        })(backendFailed(runBlocks(run, table, backend, threads, rows)))
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
  { threads, rows = evaluationRows }: Evaluation
): TE.TaskEither<EvaluateError, (noise: Points) => TE.TaskEither<EvaluateError, Points>> =>
  TE.flatMap(TE.fromEither(samplerProgram(backend, model, rows)), program => {
    const d = model.architecture.dimension
    const { input: noise, outputs, roots, reports, certified } = program
    const indicators = roots.length === 0 ? [] : [stack(roots.map(withinTolerance))]
    /** What a root that is above its tolerance is judged by; compiled when there is one. */
    const judgement = once(() =>
      backendFailed(
        backend.compile(
          [noise],
          [
            stack(reports.map(({ converged }) => converged)),
            stack(reports.map(({ iterations }) => iterations)),
            stack(reports.map(({ residual }) => residual)),
            stack(reports.map(({ errorBound }) => errorBound))
          ],
          threads
        )
      )()
    )
    const judged = (blocks: readonly Evaluated[]): E.Either<EvaluateError, null> => {
      const count = reports.length
      const sample = acrossRoots(blocks, 0, count, Math.min, 1).findIndex(fine => fine !== 1)
      if (sample < 0) return E.right(null)
      const worst = (output: number): number => acrossRoots(blocks, output, count, Math.max, 0)[sample] as number
      const bound = certified ? worst(3) : Infinity
      return E.left({ tag: 'Unconverged', sample, steps: worst(1), residual: worst(2), bound })
    }
    return TE.map(
      (run: Compiled) =>
        (table: Points): TE.TaskEither<EvaluateError, Points> =>
          F.pipe(
            backendFailed(runBlocks(run, table, backend, threads, rows)),
            TE.tap(blocks =>
              roots.length === 0 || acrossRoots(blocks, 1, roots.length, Math.min, 1).every(fine => fine === 1)
                ? TE.right(null)
                : F.pipe(
                    judgement,
                    TE.flatMap(judge => backendFailed(runBlocks(judge, table, backend, threads, rows))),
                    TE.flatMapEither(judgements => judged(judgements))
                  )
            ),
            TE.map(blocks => ({ rows: table.rows, columns: d, values: joined(blocks, 0, d) }))
          )
    )(backendFailed(backend.compile([noise], [outputs.x, ...indicators], threads)))
  })
