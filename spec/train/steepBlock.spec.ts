import { describe, expect, it } from 'vitest'
import { checkerboard } from '../../src/data/toy/checkerboard.js'
import { onnxBackend } from '../../src/interpret/onnx/onnxBackend.js'
import { exact } from '../../src/logdet/exact.js'
import { foldIn, fromSeed } from '../../src/random/key.js'
import { broyden } from '../../src/solve/broyden.js'
import { start } from '../../src/train/fit.js'
import { compileStep } from '../../src/train/step.js'
import { defaultOptimiser } from '../../src/train/update.js'
import { must } from '../support/must.js'

const installed = await import('onnxruntime-node').then(
  () => true,
  () => false
)

describe.runIf(installed)('a single block that has to be steep', () => {
  it('finds its roots in float32: where rounding stops an approximate Jacobian, the exact one goes on', async () => {
    const architecture = {
      model: 'impflow',
      dimension: 2,
      blocks: 1,
      hidden: [128, 128],
      activation: 'sine',
      coefficient: 0.99
    } as const
    const backend = onnxBackend('float32')
    const method = { logDet: exact, solver: broyden(), tolerance: 1e-6 }
    const optimiser = { ...defaultOptimiser, optimiser: 'muon' } as const
    const settings = { architecture, method, optimiser, average: 0.999, batch: 500, threads: 1 }
    const step = await must(compileStep(backend, settings))
    let { state } = await must(start({ backend }, { architecture, seed: 2 }))
    // Without polishing, five roots of the 180th step are above the tolerance.
    for (let i = 0; i < 220; i++)
      [state] = await must(step(state, checkerboard.sample(foldIn(fromSeed(2), i))(500), 2e-3))
    expect(state.step).toBe(220)
  })
})
