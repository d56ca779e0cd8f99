import { either as E } from 'fp-ts'
import { flowOf } from '../flow/architecture.js'
import { boundsAsGiven, type Certified, certify, type NotContractive } from '../flow/certify.js'
import { flowInput, layoutOf } from '../flow/layout.js'
import type { Method } from '../flow/residual.js'
import type { Backend } from '../interpret/backend.js'
import { exact, type LogDet } from '../logdet/exact.js'
import { simplify } from '../rewrite/simplify.js'
import { vectorizeOver } from '../rewrite/vectorize.js'
import { type RootReport, reportOf } from '../solve/report.js'
import { type RootNode, rootsOf } from '../solve/root.js'
import { fromArray, scalar } from '../tensor/constructors.js'
import { add } from '../tensor/primitives/add.js'
import { div } from '../tensor/primitives/div.js'
import { input } from '../tensor/primitives/input.js'
import { mul } from '../tensor/primitives/mul.js'
import { sub } from '../tensor/primitives/sub.js'
import { sizeOf } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Model } from './model.js'
import { logProb, sample } from './pushforward.js'

/** What computes: its precision, and what is assumed of its arithmetic. */
export type Arithmetic = Pick<Backend, 'machine' | 'precision'>

/** The method of evaluation: exact log-determinants, roots to nearly the precision of the arithmetic. */
export const evaluationMethod = ({ precision }: Pick<Backend, 'precision'>): Method => ({
  logDet: exact,
  tolerance: precision === 'float32' ? 1e-6 : 1e-13
})

/** A solver's safeguard needs a constant below 1; where none is proved it gets this one, and no error bound is told. */
const justBelowOne = 1 - 2 ** -20

/** The bounds of a model's weights: certified, or for weights as given whatever they are. */
export const boundsOfModel = ({ architecture, effective, asGiven }: Model): E.Either<NotContractive, Certified> =>
  asGiven === true ? E.right(boundsAsGiven(architecture, effective)) : certify(architecture, effective)

/** The model's map and parameters, with the norms certified anew. */
export const flowAt = (arithmetic: Arithmetic, model: Model, logDet: LogDet = exact) => {
  const { architecture } = model
  return E.map(({ effective, norms, lipschitzBound }: Certified) => {
    const layout = layoutOf(architecture)
    const tensors = layout.segments.map(({ offset, shape }) =>
      fromArray(effective.subarray(offset, offset + sizeOf(shape)), shape)
    )
    const certified = lipschitzBound < 1
    const usable = certified ? norms : norms.map(() => justBelowOne ** (1 / (layout.widths.length - 1)))
    return {
      flow: flowOf(architecture, { ...evaluationMethod(arithmetic), logDet }),
      parameters: flowInput(architecture, tensors, usable.map(scalar)),
      certified,
      lipschitzBound
    }
  })(boundsOfModel(model))
}

/** A function of every column of [d size], rows kept apart. */
export const everyRow = (points: Tensor, f: (x: Tensor) => readonly Tensor[]): readonly Tensor[] =>
  vectorizeOver(x => f(x as Tensor), [points], [true], points.shape[1] as number, 'last')

/** What is done to a point first, and the logarithm of how much that shrinks volumes. */
export const standardisationOf = ({ standardisation }: Pick<Model, 'standardisation'>) => {
  const { mean, scale } = standardisation ?? { mean: [], scale: [] }
  return {
    standardised: (x: Tensor): Tensor => (mean.length === 0 ? x : div(sub(x, fromArray(mean)), fromArray(scale))),
    logScale: scale.reduce((sum, s) => sum + Math.log(s), 0)
  }
}

/** A model as a program of columns [d rows], and how its roots are found. */
export interface Program<Output extends string> {
  readonly input: Tensor
  readonly outputs: Readonly<Record<Output, Tensor>>
  readonly roots: readonly RootNode[]
  /** Reports of the roots, in their order. */
  readonly reports: readonly RootReport[]
  /** Whether every net is proved to be a contraction; if not, the reports' error bounds mean nothing. */
  readonly certified: boolean
}

const programOf = <Output extends string>(
  { machine }: Arithmetic,
  variable: Tensor,
  certified: boolean,
  names: readonly Output[],
  results: readonly Tensor[]
): Program<Output> => {
  const simplified = simplify(results)
  const roots = rootsOf(simplified.slice(-1))
  return {
    input: variable,
    outputs: Object.fromEntries(names.map((name, i) => [name, simplified[i]])) as Record<Output, Tensor>,
    roots,
    reports: roots.map(node => reportOf(machine, node)),
    certified
  }
}

/**
 * The density of points in the columns of [d rows]: noise [d rows] and log-densities [rows], nats, in the units of the
 * data.
 * @returns Left if the weights do not make contractions
 */
export const densityProgram = (
  arithmetic: Arithmetic,
  model: Model,
  rows: number
): E.Either<NotContractive, Program<'z' | 'logDensity'>> =>
  E.map(({ flow, parameters, certified }: FlowAt) => {
    const points = input('points', [model.architecture.dimension, rows])
    const { standardised, logScale } = standardisationOf(model)
    const results = everyRow(points, x => {
      const density = logProb(flow)(parameters)(standardised(x))
      return [density.z, sub(density.logDensity, logScale)]
    })
    return programOf(arithmetic, points, certified, ['z', 'logDensity'], results)
  })(flowAt(arithmetic, model))

type FlowAt = ReturnType<typeof flowAt> extends E.Either<unknown, infer A> ? A : never

/**
 * The points in the units of the data that noise in the columns of [d rows] becomes. No log-determinant is computed.
 * @returns Left if the weights do not make contractions
 */
export const samplerProgram = (
  arithmetic: Arithmetic,
  model: Model,
  rows: number
): E.Either<NotContractive, Program<'x'>> =>
  E.map(({ flow, parameters, certified }: FlowAt) => {
    const noise = input('noise', [model.architecture.dimension, rows])
    const { mean, scale } = model.standardisation ?? { mean: [], scale: [] }
    const original = (x: Tensor): Tensor => (mean.length === 0 ? x : add(mul(x, fromArray(scale)), fromArray(mean)))
    const results = everyRow(noise, z => [original(sample(flow)(parameters)(z))])
    return programOf(arithmetic, noise, certified, ['x'], results)
  })(flowAt(arithmetic, model))
