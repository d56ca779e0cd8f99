import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import type { Points } from '../../src/data/points.js'
import { compileDensity, compileSampler } from '../../src/distribution/evaluate.js'
import type { Model } from '../../src/distribution/model.js'
import type { Architecture } from '../../src/flow/architecture.js'
import { certify } from '../../src/flow/certify.js'
import { layoutOf } from '../../src/flow/layout.js'
import type { Backend } from '../../src/interpret/backend.js'
import { onnxBackend } from '../../src/interpret/onnx/onnxBackend.js'
import { referenceBackend } from '../../src/interpret/reference/referenceBackend.js'
import { foldIn, fromSeed } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'
import { must } from '../support/must.js'

const key = fromSeed(11)

/** A model with random weights, steep enough for roots to take some steps. */
const modelOf = (model: Architecture['model'], dimension: number, standardised = false): Model => {
  const architecture: Architecture = {
    model,
    dimension,
    blocks: 2,
    hidden: [8],
    activation: 'sine',
    coefficient: 0.95
  }
  const weights = normal(key)(layoutOf(architecture).size).map(x => 3 * x)
  const certified = certify(architecture, weights)
  if (E.isLeft(certified)) throw new Error('random weights are certified by construction')
  const { effective, norms } = certified.right
  const columns = Array.from({ length: dimension }, (_, i) => i + 1)
  const standardisation = standardised ? { mean: columns, scale: columns.map(i => i / 4) } : null
  return { architecture, effective, norms, standardisation }
}

const pointsOf = (rows: number, columns: number, stream = 1): Points => ({
  rows,
  columns,
  values: normal(foldIn(key, stream))(rows * columns).map(x => 2 * x)
})

const rowsOf = ({ columns, values }: Points, from: number, count: number): Points => ({
  rows: count,
  columns,
  values: values.slice(from * columns, (from + count) * columns)
})

const densityOf = async (backend: Backend, model: Model, points: Points, threads = 1) =>
  must((await must(compileDensity(backend, model, { threads })))(points))

const installed = await import('onnxruntime-node').then(
  () => true,
  () => false
)
const backends = [referenceBackend, ...(installed ? [onnxBackend('float64'), onnxBackend('float32')] : [])]

describe.each(backends.map(backend => [`${backend.name} ${backend.precision}`, backend] as const))(
  '%s',
  (_, backend) => {
    it('gives rows the same bits on one thread and on two, and a row alone what it has among others', async () => {
      const model = modelOf('impflow', 2)
      const points = pointsOf(300, 2)
      const all = await densityOf(backend, model, points)
      expect((await densityOf(backend, model, points, 2)).logDensity).toEqual(all.logDensity)
      const some = await densityOf(backend, model, rowsOf(points, 255, 3))
      if (backend.name === 'reference') {
        expect(some.logDensity).toEqual(all.logDensity.slice(255, 258))
        expect(some.latents).toEqual(all.latents.slice(510, 516))
        expect(some.rootErrorBound).toEqual(all.rootErrorBound.slice(255, 258))
      }
      // ONNX Runtime's sines of a row may round by what its neighbours are: the error estimates allow for that.
      some.logDensity.forEach((value, i) => {
        const off = (some.logDensityErrorEstimate?.[i] as number) + (all.logDensityErrorEstimate?.[255 + i] as number)
        expect(Math.abs(value - (all.logDensity[255 + i] as number))).toBeLessThanOrEqual(off)
      })
    })

    it.each(['impflow', 'resflow'] as const)('leads samples of %s back to the noise they came from', async kind => {
      const model = modelOf(kind, 3, true)
      const noise = pointsOf(20, 3)
      const samples = await must((await must(compileSampler(backend, model, { threads: 1 })))(noise))
      const { latents, converged } = await densityOf(backend, model, samples)
      expect(converged.every(Boolean)).toBe(true)
      const tolerance = backend.precision === 'float32' ? 1e-3 : 1e-10
      const worst = Math.max(...latents.map((z, i) => Math.abs(z - (noise.values[i] as number))))
      expect(worst).toBeLessThan(tolerance)
    })

    it('estimates its error no smaller than it is, and states no more than the precision explains', async () => {
      const model = modelOf('impflow', 2)
      const points = pointsOf(40, 2)
      const truth = await densityOf(referenceBackend, model, points)
      const { logDensity, logDensityErrorEstimate, converged } = await densityOf(backend, model, points)
      expect(converged.every(Boolean)).toBe(true)
      logDensity.forEach((value, i) => {
        const room = (logDensityErrorEstimate?.[i] as number) + (truth.logDensityErrorEstimate?.[i] as number)
        expect(Math.abs(value - (truth.logDensity[i] as number))).toBeLessThanOrEqual(4 * room)
        expect(logDensityErrorEstimate?.[i]).toBeLessThan(backend.precision === 'float32' ? 0.05 : 1e-9)
      })
    })

    it.each([1, 7])('gives the same densities and samples %i rows at a time, within their errors', async rows => {
      const model = modelOf('impflow', 2)
      const points = pointsOf(9, 2)
      const usual = await densityOf(backend, model, points)
      const few = await must((await must(compileDensity(backend, model, { threads: 1, rows })))(points))
      few.logDensity.forEach((value, i) => {
        const room = (few.logDensityErrorEstimate?.[i] as number) + (usual.logDensityErrorEstimate?.[i] as number)
        expect(Math.abs(value - (usual.logDensity[i] as number))).toBeLessThanOrEqual(2 * room)
      })
      const samples = await must((await must(compileSampler(backend, model, { threads: 1, rows })))(points))
      const back = await densityOf(backend, model, samples)
      const tolerance = backend.precision === 'float32' ? 1e-3 : 1e-10
      expect(Math.max(...back.latents.map((z, i) => Math.abs(z - (points.values[i] as number))))).toBeLessThan(
        tolerance
      )
    })

    it('gives the same densities and bounds where estimates of errors are not asked for', async () => {
      const model = modelOf('impflow', 2)
      const points = pointsOf(20, 2)
      const full = await densityOf(backend, model, points)
      const run = await must(compileDensity(backend, model, { threads: 1, errorEstimates: false }))
      const bare = await must(run(points))
      expect(bare.logDensityErrorEstimate).toBeNull()
      expect(bare.converged).toEqual(full.converged)
      expect(bare.solverSteps).toEqual(full.solverSteps)
      bare.logDensity.forEach((value, i) => {
        const room = 2 * (full.logDensityErrorEstimate?.[i] as number)
        expect(Math.abs(value - (full.logDensity[i] as number))).toBeLessThanOrEqual(room)
        // Both enclose the same root.
        const apart = Math.hypot(
          ...[0, 1].map(j => (bare.latents[2 * i + j] as number) - (full.latents[2 * i + j] as number))
        )
        expect(apart).toBeLessThanOrEqual((bare.rootErrorBound[i] as number) + (full.rootErrorBound[i] as number))
      })
    })

    it('does not call a root that is not a number converged', async () => {
      const { converged } = await densityOf(backend, modelOf('impflow', 2), {
        rows: 2,
        columns: 2,
        values: Float64Array.of(Number.NaN, 0, 1, 1)
      })
      expect(converged).toEqual([false, true])
    })

    it('names the sample whose root is not found', async () => {
      const sampler = await must(compileSampler(backend, modelOf('impflow', 2), { threads: 1 }))
      const noise = { rows: 2, columns: 2, values: Float64Array.of(0, 1, Number.NaN, 1) }
      const result = await sampler(noise)()
      expect(E.isLeft(result) && result.left).toMatchObject({ tag: 'Unconverged', sample: 1 })
    })
  }
)

it('refuses weights whose nets are not contractions', async () => {
  const model = modelOf('impflow', 2)
  const broken = { ...model, effective: model.effective.map(() => Number.NaN) }
  const result = await compileDensity(referenceBackend, broken, { threads: 1 })()
  expect(E.isLeft(result) && result.left).toMatchObject({ tag: 'NotContractive' })
})
