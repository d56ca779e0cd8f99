import { either as E, taskEither as TE } from 'fp-ts'
import type { Points } from '../data/points.js'
import { flowOf } from '../flow/architecture.js'
import type { NotContractive } from '../flow/certify.js'
import { certify } from '../flow/certify.js'
import { flowInput, layoutOf } from '../flow/layout.js'
import type { Method } from '../flow/residual.js'
import type { Backend, BackendError, Compiled } from '../interpret/backend.js'
import { exact } from '../logdet/exact.js'
import { simplify } from '../rewrite/simplify.js'
import { vectorizeOver } from '../rewrite/vectorize.js'
import { broyden } from '../solve/broyden.js'
import { reportOf } from '../solve/report.js'
import { isRoot } from '../solve/root.js'
import { fromArray, scalar } from '../tensor/constructors.js'
import { topological } from '../tensor/graph.js'
import { add } from '../tensor/primitives/add.js'
import { stack } from '../tensor/primitives/concat.js'
import { div } from '../tensor/primitives/div.js'
import { input } from '../tensor/primitives/input.js'
import { mul } from '../tensor/primitives/mul.js'
import { sub } from '../tensor/primitives/sub.js'
import { sizeOf } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import { densityError } from './densityError.js'
import type { Densities, Model } from './model.js'
import { logProb, sample } from './pushforward.js'
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

/** The method of evaluation: exact log-determinants, roots to nearly the precision of the arithmetic. */
export const evaluationMethod = ({ precision }: Pick<Backend, 'precision'>): Method => ({
  logDet: exact,
  solver: broyden(),
  tolerance: precision === 'float32' ? 1e-6 : 1e-13
})

const backendFailed = TE.mapLeft(({ message }: BackendError): EvaluateError => ({ tag: 'Backend', message }))

/** The model's map and parameters, with the norms certified anew. */
const flowAt = (backend: Backend, { architecture, effective }: Model) =>
  E.map(({ effective: weights, norms }: { effective: Float64Array; norms: readonly number[] }) => {
    const tensors = layoutOf(architecture).segments.map(({ offset, shape }) =>
      fromArray(weights.subarray(offset, offset + sizeOf(shape)), shape)
    )
    return {
      flow: flowOf(architecture, evaluationMethod(backend)),
      parameters: flowInput(architecture, tensors, norms.map(scalar))
    }
  })(certify(architecture, effective))

type FlowAt = ReturnType<typeof flowAt> extends E.Either<unknown, infer A> ? A : never

/** A function of every column of [d size], rows kept apart. */
const everyRow = (points: Tensor, f: (x: Tensor) => readonly Tensor[]): readonly Tensor[] =>
  vectorizeOver(x => f(x as Tensor), [points], [true], points.shape[1] as number, 'last')

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
  TE.flatMap(TE.fromEither<EvaluateError, FlowAt>(flowAt(backend, model)), ({ flow, parameters }) => {
    const d = model.architecture.dimension
    const points = input('points', [d, evaluationRows])
    const { mean, scale } = model.standardisation ?? { mean: [], scale: [] }
    const logScale = scale.reduce((sum, s) => sum + Math.log(s), 0)
    const standardised = (x: Tensor): Tensor => (mean.length === 0 ? x : div(sub(x, fromArray(mean)), fromArray(scale)))
    const [z, logDensity] = simplify(
      everyRow(points, x => {
        const density = logProb(flow)(parameters)(standardised(x))
        return [density.z, sub(density.logDensity, logScale)]
      })
    ) as [Tensor, Tensor]
    const roots = topological([logDensity]).filter(isRoot)
    const reports = roots.map(node => reportOf(backend.machine, node))
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
            logDensityErrorEstimate: joined(blocks, 2),
            rootErrorBound: bound,
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
  TE.flatMap(TE.fromEither<EvaluateError, FlowAt>(flowAt(backend, model)), ({ flow, parameters }) => {
    const d = model.architecture.dimension
    const noise = input('noise', [d, evaluationRows])
    const { mean, scale } = model.standardisation ?? { mean: [], scale: [] }
    const original = (x: Tensor): Tensor => (mean.length === 0 ? x : add(mul(x, fromArray(scale)), fromArray(mean)))
    const [x] = simplify(everyRow(noise, z => [original(sample(flow)(parameters)(z))])) as [Tensor]
    const reports = topological([x])
      .filter(isRoot)
      .map(node => reportOf(backend.machine, node))
    const outputs = [
      reports.map(({ converged }) => converged),
      reports.map(({ iterations }) => iterations),
      reports.map(({ residual }) => residual),
      reports.map(({ errorBound }) => errorBound)
    ].map(rows => stack(rows))
    const compiled = backendFailed(backend.compile([noise], [x, ...outputs], threads))
    return TE.map(
      (run: Compiled) => (table: Points) =>
        TE.flatMapEither(
          backendFailed(runBlocks(run, table, backend, threads)),
          (blocks): E.Either<EvaluateError, Points> => {
            const count = reports.length
            const lost = acrossRoots(blocks, 1, count, Math.min, 1).findIndex(fine => fine !== 1)
            if (lost < 0) return E.right({ rows: table.rows, columns: d, values: joined(blocks, 0, d) })
            const worst = (output: number): number => acrossRoots(blocks, output, count, Math.max, 0)[lost] as number
            return E.left({ tag: 'Unconverged', sample: lost, steps: worst(2), residual: worst(3), bound: worst(4) })
          }
        )
    )(compiled)
  })
