import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { checkerboard } from '../../../src/data/toy/checkerboard.js'
import { compileDensity } from '../../../src/distribution/evaluate.js'
import { certify } from '../../../src/flow/certify.js'
import type { Backend, GpuMode } from '../../../src/interpret/backend.js'
import { gpuBackend } from '../../../src/interpret/gpu/gpuBackend.js'
import { onnxBackend } from '../../../src/interpret/onnx/onnxBackend.js'
import { exact } from '../../../src/logdet/exact.js'
import { foldIn, fromSeed } from '../../../src/random/key.js'
import { start } from '../../../src/train/fit.js'
import { compileStep } from '../../../src/train/step.js'
import { defaultOptimiser } from '../../../src/train/update.js'
import { must } from '../../support/must.js'

const installed = await import('onnxruntime-node').then(
  () => true,
  () => false
)

const architecture = {
  model: 'impflow',
  dimension: 2,
  blocks: 1,
  hidden: [16, 16],
  activation: 'sine',
  coefficient: 0.99
} as const

const [batch, steps, seeds] = [64, 200, [0, 1, 2, 3, 4]]

/** Bits of fresh points after 200 steps, for every seed; the weights scored in float64 by ONNX Runtime. */
const bitsBy = async (backend: Backend): Promise<readonly number[]> => {
  const step = await must(
    compileStep(backend, {
      architecture,
      method: { logDet: exact, tolerance: 1e-6 },
      optimiser: { ...defaultOptimiser, optimiser: 'adamw' },
      average: 0.99,
      batch,
      threads: 1
    })
  )
  const test = checkerboard.sample(fromSeed(99))(4000)
  const bits: number[] = []
  for (const seed of seeds) {
    let { state } = await must(start({ backend }, { architecture, seed }))
    for (let i = 0; i < steps; i++) {
      const points = checkerboard.sample(foldIn(foldIn(fromSeed(seed), 3), i))(batch)
      ;[state] = await must(step(state, points, 5e-3))
    }
    const certified = certify(architecture, state.effective)
    if (E.isLeft(certified)) throw new Error('trained weights are certified')
    const model = { architecture, ...certified.right, standardisation: null }
    const density = await must(compileDensity(onnxBackend('float64'), model, { threads: 1, errorEstimates: false }))
    const { logDensity } = await must(density(test))
    bits.push(-logDensity.reduce((sum, x) => sum + x, 0) / logDensity.length / Math.LN2)
  }
  return bits
}

const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length
const spread = (xs: readonly number[]): number =>
  Math.sqrt(xs.reduce((sum, x) => sum + (x - mean(xs)) ** 2, 0) / (xs.length - 1))

const modes: readonly GpuMode[] = ['cpu', 'webasm', 'webgpu']

describe.runIf(installed).each(modes)('training by gpu %s', mode => {
  it('ends, over five seeds, where training by ONNX Runtime in float32 does', async ({ skip }) => {
    const opened = await gpuBackend(mode, { from: 2 ** 12 })()
    if (E.isLeft(opened)) return skip(opened.left.message)
    const { adapter } = opened.right.device
    if (adapter.includes('software') && process.env['IMPFLOW_LONG'] !== '1')
      return skip(`${adapter} takes a second a step: npm run test:long`)
    const [ours, theirs] = [await bitsBy(opened.right), await bitsBy(onnxBackend('float32'))]
    console.log(`bits after ${steps} steps by gpu ${mode} on ${adapter}: ${ours.map(b => b.toFixed(4))}`)
    console.log(`by onnx: ${theirs.map(b => b.toFixed(4))}`)
    expect(Math.abs(mean(ours) - mean(theirs))).toBeLessThanOrEqual(spread(theirs))
    // They have learned: a standard normal is at log2(2 pi) + (16 / 3) / ln 2 = 10.3 bits.
    expect(mean(ours)).toBeLessThan(9.5)
  }, 600_000)
})
