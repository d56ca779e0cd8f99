import { either as E } from 'fp-ts'
import { describe, it } from 'vitest'
import type { Backend } from '../../../src/interpret/backend.js'
import { onnxBackend } from '../../../src/interpret/onnx/onnxBackend.js'
import type { Application } from '../../../src/laws/applications.js'
import { parity } from '../../../src/laws/parity.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import { run } from '../../support/law.js'

/** Numbers of tensors without inputs, by a backend. */
const interpreterOf =
  ({ compile }: Backend) =>
  async (outputs: readonly Tensor[]): Promise<readonly ArrayLike<number>[]> => {
    const compiled = await compile([], outputs)()
    const result = E.isRight(compiled) ? await compiled.right([])() : compiled
    if (E.isLeft(result)) throw new Error(result.left.message)
    return result.right
  }

const vanishes = (shape: unknown): boolean => Array.isArray(shape) && shape.includes(0)

/** ONNX Runtime has no solve or logAbsDet of general matrices, and refuses axes of size 0. */
const knows = (application: Application): boolean => {
  const whole = JSON.stringify(application, (key, value) => (key === 'shape' && vanishes(value) ? 'empty' : value))
  return !whole.includes('"general"') && !whole.includes('"empty"')
}

const installed = await import('onnxruntime-node').then(
  () => true,
  () => false
)

if (installed)
  for (const precision of ['float32', 'float64'] as const) {
    const backend = onnxBackend(precision)
    describe(`onnx ${precision}`, () => {
      run(parity(`onnx ${precision}`, interpreterOf(backend), backend.machine, { knows }))
    })
  }
else
  describe('onnx', () => {
    it('is not compared with reference: onnxruntime-node is not installed', () => undefined)
  })
