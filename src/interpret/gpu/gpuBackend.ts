import { taskEither as TE } from 'fp-ts'
import { expand } from '../../rewrite/expand.js'
import { simplify } from '../../rewrite/simplify.js'
import { primitives } from '../../tensor/primitives.js'
import type { Backend, BackendError, GpuMode, Reals } from '../backend.js'
import { rowMajor } from '../reference/arrays.js'
import { gpuFloat32 } from '../runningError/machine.js'
import { functionsFor } from './functions.js'
import { type Device, hostNumbers, type Operand, openDevice } from './gpuJs.js'
import { type Offloading, plan } from './plan.js'

/** A backend on gpu.js, and what it runs on. */
export interface GpuBackend extends Backend {
  readonly device: Pick<Device, 'mode' | 'adapter'>
}

/**
 * Operations from which on a kernel is worth its call and transfer. Where JavaScript or WebAssembly stand in for a device
 * nothing is transferred, but a call costs as much as some thousand operations.
 */
const defaultOffloading: Readonly<Record<GpuMode, Offloading>> = {
  cpu: { from: 2 ** 14 },
  webasm: { from: 2 ** 14 },
  webgpu: { from: 2 ** 16 },
  webgl2: { from: 2 ** 16 }
}

/** Numbers in float32; the same array where they are. */
const single = (values: Reals): Float32Array => (values instanceof Float32Array ? values : new Float32Array(values))

const knows = (name: string): boolean => name in primitives

/**
 * The hot matrix loops on gpu.js, in float32, one thread. What is too small, or needs more than float32, is computed by
 * `reference` in float64. Sine and cosine are meant for |x| up to 1e4.
 * @param offloading what a kernel is run for; measured defaults unless told
 * @returns Left where the mode is not there, with what is missing and how to get it
 */
export const gpuBackend = (
  mode: GpuMode,
  offloading: Offloading = defaultOffloading[mode]
): TE.TaskEither<BackendError, GpuBackend> =>
  TE.map((device: Device): GpuBackend => {
    let previous: Promise<unknown> = Promise.resolve()
    return {
      name: 'gpu',
      precision: 'float32',
      machine: gpuFloat32,
      device,
      compile: (inputs, outputs) => {
        const run = plan(inputs, simplify(expand(knows)(outputs)), device, offloading)
        const numbers = async (values: readonly Reals[]): Promise<readonly Reals[]> => {
          const given = inputs.map(({ shape }, i) => ({ shape, operand: single(values[i] as Reals) }))
          const results = await run(given)
          const read = await Promise.all(
            // Copies: kernels and callers keep their arrays.
            results.map(
              async ({ host, operand }) =>
                new Float32Array(host === undefined ? await hostNumbers(operand as Operand) : rowMajor(host))
            )
          )
          device.releaseAll()
          return read
        }
        // One run after another: a kernel's buffers belong to one call at a time.
        return TE.right(values =>
          TE.tryCatch(
            () => {
              const next = previous.then(() => numbers(values))
              previous = next.catch(() => undefined)
              return next
            },
            (error): BackendError => ({
              tag: 'GpuFailed',
              message: `gpu.js (${mode}): ${error instanceof Error ? error.message : String(error)}`
            })
          )
        )
      }
    }
  })(openDevice(mode, functionsFor(mode)))
