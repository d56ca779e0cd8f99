import { must } from '../../spec/support/must.js'
import { logProb } from '../../src/distribution/pushforward.js'
import { type Architecture, flowOf } from '../../src/flow/architecture.js'
import { flowInput, layoutOf, unpacked } from '../../src/flow/layout.js'
import type { Backend, Precision } from '../../src/interpret/backend.js'
import { exact } from '../../src/logdet/exact.js'
import { foldIn, fromSeed } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'
import { valueAndGrad } from '../../src/rewrite/derivatives.js'
import { vectorizeOver } from '../../src/rewrite/vectorize.js'
import { scalar } from '../../src/tensor/constructors.js'
import { div } from '../../src/tensor/primitives/div.js'
import { input } from '../../src/tensor/primitives/input.js'
import { neg } from '../../src/tensor/primitives/neg.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { firstSteps, freshModel, paperArchitecture, stepCounts, type TrainingOptions, trainingCase } from '../cases.js'
import { type Comparison, type Size, type Subject, stopwatch } from '../comparison.js'
import { python, pythonMissing } from '../python.js'
import { given, interpreters, yardstick } from '../subjects.js'
import { torchAnswer, torchSubjects, torchTimes } from '../torchFlow.js'

/** Points whose loss and gradients are compared before steps are timed. */
const compared = 64

/** One thread against one, and in float32 the best of one and two against the best. */
const threadsOf = (precision: Precision): readonly number[] => (precision === 'float32' ? [1, 2] : [1])

/** Loss and gradients by every weight and bias, in the order of the layout, of the mean over some points. */
const lossAndGradients = async (
  backend: Backend,
  architecture: Architecture,
  effective: Float64Array,
  norms: readonly number[],
  points: Float64Array
): Promise<readonly ArrayLike<number>[]> => {
  const layout = layoutOf(architecture)
  const d = architecture.dimension
  const [flat, x] = [input('flat', [layout.size]), input('x', [d, compared])]
  const tolerance = backend.precision === 'float32' ? 1e-6 : 1e-13
  const density = logProb(flowOf(architecture, { logDet: exact, tolerance }))
  const mean = (tensors: readonly Tensor[]): Tensor => {
    const [nats] = vectorizeOver(
      point => [neg(density(flowInput(architecture, tensors, norms.map(scalar)))(point as Tensor).logDensity)],
      [x],
      [true],
      compared,
      'last'
    )
    return div(sum(nats as Tensor), compared)
  }
  const [value, slopes] = valueAndGrad(mean)(unpacked(layout, flat))
  const run = await must(backend.compile([flat, x], [value, ...slopes]))
  const columns = points.map((_, k) => points[(k % compared) * d + Math.floor(k / compared)] as number)
  return must(run([given(backend, effective), given(backend, columns)]))
}

/** Whole training steps: normalisation, roots, log-determinants, gradients and AdamW. */
const stepComparison = async (
  architecture: Architecture,
  batch: number,
  size: Size,
  options: Pick<TrainingOptions, 'logDet'>
): Promise<Comparison> => {
  const { effective, norms } = await freshModel(architecture)
  const points = normal(foldIn(fromSeed(4), 0))(architecture.dimension * compared)
  const { found } = await interpreters()
  const stochastic = options.logDet === 'roulette'
  const counts = stepCounts(batch > 1000 || size === 'quick')
  const subjects: Subject[] = []
  // What is slow takes part in small steps with exact log-determinants, if there is time.
  const own = found.filter(
    ({ slow, backend }) =>
      size === 'tiny' ||
      (stochastic ? !slow && backend.precision === 'float32' : !slow || (size === 'full' && batch <= 500))
  )
  for (const { name, backend, slow } of own)
    for (const threads of threadsOf(backend.name === 'onnx' ? backend.precision : 'float64')) {
      const training = await trainingCase(batch, threads, { architecture, backend, ...options })
      subjects.push({
        name,
        precision: backend.precision,
        threads,
        answer: async () => (stochastic ? [] : lossAndGradients(backend, architecture, effective, norms, points)),
        measure: seconds => (seconds === 0 || slow ? stopwatch(training.run)(seconds) : firstSteps(training, counts))
      })
    }
  const table = { rows: compared, columns: architecture.dimension, values: points }
  const torchThreads = (precision: Precision): readonly number[] =>
    size === 'quick' && precision === 'float64' ? [] : threadsOf(precision)
  const torch = torchSubjects(torchThreads, setting => ({
    answer: async () => (stochastic ? [] : torchAnswer('step', architecture, effective, table, setting)),
    measure: async seconds => {
      const how = { batch, steps: seconds === 0 ? 1 : counts.counted, stochastic, ...setting }
      return [(await torchTimes('step', architecture, effective, how)).ms]
    }
  }))
  return {
    name:
      `training step of ${batch.toLocaleString('en-US')} points, d = ${architecture.dimension}, ` +
      (stochastic ? 'roulette (geometric 1/2, 2 exact terms)' : 'exact log-determinants'),
    subjects: [...subjects, ...torch],
    missing: python === undefined ? [`PyTorch: ${pythonMissing}`] : [],
    // Roots to 1e-6 move gradients by more than rounding does.
    allowed: { float32: 1e-3, float64: 1e-8 },
    ...(size === 'tiny' ? {} : { yardstick: await yardstick(batch) })
  }
}

/** Steps of 500 points by either optimiser, and where training has gone on for some steps: roots are harder to find there. */
const stages = async (steps: number): Promise<Comparison> => {
  const trained = await trainingCase(500, 1)
  for (let i = 0; i < steps; i++) await trained.run()
  const cases = {
    'AdamW, fresh weights': await trainingCase(500, 1),
    'Muon, fresh weights': await trainingCase(500, 1, { optimiser: 'muon' }),
    [`AdamW, after ${steps.toLocaleString('en-US')} steps`]: await trainingCase(500, 1, { from: trained.state() })
  }
  return {
    name: 'training step of 500 points by optimiser and weights',
    subjects: Object.entries(cases).map(([name, training]) => ({
      name: `impflow, onnx, ${name}`,
      precision: 'float32',
      threads: 1,
      answer: () => Promise.resolve([]),
      measure: () => firstSteps(training, stepCounts(false))
    })),
    missing: [],
    yardstick: await yardstick(500)
  }
}

/** Training steps of the paper's checkerboard flow beside PyTorch's, and steps with estimated log-determinants. */
export const step = async (size: Size): Promise<readonly Comparison[]> => {
  if (size === 'tiny') {
    const small = { ...paperArchitecture, blocks: 1, hidden: [4] }
    return [await stepComparison(small, 8, size, {}), await stepComparison(small, 8, size, { logDet: 'roulette' })]
  }
  const wide = { ...paperArchitecture, dimension: 21 }
  return [
    await stepComparison(paperArchitecture, 500, size, {}),
    ...(size === 'quick' ? [] : [await stepComparison(paperArchitecture, 5000, size, {}), await stages(1000)]),
    await stepComparison(wide, 500, size, { logDet: 'roulette' })
  ]
}
