import { either as E } from 'fp-ts'
import { must } from '../spec/support/must.js'
import type { Points } from '../src/data/points.js'
import { toys } from '../src/data/toy.js'
import { compileDensity, compileSampler } from '../src/distribution/evaluate.js'
import type { Model } from '../src/distribution/model.js'
import type { Architecture } from '../src/flow/architecture.js'
import { certify } from '../src/flow/certify.js'
import { type Backend, toPrecision } from '../src/interpret/backend.js'
import { onnxBackend } from '../src/interpret/onnx/onnxBackend.js'
import { exact } from '../src/logdet/exact.js'
import type { Roulette } from '../src/logdet/terms.js'
import { foldIn, fromSeed } from '../src/random/key.js'
import { normal } from '../src/random/normal.js'
import { broyden } from '../src/solve/broyden.js'
import { concat } from '../src/tensor/primitives/concat.js'
import { input } from '../src/tensor/primitives/input.js'
import { matmul } from '../src/tensor/primitives/matmul.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { start } from '../src/train/fit.js'
import type { TrainState } from '../src/train/state.js'
import { compileStep } from '../src/train/step.js'
import { defaultOptimiser, type Optimiser } from '../src/train/update.js'

/** Something to time: each call does the whole of it once. */
export interface Case {
  readonly name: string
  readonly run: () => Promise<void>
}

/** The flow of the paper's checkerboard experiment. */
export const paperArchitecture: Architecture = {
  model: 'impflow',
  dimension: 2,
  blocks: 4,
  hidden: [128, 128],
  activation: 'sine',
  coefficient: 0.99
}

const key = fromSeed(0)
const checkerboard = toys.find(({ name }) => name === 'checkerboard') ?? toys[0]

/** Products in one run, so that the cost of the call hardly counts. */
const products = 20

/** One matrix product [batch 128] x [128 128], as rows of features; the unit of everything else. */
export const productCase = async (backend: Backend, batch: number): Promise<Case & { readonly repeats: number }> => {
  const [a, b] = [input('a', [128, 128]), input('b', [128, batch])]
  const chain = Array.from({ length: products }).reduce<Tensor>(x => matmul(a, x), b)
  const run = await must(backend.compile([a, b], [concat([chain], 0)]))
  const values = [128 * 128, 128 * batch].map(n => toPrecision(backend.precision, new Float64Array(n).fill(1 / 128)))
  return {
    name: `product ${batch}`,
    repeats: products,
    run: async () => {
      await must(run(values))
    }
  }
}

/** A training state at the start of a run. */
const freshState = async (backend: Backend, architecture: Architecture): Promise<TrainState> =>
  (await must(start({ backend }, { architecture, seed: 0 }))).state

/** Training: each run is one step and moves the weights, at the rate of bench/peers/impflow_torch.py. */
export interface Training extends Case {
  readonly state: () => TrainState
  /** Goes back to the weights that it began with. */
  readonly restart: () => void
}

/** What a training case may differ in from the paper's checkerboard. */
export interface TrainingOptions {
  readonly architecture?: Architecture
  readonly backend?: Backend
  /** Where training goes on from; fresh weights unless told. */
  readonly from?: TrainState
  readonly optimiser?: Optimiser['optimiser']
  /** Exact unless told; the roulette is the published one. */
  readonly logDet?: 'exact' | 'roulette'
}

/** The authors' roulette: geometric 1/2, two exact terms. */
export const publishedRoulette: Roulette = { law: { kind: 'geometric', rho: 0.5 }, exactTerms: 2 }

/** Whole training steps: normalisation and the optimiser included. */
export const trainingCase = async (
  batch: number,
  threads: number,
  {
    architecture = paperArchitecture,
    backend = onnxBackend('float32'),
    from,
    optimiser: kind = 'adamw',
    logDet = 'exact'
  }: TrainingOptions = {}
): Promise<Training> => {
  const d = architecture.dimension
  const step = await must(
    compileStep(backend, {
      architecture,
      method: { logDet: exact, ...(d <= 8 ? { solver: broyden() } : {}), tolerance: 1e-6 },
      optimiser: { ...defaultOptimiser, optimiser: kind },
      average: 0.999,
      batch,
      threads,
      ...(logDet === 'exact' ? {} : { roulette: publishedRoulette, seed: 0 })
    })
  )
  let state = from ?? (await freshState(backend, architecture))
  const first = state
  /** The checkerboard, and further coordinates that are standard normal. */
  const pointsOf = (at: number): Points => {
    const plane = (checkerboard as NonNullable<typeof checkerboard>).sample(foldIn(foldIn(key, 3), at))(batch)
    if (d === 2) return plane
    const values = normal(foldIn(foldIn(key, 4), at))(batch * d)
    for (let i = 0; i < batch; i++) values.set(plane.values.subarray(2 * i, 2 * i + 2), i * d)
    return { rows: batch, columns: d, values }
  }
  return {
    name: `step ${batch}, ${threads} thread${threads === 1 ? '' : 's'}${kind === 'adamw' ? '' : ', Muon'}`,
    state: () => state,
    restart: () => {
      state = first
    },
    run: async () => {
      const [next] = await must(step(state, pointsOf(state.step), from === undefined ? 1e-3 : 2e-4))
      state = next
    }
  }
}

/** Steps of a measurement that are not counted, and those that are, as bench/peers/impflow_torch.py is told to take. */
export interface StepCounts {
  readonly uncounted: number
  readonly counted: number
}

/** Few where steps are long or time is short. */
export const stepCounts = (few: boolean): StepCounts => ({ uncounted: 3, counted: few ? 4 : 8 })

/**
 * Milliseconds of the first steps of training, from the weights that it began with, as roots are harder to find, and steps slower,
 * after some of them.
 */
export const firstSteps = async (
  { restart, run }: Training,
  { uncounted, counted }: StepCounts
): Promise<readonly number[]> => {
  restart()
  const times: number[] = []
  for (let i = 0; i < uncounted + counted; i++) {
    const begin = performance.now()
    await run()
    if (i >= uncounted) times.push(performance.now() - begin)
  }
  return times
}

/** A model with the weights that training starts from. */
export const freshModel = async (architecture: Architecture): Promise<Model> =>
  modelOf(architecture, await freshState(onnxBackend('float32'), architecture))

/** The model of a training state. */
const modelOf = (architecture: Architecture, { effective }: TrainState): Model => {
  const certified = certify(architecture, effective)
  return {
    architecture,
    effective: E.isRight(certified) ? certified.right.effective : Float64Array.from(effective),
    norms: E.isRight(certified) ? certified.right.norms : [],
    standardisation: null
  }
}

/** Points of the checkerboard, and standard normal noise. */
export const inferenceInputs = (count: number): { readonly points: Points; readonly noise: Points } => ({
  points: (checkerboard as NonNullable<typeof checkerboard>).sample(foldIn(key, 5))(count),
  noise: { rows: count, columns: 2, values: normal(foldIn(key, 6))(2 * count) }
})

/** Density and samples of some points, convergence of every point included, and of densities estimates of their errors if asked. */
export const inferenceCase = async (
  model: Model,
  backend: Backend,
  threads: number,
  count: number
): Promise<Readonly<Record<'density' | 'densityWithErrors' | 'sample', () => Promise<Float64Array>>>> => {
  const { points, noise } = inferenceInputs(count)
  const how = { threads, ...(count < 256 ? { rows: count } : {}) }
  const bare = await must(compileDensity(backend, model, { ...how, errorEstimates: false }))
  const full = await must(compileDensity(backend, model, how))
  const sampler = await must(compileSampler(backend, model, how))
  return {
    density: async () => (await must(bare(points))).logDensity,
    densityWithErrors: async () => (await must(full(points))).logDensity,
    sample: async () => (await must(sampler(noise))).values
  }
}
