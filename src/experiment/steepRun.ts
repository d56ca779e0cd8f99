import { either as E, function as F, taskEither as TE } from 'fp-ts'
import { compileDensity, type EvaluateError } from '../distribution/evaluate.js'
import type { Architecture } from '../flow/architecture.js'
import { certify } from '../flow/certify.js'
import { parameterCount } from '../flow/layout.js'
import type { Backend, BackendError, Reals } from '../interpret/backend.js'
import { backendOf } from '../interpret/backends.js'
import type { TrainError } from '../train/state.js'
import { defaultOptimiser } from '../train/update.js'
import { type SteepErrors, steepErrors, steepFloor, steepGrid, steepTarget } from './steep.js'
import { regress } from './steepFit.js'

/** Settings of the 1-D experiment, the same for every flow. */
export interface SteepOptions {
  readonly hidden: readonly number[]
  readonly coefficient: number
  readonly steps: number
  readonly learningRate: number
  /** The loss is this norm of the error on the training grid; even, a large one stands for sup. */
  readonly norm: number
  /** Training points on either side of 0. */
  readonly halves: number
  /** Points on either side of 0 where errors are measured. */
  readonly measured: number
  readonly seed: number
}

/** The published settings of the experiment. */
const steepDefaults: SteepOptions = {
  hidden: [64],
  coefficient: 0.999,
  steps: 8000,
  learningRate: 0.03,
  norm: 8,
  halves: 200,
  measured: 10_000,
  seed: 0
}

/** A flow fitted to the steep target. */
export interface SteepFit extends SteepErrors {
  readonly label: string
  readonly model: Architecture['model']
  readonly blocks: number
  readonly parameters: number
  /** What Theorem 3 says the sup error must exceed; 0 for an ImpFlow, which has no floor. */
  readonly floor: number
  /** Certified upper bound of every net's Lipschitz constant, below 1. */
  readonly lipschitzBound: number
  /** Bound of the distance of every root from the exact one; 0 where a flow needs none. */
  readonly maxRootErrorBound: number
  /** Images of the result's `x`. */
  readonly values: Float64Array
}

/** The experiment's outcome. */
export interface SteepResult {
  readonly options: SteepOptions
  readonly backend: Pick<Backend, 'name' | 'precision'>
  /** Increasing, from -1 to 1. */
  readonly x: Float64Array
  readonly target: Float64Array
  /** One ImpFlow block, then 1, 2 and 3 ResFlow blocks. */
  readonly fits: readonly SteepFit[]
}

export type SteepError = TrainError | EvaluateError

const contenders = [
  { model: 'impflow', blocks: 1 },
  { model: 'resflow', blocks: 1 },
  { model: 'resflow', blocks: 2 },
  { model: 'resflow', blocks: 3 }
] as const

type Contender = (typeof contenders)[number]

const labelOf = ({ model, blocks }: Contender): string =>
  `${model === 'impflow' ? 'ImpFlow' : 'ResFlow'}, ${blocks} block${blocks === 1 ? '' : 's'}`

/** A flow's images in float64, and how sure they are. */
interface Measured {
  readonly values: Float64Array
  readonly lipschitzBound: number
  readonly maxRootErrorBound: number
}

/** Certifies weights and applies their flow to the points in float64; a root that is not found is a Left. */
const measure = (
  backend: Backend,
  architecture: Architecture,
  weights: Reals,
  x: Float64Array
): TE.TaskEither<SteepError, Measured> =>
  F.pipe(
    E.Do,
    E.bind('certified', () => certify(architecture, weights)),
    E.bindW('exact', () =>
      E.mapLeft(({ message }: BackendError): EvaluateError => ({ tag: 'Backend', message }))(
        backendOf(backend.name === 'gpu' ? 'onnx' : backend.name, 'float64')
      )
    ),
    TE.fromEither,
    TE.flatMap(({ certified, exact }) =>
      F.pipe(
        compileDensity(
          exact,
          { ...certified, architecture, standardisation: null },
          { threads: 1, errorEstimates: false }
        ),
        TE.flatMap(apply => apply({ rows: x.length, columns: 1, values: x })),
        TE.map(found => ({ certified, found }))
      )
    ),
    TE.flatMap(({ certified: { lipschitzBound }, found }) => {
      const { latents: values, rootErrorBound, solverSteps, converged } = found
      const maxRootErrorBound = rootErrorBound.reduce((a, b) => Math.max(a, b), 0)
      const sample = converged.indexOf(false)
      const bound = rootErrorBound[sample] as number
      const [steps, residual] = [solverSteps[sample] as number, bound * (1 - lipschitzBound)]
      return sample < 0
        ? TE.right<SteepError, Measured>({ values, lipschitzBound, maxRootErrorBound })
        : TE.left<SteepError, Measured>({ tag: 'Unconverged', sample, steps, residual, bound })
    })
  )

const fitted = (
  backend: Backend,
  options: SteepOptions,
  contender: Contender,
  onStep: (step: number, loss: number) => void
): TE.TaskEither<SteepError, SteepFit> => {
  const { hidden, coefficient, steps, learningRate, norm, halves, measured, seed } = options
  const architecture: Architecture = { ...contender, dimension: 1, hidden, activation: 'lipSwish', coefficient }
  const schedule = { learningRate, warmup: 50 }
  const settings = { architecture, optimiser: defaultOptimiser, schedule, steps, norm, seed }
  const points = steepGrid(halves)
  const x = steepGrid(measured)
  return F.pipe(
    regress(backend, settings, { x: points, y: points.map(steepTarget) }, onStep),
    TE.flatMap((weights): TE.TaskEither<SteepError, Measured> => measure(backend, architecture, weights, x)),
    TE.map(found => ({
      label: labelOf(contender),
      ...contender,
      parameters: parameterCount(architecture),
      floor: contender.model === 'impflow' ? 0 : steepFloor(2 ** contender.blocks),
      ...steepErrors(x, found.values, found.maxRootErrorBound),
      ...found
    }))
  )
}

/**
 * The paper's 1-D example: one ImpFlow block and ResFlows of 1, 2 and 3 blocks, of equal nets, fitted to the steep target
 * on [-1, 1] by regression; weights certified, errors measured in float64. Deterministic, but for the backend's version.
 * Source: Lu et al. 2021, Figure 2 and Theorem 3.
 * @param onStep told of every step before it is taken: which flow, its loss
 */
export const steepExperiment = (
  backend: Backend,
  options: Partial<SteepOptions> = {},
  onStep: (label: string, step: number, loss: number) => void = () => undefined
): TE.TaskEither<SteepError, SteepResult> => {
  const all = { ...steepDefaults, ...options }
  const x = steepGrid(all.measured)
  const { name, precision } = backend
  return F.pipe(
    contenders,
    TE.traverseSeqArray(contender =>
      fitted(backend, all, contender, (step, loss) => onStep(labelOf(contender), step, loss))
    ),
    TE.map(fits => ({ options: all, backend: { name, precision }, x, target: x.map(steepTarget), fits }))
  )
}
