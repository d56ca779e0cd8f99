import { either as E, type taskEither as TE } from 'fp-ts'
import { toys } from '../src/data/toy.js'
import { compileDensity, compileSampler } from '../src/distribution/evaluate.js'
import type { Model } from '../src/distribution/model.js'
import type { Architecture } from '../src/flow/architecture.js'
import { certify } from '../src/flow/certify.js'
import { type Backend, toPrecision } from '../src/interpret/backend.js'
import { onnxBackend } from '../src/interpret/onnx/onnxBackend.js'
import { exact } from '../src/logdet/exact.js'
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

/** The value of a task that is not expected to fail. */
export const must = async <L, A>(task: TE.TaskEither<L, A>): Promise<A> => {
  const result = await task()
  if (E.isLeft(result)) return Promise.reject(new Error(JSON.stringify(result.left)))
  return result.right
}

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

/** Training, for timing and for warming up weights: each run is one step. */
export interface Training extends Case {
  readonly state: () => TrainState
  /** Most solver steps of the last training step. */
  readonly solverSteps: () => number
}

/** Whole training steps: exact log-determinants, normalisation and the optimiser included. */
export const trainingCase = async (
  batch: number,
  threads: number,
  architecture = paperArchitecture,
  backend: Backend = onnxBackend('float32'),
  from?: TrainState,
  kind: Optimiser['optimiser'] = 'adamw'
): Promise<Training> => {
  const method = { logDet: exact, solver: broyden(), tolerance: 1e-6 }
  const optimiser = { ...defaultOptimiser, optimiser: kind }
  const settings = {
    architecture,
    method,
    optimiser,
    average: 0.999,
    batch,
    threads
  }
  const step = await must(compileStep(backend, settings))
  let state = from ?? (await freshState(backend, architecture))
  let solverSteps = 0
  return {
    name: `step ${batch}, ${threads} thread${threads === 1 ? '' : 's'}${kind === 'adamw' ? '' : ', Muon'}`,
    state: () => state,
    solverSteps: () => solverSteps,
    run: async () => {
      const points = (checkerboard as NonNullable<typeof checkerboard>).sample(foldIn(foldIn(key, 3), state.step))(
        batch
      )
      const [next, report] = await must(step(state, points, from === undefined ? 2e-3 : 2e-4))
      state = next
      solverSteps = report.solverSteps
    }
  }
}

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

/** Density and samples of some points, errors and convergence of every point included. */
export const inferenceCases = async (
  count: number,
  threads: number,
  backend: Backend,
  state: TrainState,
  architecture = paperArchitecture
): Promise<readonly Case[]> => {
  const model = modelOf(architecture, state)
  const density = await must(compileDensity(backend, model, { threads }))
  const sampler = await must(compileSampler(backend, model, { threads }))
  const points = (checkerboard as NonNullable<typeof checkerboard>).sample(foldIn(key, 5))(count)
  const noise = { rows: count, columns: 2, values: normal(foldIn(key, 6))(2 * count) }
  return [
    {
      name: `density ${count}, ${backend.precision}, ${threads} thread${threads === 1 ? '' : 's'}`,
      run: async () => void (await must(density(points)))
    },
    {
      name: `sample ${count}, ${backend.precision}, ${threads} thread${threads === 1 ? '' : 's'}`,
      run: async () => void (await must(sampler(noise)))
    }
  ]
}
