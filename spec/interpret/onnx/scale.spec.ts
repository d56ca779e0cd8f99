import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import type { Backend } from '../../../src/interpret/backend.js'
import { onnxBackend } from '../../../src/interpret/onnx/onnxBackend.js'
import { referenceBackend } from '../../../src/interpret/reference/referenceBackend.js'
import { contractiveMlp } from '../../../src/lipschitz/contractive.js'
import { exact } from '../../../src/logdet/exact.js'
import { activations } from '../../../src/net/activations.js'
import { fromSeed } from '../../../src/random/key.js'
import { normal } from '../../../src/random/normal.js'
import { grad } from '../../../src/rewrite/derivatives.js'
import { vectorizeOver } from '../../../src/rewrite/vectorize.js'
import { constantOf } from '../../../src/tensor/primitives/constant.js'
import { input } from '../../../src/tensor/primitives/input.js'
import { sum } from '../../../src/tensor/primitives/sum.js'
import { sizeOf } from '../../../src/tensor/shape.js'
import type { Tensor } from '../../../src/tensor/tensor.js'

const installed = await import('onnxruntime-node').then(
  () => true,
  () => false
)

const rows = 8
const shapes = [[16, 2], [16], [16, 16], [16], [2, 16], [2]]
const weights = shapes.map((shape, i) => input(`p${i}`, shape))
const x = input('x', [2, rows])

/** The sum over the rows of ln det (I + J) of a net of sines, whose slopes have numbers beside matrix products. */
const logDet = (parameters: readonly Tensor[]): Tensor => {
  const layers = [0, 2, 4].map(l => ({ weight: parameters[l] as Tensor, bias: parameters[l + 1] as Tensor }))
  const net = contractiveMlp({ activation: activations.sine, leading: false }).net({
    layers,
    betas: [],
    norms: layers.map(() => constantOf(0.9))
  })
  return sum(vectorizeOver(p => [exact(net)(p as Tensor)], [x], [true], rows, 'last')[0] as Tensor)
}
const outputs = [logDet(weights), ...grad(logDet)(weights)]
const numbers = [...shapes, [2, rows]].map((shape, i) => normal(fromSeed(i))(sizeOf(shape)).map(v => v / 6))

const computed = async ({ compile }: Backend): Promise<readonly ArrayLike<number>[]> => {
  const run = await compile([...weights, x], outputs)()
  const result = E.isRight(run) ? await run.right(numbers)() : run
  if (E.isLeft(result)) throw new Error(result.left.message)
  return result.right
}

describe.runIf(installed)('numbers beside matrix products on onnx', () => {
  it('are not rounded to float32 in float64, where weights are inputs', async () => {
    const [found, expected] = [await computed(onnxBackend('float64')), await computed(referenceBackend)]
    expected.forEach((right, i) => {
      const largest = Math.max(...Array.from(right, Math.abs), Number.MIN_VALUE)
      const off = Math.max(...Array.from(right, (v, k) => Math.abs(v - (found[i]?.[k] as number))))
      expect(off / largest).toBeLessThan(1e-13)
    })
  })
})
