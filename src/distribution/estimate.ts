import { taskEither as TE } from 'fp-ts'
import type { Points } from '../data/points.js'
import { layoutOf, segmentsOf } from '../flow/layout.js'
import { type Backend, type BackendError, type Compiled, type Reals, toPrecision } from '../interpret/backend.js'
import { guaranteeOf } from '../logdet/guarantee.js'
import { drawProbes } from '../logdet/probes.js'
import { drawTerms, type Roulette, rouletteCoefficients } from '../logdet/terms.js'
import { type ConfidenceState, observed, unseen } from '../random/confidenceSequence.js'
import { foldIn, fromSeed, split } from '../random/key.js'
import { estimateProgram, together } from './estimateProgram.js'
import type { EvaluateError } from './evaluate.js'
import type { Model } from './model.js'
import { acrossRoots, joined, runBlocks } from './rowBlocks.js'

/** How densities are to be estimated. */
export interface EstimateOptions {
  readonly roulette: Roulette
  readonly seed: number
  /**
   * A number of draws; or until every point's mean is known to within a half width, by a confidence sequence that misses
   * it with a probability of at most `errorRate`, or so many draws are made.
   */
  readonly until:
    | { readonly draws: number }
    | { readonly halfWidth: number; readonly errorRate: number; readonly limit: number }
  readonly threads: number
}

/** Estimates of ln p(x), nats, in the units of the points. Nothing here is exact but the noise that they come from. */
export interface DensityEstimates {
  /** The mean of the draws [rows]. */
  readonly logDensity: Float64Array
  readonly draws: number
  /** Of the mean [rows]; null where no finite variance is proved. */
  readonly standardError: Float64Array | null
  /** Why there is no standard error. */
  readonly reason: string | null
  /** Half the width of the confidence interval [rows], where one was asked for. */
  readonly halfWidth: Float64Array | null
  readonly rootErrorBound: Float64Array
  readonly solverSteps: Float64Array
  readonly converged: readonly boolean[]
}

/** A program's terms: the next power of two, so that few programs are compiled. */
const termsFor = (longest: number): number => Math.max(8, 2 ** Math.ceil(Math.log2(longest)))

/** The noise of one run: probes of signs, and coefficients padded by zeros. */
const noiseOf = ({ roulette, seed }: EstimateOptions, d: number, run: number) => {
  const [first, second] = split(foldIn(fromSeed(seed), run))
  const steps = Array.from(drawTerms(roulette.law)(first)(together))
  const terms = termsFor(roulette.exactTerms + Math.max(...steps))
  const coefficients = new Float64Array(together * terms)
  steps.forEach((n, i) => {
    coefficients.set(rouletteCoefficients(roulette, [n]), i * terms)
  })
  return { terms, coefficients, probes: drawProbes('rademacher')(second)(together, d) }
}

/** The most that ActNorms add to or take from a sum of log-determinants. */
const affineSize = ({ architecture, effective }: Model): number =>
  segmentsOf(layoutOf(architecture), effective)
    .filter(([{ kind }]) => kind === 'logScale')
    .reduce((sum, [, values]) => sum + values.reduce((s, x) => s + Math.abs(x), 0), 0)

/** What is known of every row so far. */
interface Sums {
  readonly draws: number
  readonly sum: Float64Array
  readonly squares: Float64Array
  readonly sequences: readonly ConfidenceState[]
}

/**
 * Estimates the densities of points with roulettes instead of determinants: for high dimensions, where these are dear. One
 * number of terms and one probe of signs a draw, for all nets and points. With a half width asked for, only what is proved
 * to be bounded is taken: the interval of every point holds its ln p(x), up to what the errors of roots and rounding do.
 * @returns Left if the weights do not make contractions, the backend is missing, or intervals are asked of estimates
 * that are not proved to be bounded
 */
export const estimateDensity = (
  backend: Backend,
  model: Model,
  options: EstimateOptions
): ((points: Points) => TE.TaskEither<EvaluateError, DensityEstimates>) => {
  const d = model.architecture.dimension
  const { until, threads } = options
  const backendFailed = TE.mapLeft(({ message }: BackendError): EvaluateError => ({ tag: 'Backend', message }))
  const compiled = new Map<number, TE.TaskEither<EvaluateError, Compiled>>()
  const compile = (terms: number) => {
    const known = compiled.get(terms)
    if (known !== undefined) return known
    const made = TE.flatMap(TE.fromEither(estimateProgram(backend, model, terms)), ({ inputs, outputs }) =>
      backendFailed(backend.compile(inputs, outputs, threads))
    )
    compiled.set(terms, made)
    return made
  }
  return points =>
    TE.flatMap(TE.fromEither(estimateProgram(backend, model, 8)), ({ roots, certified, lipschitzBound }) => {
      const nets = layoutOf(model.architecture).nets
      const { bound, varianceIsFinite, reason } = guaranteeOf(options.roulette, d, lipschitzBound)
      const wholeBound = bound === null ? null : nets * bound * (1 + 2 ** -30) + affineSize(model)
      if ('halfWidth' in until && wholeBound === null)
        return TE.left<EvaluateError, DensityEstimates>({
          tag: 'Backend',
          message: `no interval can be promised: ${reason}`
        })
      const more = 'halfWidth' in until ? observed({ bound: wholeBound ?? 1, errorRate: until.errorRate }) : null
      const enough = ({ draws, sequences }: Sums): boolean =>
        'draws' in until
          ? draws >= until.draws
          : draws >= until.limit || sequences.every(({ low, high }) => (high - low) / 2 <= until.halfWidth)
      const start: Sums = {
        draws: 0,
        sum: new Float64Array(points.rows),
        squares: new Float64Array(points.rows),
        sequences: more === null ? [] : Array.from({ length: points.rows }, () => unseen(wholeBound ?? 1))
      }
      const step = (sums: Sums, run: number): TE.TaskEither<EvaluateError, DensityEstimates> => {
        const { terms, coefficients, probes } = noiseOf(options, d, run)
        const precise = (values: Float64Array): Reals => toPrecision(backend.precision, values)
        return TE.flatMap(compile(terms), program =>
          TE.flatMap(
            backendFailed(
              runBlocks(
                ([block]) => program([block as Reals, precise(probes), precise(coefficients)]),
                points,
                backend,
                threads
              )
            ),
            blocks => {
              const drawn = joined(blocks, 1, together)
              const wanted = 'draws' in until ? Math.min(together, until.draws - sums.draws) : together
              const rowOf = (i: number): Float64Array => drawn.subarray(i * together, i * together + wanted)
              const next: Sums = {
                draws: sums.draws + wanted,
                sum: sums.sum.map((s, i) => s + rowOf(i).reduce((a, x) => a + x, 0)),
                squares: sums.squares.map((s, i) => s + rowOf(i).reduce((a, x) => a + x * x, 0)),
                sequences: more === null ? [] : sums.sequences.map((state, i) => more(state, rowOf(i)))
              }
              if (!enough(next)) return step(next, run + 1)
              const base = joined(blocks, 0)
              const { draws: n, sum, squares, sequences } = next
              const mean = sum.map(s => s / n)
              const none = new Float64Array(points.rows)
              const steps = roots === 0 ? none : acrossRoots(blocks, 3, roots, Math.max, 0)
              const bounds = roots === 0 ? none : acrossRoots(blocks, 2, roots, Math.max, 0)
              const fine = roots === 0 ? none.map(() => 1) : acrossRoots(blocks, 4, roots, Math.min, 1)
              const found: DensityEstimates = {
                logDensity: mean.map((m, i) =>
                  more === null
                    ? m + (base[i] as number)
                    : ((sequences[i]?.low ?? 0) + (sequences[i]?.high ?? 0)) / 2 + (base[i] as number)
                ),
                draws: n,
                standardError:
                  varianceIsFinite && n > 1
                    ? squares.map((s, i) => Math.sqrt(Math.max(0, s - n * (mean[i] as number) ** 2) / (n * (n - 1))))
                    : null,
                reason: varianceIsFinite ? null : reason,
                halfWidth: more === null ? null : Float64Array.from(sequences, ({ low, high }) => (high - low) / 2),
                rootErrorBound: certified ? bounds : bounds.map(() => Infinity),
                solverSteps: steps,
                converged: Array.from(fine, x => x === 1)
              }
              return TE.right(found)
            }
          )
        )
      }
      return step(start, 0)
    })
}
