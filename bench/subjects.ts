import { either as E } from 'fp-ts'
import type { Backend, GpuMode, Reals } from '../src/interpret/backend.js'
import { gpuBackend } from '../src/interpret/gpu/gpuBackend.js'
import { onnxBackend } from '../src/interpret/onnx/onnxBackend.js'
import { referenceBackend } from '../src/interpret/reference/referenceBackend.js'
import { productCase } from './cases.js'
import { type Comparison, type Subject, stopwatch } from './comparison.js'

/** An interpreter of ours, and what tables call it. */
export interface Own {
  readonly name: string
  readonly backend: Backend
  /** Hundreds of times slower than the first: for small cases. */
  readonly slow: boolean
}

/** Interpreters that are there, ONNX Runtime in float64 first, and what is missing. */
export interface Interpreters {
  readonly found: readonly Own[]
  readonly missing: readonly string[]
}

const gpuModes: readonly GpuMode[] = ['webgpu', 'webasm', 'cpu']

let opened: Promise<Interpreters> | undefined

/** Opens every interpreter once. */
export const interpreters = (): Promise<Interpreters> => {
  opened ??= (async () => {
    const found: Own[] = [
      { name: 'impflow, onnx', backend: onnxBackend('float64'), slow: false },
      { name: 'impflow, onnx', backend: onnxBackend('float32'), slow: false },
      { name: 'impflow, reference', backend: referenceBackend, slow: true }
    ]
    const missing: string[] = []
    for (const mode of gpuModes) {
      const gpu = await gpuBackend(mode)()
      if (E.isLeft(gpu)) missing.push(gpu.left.message)
      else found.push({ name: `impflow, gpu ${mode} (${gpu.right.device.adapter})`, backend: gpu.right, slow: true })
    }
    return { found, missing }
  })()
  return opened
}

/** Numbers as a backend takes them. */
export const given = ({ precision }: Backend, values: Float64Array): Reals =>
  precision === 'float32' ? Float32Array.from(values) : values

/** The yardstick: one product [128 128] x [128 batch] in float32 on one thread. */
export const yardstick = async (batch: number): Promise<NonNullable<Comparison['yardstick']>> => {
  const { run, repeats } = await productCase(onnxBackend('float32'), batch)
  const measure: Subject['measure'] = async seconds => (await stopwatch(run)(seconds)).map(ms => ms / repeats)
  return { name: `products [128 128] x [128 ${batch}]`, measure }
}
