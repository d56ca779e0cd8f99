import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { checkerboard } from '../../../src/data/toy/checkerboard.js'
import { compileDensity, compileSampler } from '../../../src/distribution/evaluate.js'
import type { Model } from '../../../src/distribution/model.js'
import { evaluationMethod } from '../../../src/distribution/programs.js'
import type { Architecture } from '../../../src/flow/architecture.js'
import { certify } from '../../../src/flow/certify.js'
import { layoutOf, segmentsOf } from '../../../src/flow/layout.js'
import { type Backend, type GpuMode, type Reals, toPrecision } from '../../../src/interpret/backend.js'
import { gpuBackend } from '../../../src/interpret/gpu/gpuBackend.js'
import { referenceBackend } from '../../../src/interpret/reference/referenceBackend.js'
import { foldIn, fromSeed } from '../../../src/random/key.js'
import { normal } from '../../../src/random/normal.js'
import { rowsProgram } from '../../../src/train/rows.js'
import { must } from '../../support/must.js'

const key = fromSeed(5)
const hidden = 24
const architecture: Architecture = {
  model: 'impflow',
  dimension: 2,
  blocks: 1,
  hidden: [hidden, hidden],
  activation: 'sine',
  coefficient: 0.9
}

const model: Model = (() => {
  const certified = certify(architecture, normal(key)(layoutOf(architecture).size))
  if (E.isLeft(certified)) throw new Error('random weights are certified by construction')
  const { effective, norms } = certified.right
  return { architecture, effective: Float64Array.from(effective, Math.fround), norms, standardisation: null }
})()

const points = (() => {
  const { rows, columns, values } = checkerboard.sample(foldIn(key, 1))(40)
  return { rows, columns, values: Float64Array.from(values, Math.fround) }
})()

/** Relative error of a product of matrices of this inner size on a device, of the largest entry. */
const productError = 4e-9 * hidden + 1e-6

/**
 * Relative error of gradients: that of the products, for each of a net's three layers forward and back, times 1 / (1 - c)
 * for the root and again for the solve of its derivative.
 */
const gradientError = (6 * productError) / (1 - architecture.coefficient ** 3) ** 2

const gradientBy = async (backend: Backend): Promise<readonly Reals[]> => {
  const rows = await must(rowsProgram(backend, architecture, evaluationMethod(backend), 32, 1))
  const given = (values: ArrayLike<number>) => toPrecision(backend.precision, values)
  const columns = given(
    Array.from({ length: 64 }, (_, i) => points.values[2 * (i % 32) + Math.floor(i / 32)] as number)
  )
  return must(rows.run([given(model.effective), columns, given(new Float64Array(32).fill(1))]))
}

const modes: readonly GpuMode[] = ['cpu', 'webasm', 'webgpu']

for (const mode of modes) {
  const opened = await gpuBackend(mode, { from: 2 ** 12 })()
  if (E.isLeft(opened))
    describe(`gpu ${mode}`, () => {
      it(`runs no block: ${opened.left.message}`, () => expect(process.env['IMPFLOW_REQUIRE_WEBGPU']).not.toBe('1'))
    })
  else
    describe(`an ImpFlow block by gpu ${mode} on ${opened.right.device.adapter}`, () => {
      const backend = opened.right

      it('gives noise and log-densities within the errors told by it and by reference', async () => {
        const [ours, theirs] = await Promise.all(
          [referenceBackend, backend].map(async by =>
            must((await must(compileDensity(by, model, { threads: 1 })))(points))
          )
        )
        if (ours === undefined || theirs === undefined) throw new Error('two densities were asked for')
        expect(theirs.converged.every(x => x)).toBe(true)
        theirs.latents.forEach((z, i) => {
          const bound = (theirs.rootErrorBound[i >> 1] as number) + (ours.rootErrorBound[i >> 1] as number)
          expect(Math.abs(z - (ours.latents[i] as number))).toBeLessThanOrEqual(bound)
        })
        theirs.logDensity.forEach((x, i) => {
          const error = (theirs.logDensityErrorEstimate?.[i] as number) + (ours.logDensityErrorEstimate?.[i] as number)
          expect(Math.abs(x - (ours.logDensity[i] as number))).toBeLessThanOrEqual(2 * error)
        })
      })

      it('leads samples back to the noise they came from', async () => {
        const noise = { rows: 40, columns: 2, values: normal(foldIn(key, 2))(80) }
        const samples = await must((await must(compileSampler(backend, model, { threads: 1 })))(noise))
        const back = await must((await must(compileDensity(referenceBackend, model, { threads: 1 })))(samples))
        // The map's slope is at most (1 + c) / (1 - c); roots are solved to 1e-6 (1 + |x|), whose error is that over 1 - c.
        const c = architecture.coefficient ** 3
        const largest = Math.max(...samples.values.map(Math.abs))
        const bound = ((1 + c) / (1 - c)) * ((2e-6 * (1 + 2 * largest)) / (1 - c))
        back.latents.forEach((z, i) => {
          expect(Math.abs(z - (noise.values[i] as number))).toBeLessThanOrEqual(bound)
        })
      })

      it('gives the loss and its gradient by every parameter as reference does', async () => {
        const [nats, gradient] = await gradientBy(backend)
        const [exactNats, exactGradient] = await gradientBy(referenceBackend)
        const scale = Math.abs((exactNats as Reals)[0] as number)
        expect(Math.abs(((nats as Reals)[0] as number) - ((exactNats as Reals)[0] as number))).toBeLessThanOrEqual(
          gradientError * scale
        )
        const layout = layoutOf(architecture)
        const found = Float64Array.from(gradient as Reals)
        const expected = segmentsOf(layout, Float64Array.from(exactGradient as Reals))
        for (const [{ offset, name }, values] of expected) {
          const largest = Math.max(...values.map(Math.abs))
          values.forEach((g, j) => {
            expect(Math.abs((found[offset + j] as number) - g), name).toBeLessThanOrEqual(gradientError * largest)
          })
        }
      })
    })
}
