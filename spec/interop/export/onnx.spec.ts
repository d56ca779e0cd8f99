import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import type { Model } from '../../../src/distribution/model.js'
import { toDensityOnnx, toSamplerOnnx } from '../../../src/interop/export/onnxModel.js'
import type { Precision } from '../../../src/interpret/backend.js'
import { fromSeed } from '../../../src/random/key.js'
import { normal } from '../../../src/random/normal.js'
import { densitiesOf, furthest, imported, samplesOf } from '../pytorch/support.js'

const ort = await import('onnxruntime-node').catch(() => null)
if (ort === null) console.warn('NOT RUN: exported ONNX models were not compared, as onnxruntime-node does not load.')

const right = <A>(value: E.Either<unknown, A>): A => {
  if (E.isLeft(value)) throw new Error(JSON.stringify(value.left))
  return value.right
}

const rows = (count: number, dimension: number): readonly (readonly number[])[] => {
  const values = normal(fromSeed(4))(count * dimension)
  return Array.from({ length: count }, (_, i) => Array.from(values.subarray(i * dimension, (i + 1) * dimension)))
}

/** Runs a file as anybody would who has stock ONNX Runtime: nothing of impflow, default options. */
const run = async (
  bytes: Uint8Array,
  name: string,
  precision: Precision,
  x: readonly (readonly number[])[],
  d = x[0]?.length ?? 0
) => {
  if (ort === null) throw new Error('onnxruntime-node does not load')
  const session = await ort.InferenceSession.create(bytes)
  const values = precision === 'float64' ? Float64Array.from(x.flat()) : Float32Array.from(x.flat())
  const results = await session.run({ [name]: new ort.Tensor(precision, values, [x.length, d]) })
  const numbers = (output: string) => Array.from(results[output]?.data as Float64Array)
  const shape = (output: string) => results[output]?.dims
  return { inputs: session.inputNames, outputs: session.outputNames, numbers, shape }
}

/** An ActNorm, standardised units, and d = 2 and 6. */
const cases: readonly (readonly [string, Model])[] = [
  ['ck_imp_swish_actnorm', imported('ck_imp_swish_actnorm.pth').model],
  ['made_res_elu_line', imported('made_res_elu_line.pth').model],
  [
    'ck_imp_sin, standardised',
    {
      ...imported('ck_imp_sin.pth').model,
      asGiven: false,
      standardisation: { mean: [3, -2], scale: [0.5, 4] }
    }
  ]
]

describe.runIf(ort !== null)('an ONNX model in stock ONNX Runtime', () => {
  it.each(cases)('%s: density of any number of points', async (_, model) => {
    const bytes = right(toDensityOnnx(model, 'float64'))
    const d = model.architecture.dimension
    const x = rows(300, d)
    const { inputs, outputs, numbers, shape } = await run(bytes, 'points', 'float64', x)
    expect(inputs).toEqual(['points'])
    expect(outputs).toEqual(['z', 'log_density', 'log_density_error_estimate', 'converged', 'root_error_bound'])
    expect([shape('z'), shape('log_density'), shape('converged')]).toEqual([[300, d], [300], [300]])
    const expected = await densitiesOf(model, x)
    // Both results are within their own error estimates of the truth; to first order the sum bounds the difference.
    const off = numbers('log_density_error_estimate').map(
      (e, i) => 2 * (e + (expected.logDensityErrorEstimate?.[i] as number))
    )
    numbers('log_density').forEach((l, i) => {
      expect(Math.abs(l - (expected.logDensity[i] as number))).toBeLessThan((off[i] as number) + 1e-13)
    })
    expect(furthest(numbers('z'), Array.from(expected.latents))).toBeLessThan(1e-10)
    expect(numbers('converged')).toEqual(new Array(300).fill(1))
    expect(Math.max(...numbers('root_error_bound'))).toBeLessThan(1e-10)
    for (const count of [1, 256, 257]) {
      const some = await run(bytes, 'points', 'float64', x.slice(0, count))
      expect(some.numbers('log_density')).toEqual(numbers('log_density').slice(0, count))
    }
    expect((await run(bytes, 'points', 'float64', [], d)).shape('log_density')).toEqual([0])
  })

  it.each(cases)('%s: sampler', async (_, model) => {
    const z = rows(20, model.architecture.dimension)
    const { inputs, outputs, numbers } = await run(right(toSamplerOnnx(model, 'float64')), 'noise', 'float64', z)
    expect([inputs, outputs]).toEqual([['noise'], ['x', 'converged', 'root_error_bound']])
    expect(furthest(numbers('x'), Array.from(await samplesOf(model, z)))).toBeLessThan(1e-10)
    expect(numbers('converged')).toEqual(new Array(20).fill(1))
  })

  it('in float32 says how far off it may be', async () => {
    const { model } = imported('ck_imp_swish_actnorm.pth')
    const x = rows(50, 2).map(row => row.map(Math.fround))
    const { numbers } = await run(right(toDensityOnnx(model, 'float32')), 'points', 'float32', x)
    const { logDensity } = await densitiesOf(model, x)
    const estimates = numbers('log_density_error_estimate')
    numbers('log_density').forEach((l, i) => {
      expect(Math.abs(l - (logDensity[i] as number))).toBeLessThan(2 * (estimates[i] as number))
    })
    expect(Math.max(...estimates)).toBeLessThan(1e-2)
  })

  it('tells no bound where nothing is proved', async () => {
    const { model } = imported('made_imp_uncertified.pth')
    const { numbers } = await run(right(toDensityOnnx(model, 'float64')), 'points', 'float64', rows(5, 2))
    expect(numbers('root_error_bound')).toEqual(new Array(5).fill(Infinity))
    expect(numbers('converged')).toEqual(new Array(5).fill(1))
  })

  it('marks a row that has no root, and that row only', async () => {
    const { model } = imported('ck_imp_sin.pth')
    const x = [
      [0, 1],
      [Number.NaN, 0],
      [1, 2]
    ]
    const { numbers } = await run(right(toDensityOnnx(model, 'float64')), 'points', 'float64', x)
    expect(numbers('converged')).toEqual([1, 0, 1])
  })
})
