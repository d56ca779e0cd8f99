import { describe, expect, it } from 'vitest'
import { inferenceCases, paperArchitecture, productCase, trainingCase } from '../../bench/cases.js'
import { onnxBackend } from '../../src/interpret/onnx/onnxBackend.js'
import { referenceBackend } from '../../src/interpret/reference/referenceBackend.js'

const small = { ...paperArchitecture, blocks: 1, hidden: [4] }

const installed = await import('onnxruntime-node').then(
  () => true,
  () => false
)

/** Every case of the bench runs once, so that it cannot rot; nothing is timed. */
describe.each(installed ? [onnxBackend('float64'), referenceBackend] : [referenceBackend])('bench cases', backend => {
  it(`run on ${backend.name}`, async () => {
    const product = await productCase(backend, 4)
    await product.run()
    const training = await trainingCase(8, 2, small, backend)
    await training.run()
    await training.run()
    expect(training.state().step).toBe(2)
    expect(training.solverSteps()).toBeGreaterThan(0)
    for (const { run } of await inferenceCases(3, 1, backend, training.state(), small)) await run()
  })
})
