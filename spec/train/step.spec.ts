import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { checkerboard } from '../../src/data/toy/checkerboard.js'
import { logProb } from '../../src/distribution/pushforward.js'
import { type Architecture, flowOf } from '../../src/flow/architecture.js'
import { flowInput, layoutOf, segmentsOf } from '../../src/flow/layout.js'
import { toArray } from '../../src/interpret/reference/reference.js'
import { referenceBackend } from '../../src/interpret/reference/referenceBackend.js'
import { certifiedNorm } from '../../src/lipschitz/certifiedNorm.js'
import { exact } from '../../src/logdet/exact.js'
import { foldIn, fromSeed } from '../../src/random/key.js'
import { vectorize } from '../../src/rewrite/vectorize.js'
import { broyden } from '../../src/solve/broyden.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { neg } from '../../src/tensor/primitives/neg.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import { initialParameters, initialVectors, vectorOffsets } from '../../src/train/initial.js'
import { learningRateAt } from '../../src/train/schedule.js'
import type { TrainState } from '../../src/train/state.js'
import { compileStep } from '../../src/train/step.js'
import { defaultOptimiser, type Optimiser, prepareProgram } from '../../src/train/update.js'
import { must } from '../support/must.js'

const architecture: Architecture = {
  model: 'impflow',
  dimension: 2,
  blocks: 2,
  hidden: [6, 5],
  activation: 'lipSwish',
  coefficient: 0.9
}
const layout = layoutOf(architecture)
const method = { logDet: exact, solver: broyden(), tolerance: 1e-14 }
const key = fromSeed(7)

/** Raw parameters large enough for normalisation to act. */
const raw = initialParameters(key, layout).map((x, i) => (i % 3 === 0 ? 20 * x : 4 * x))

const begin = async (): Promise<TrainState> => {
  const prepare = await must(prepareProgram(referenceBackend, architecture, 200))
  const [effective, vectors] = await must(prepare([raw, initialVectors(key, layout)]))
  const zeros = new Float64Array(layout.size)
  return {
    step: 0,
    raw,
    vectors: vectors as Float64Array,
    first: zeros,
    second: zeros,
    average: raw,
    effective: effective as Float64Array
  }
}

const step = async (optimiser: Optimiser, learningRate: number, threads = 1) => {
  const run = await must(
    compileStep(referenceBackend, { architecture, method, optimiser, average: 0.999, batch: 20, threads })
  )
  return must(run(await begin(), checkerboard.sample(foldIn(key, 1))(20), learningRate))
}

/** u' W v of a weight, by plain loops. */
const estimate = (values: Float64Array, u: Float64Array, v: Float64Array): number =>
  values.reduce((sum, w, k) => sum + (u[Math.floor(k / v.length)] as number) * w * (v[k % v.length] as number), 0)

/** Effective parameters as normalisation defines them, the excess of the bound held. */
const effectiveAt = (flat: Float64Array, state: Float64Array): Float64Array => {
  const effective = Float64Array.from(flat)
  const offsets = vectorOffsets(layout)
  segmentsOf(layout, flat).forEach(([{ kind, net, layer, shape, offset }, values]) => {
    const at = offsets[layer]
    const [out, size] = shape as [number, number]
    if (kind !== 'weight' || at === undefined) return
    const u = state.subarray(at.u + net * out, at.u + (net + 1) * out)
    const v = state.subarray(at.v + net * size, at.v + (net + 1) * size)
    const norm = (state[at.excess + net] as number) * estimate(values, u, v)
    const factor = Math.max(1, norm / architecture.coefficient)
    values.forEach((w, j) => {
      effective[offset + j] = w / factor
    })
  })
  return effective
}

/** The loss as a function of raw parameters, under the norm state of `raw`: what a step must descend. */
const lossAt = (flat: Float64Array, state: Float64Array): number => {
  const tensors = segmentsOf(layout, effectiveAt(flat, state)).map(([{ shape }, values]) => fromArray(values, shape))
  const norms = layout.segments.filter(({ kind }) => kind === 'weight').map(() => scalar(architecture.coefficient))
  const density = logProb(flowOf(architecture, method))(flowInput(architecture, tensors, norms))
  const points = checkerboard.sample(foldIn(key, 1))(20)
  const nats = vectorize(x => neg(density(x).logDensity))(fromArray(points.values, [points.rows, 2]))
  return (toArray(sum(nats))[0] as number) / points.rows
}

describe('a training step', () => {
  it('follows the gradient of the loss by the raw parameters, through normalisation and roots', async () => {
    const [next] = await step({ ...defaultOptimiser, clip: 1e9, beta1: 0 }, 1e-3)
    const { vectors, effective } = await begin()
    const state = Float64Array.from(vectors)
    expect(effectiveAt(raw, state).every((w, i) => Math.abs(w - (effective[i] as number)) <= 1e-12)).toBe(true)
    const direction = Float64Array.from(raw, (_, i) => Math.sin(3 * i + 1))
    const along = (h: number): number =>
      lossAt(
        raw.map((x, i) => x + h * (direction[i] as number)),
        state
      )
    const h = 1e-4
    const slope = (8 * (along(h) - along(-h)) - (along(2 * h) - along(-2 * h))) / (12 * h)
    const gradient = Float64Array.from(next.first)
    const predicted = gradient.reduce((total, g, i) => total + g * (direction[i] as number), 0)
    const scale = Math.hypot(...gradient) * Math.hypot(...direction)
    expect(Math.abs(slope - predicted) / scale).toBeLessThan(1e-8)
  })

  it('is AdamW, as written down in plain numbers', async () => {
    const optimiser = {
      ...defaultOptimiser,
      optimiser: 'adamw',
      weightDecay: 0.1,
      clip: 0.5,
      lastLayerRate: 0.25
    } as const
    const [next, { gradientNorm }] = await step(optimiser, 0.01)
    const [free] = await step({ ...optimiser, clip: 1e9, beta1: 0 }, 0.01)
    const shrink = Math.min(1, 0.5 / gradientNorm)
    for (const [{ kind, layer, offset }, values] of segmentsOf(layout, raw)) {
      const share = kind === 'weight' && layer === layout.widths.length - 2 ? optimiser.lastLayerRate : 1
      values.forEach((x, j) => {
        const g = (free.first[offset + j] as number) * shrink
        const direction = (share * g) / (Math.abs(g) + optimiser.epsilon) + (kind === 'weight' ? 0.1 * x : 0)
        expect(next.raw[offset + j]).toBeCloseTo(x - 0.01 * direction, 9)
      })
    }
  })

  it('decays weights only, and not by its gradient', async () => {
    const [with_] = await step({ ...defaultOptimiser, weightDecay: 0.5 }, 0.01)
    const [without] = await step(defaultOptimiser, 0.01)
    for (const [{ kind, offset }, values] of segmentsOf(layout, raw))
      values.forEach((x, j) => {
        const pulled = (without.raw[offset + j] as number) - (with_.raw[offset + j] as number)
        expect(pulled).toBeCloseTo(kind === 'weight' ? 0.005 * x : 0, 12)
      })
  })

  it('gives the same bits whatever the number of threads', async () => {
    const [one] = await step(defaultOptimiser, 0.01, 1)
    const [two] = await step(defaultOptimiser, 0.01, 2)
    expect(two.raw).toEqual(one.raw)
    expect(two.effective).toEqual(one.effective)
  })

  it('names the step and the cause when the loss is not finite', async () => {
    const run = await must(
      compileStep(referenceBackend, {
        architecture,
        method,
        optimiser: defaultOptimiser,
        average: 0.999,
        batch: 20,
        threads: 1
      })
    )
    const points = { rows: 1, columns: 2, values: Float64Array.of(Number.NaN, 0) }
    const result = await run(await begin(), points, 0.01)()
    expect(result).toEqual(E.left({ tag: 'NonFinite', step: 1, what: 'loss' }))
  })
})

it('normalises to contractions whatever the weights: certified norms stay within the coefficient', async () => {
  const { effective } = await begin()
  for (const [{ kind, shape }, values] of segmentsOf(layout, Float64Array.from(effective)))
    if (kind === 'weight')
      expect(certifiedNorm(values, shape as [number, number])).toBeLessThanOrEqual(architecture.coefficient)
})

it('keeps every norm within the coefficient in the steps that measure bounds, however large the steps are', async () => {
  const settings = { architecture, method, optimiser: defaultOptimiser, average: 0.999, batch: 20, threads: 1 }
  const run = await must(compileStep(referenceBackend, settings))
  let state = await begin()
  for (let t = 1; t <= 2 * defaultOptimiser.boundEvery; t++) {
    const [next] = await must(run(state, checkerboard.sample(foldIn(key, t))(20), 0.05))
    state = next
    if (t % defaultOptimiser.boundEvery === 0)
      for (const [{ kind, shape }, values] of segmentsOf(layout, Float64Array.from(state.effective)))
        if (kind === 'weight')
          expect(certifiedNorm(values, shape as [number, number])).toBeLessThanOrEqual(architecture.coefficient)
  }
})

describe('the learning rate', () => {
  const schedule = { learningRate: 0.1, warmup: 10 }
  it('warms up linearly', () => {
    expect(learningRateAt(schedule, 0, 0)).toBeCloseTo(0.01, 12)
    expect(learningRateAt(schedule, 9, 0)).toBeCloseTo(0.1, 12)
  })
  it('falls to nothing by half a cosine', () => {
    expect(learningRateAt(schedule, 500, 0.5)).toBeCloseTo(0.05, 12)
    expect(learningRateAt(schedule, 1000, 1)).toBeCloseTo(0, 12)
  })
})
