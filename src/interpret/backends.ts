import { either as E, taskEither as TE } from 'fp-ts'
import type { Backend, BackendError, GpuMode, Precision } from './backend.js'
import { type GpuBackend, gpuBackend } from './gpu/gpuBackend.js'
import { onnxBackend } from './onnx/onnxBackend.js'
import { referenceBackend } from './reference/referenceBackend.js'

/** The backend of a name and a precision; `reference` has float64 only, and asking it for float32 is an error. */
export const backendOf = (
  name: Exclude<Backend['name'], 'gpu'>,
  precision: Precision
): E.Either<BackendError, Backend> => {
  if (name === 'onnx') return E.right(onnxBackend(precision))
  return precision === 'float64'
    ? E.right(referenceBackend)
    : E.left({ tag: 'NoSuchPrecision', message: 'the reference backend computes in float64 only: --precision float64' })
}

/** A WebGPU device that is hardware, or else WebAssembly. A software device is slower than that, so it must be asked for. */
const probed: TE.TaskEither<BackendError, GpuBackend> = TE.orElse(() => gpuBackend('webasm'))(
  TE.filterOrElse(
    ({ device }: GpuBackend) => !device.adapter.includes('software'),
    ({ device }): BackendError => ({ tag: 'GpuUnavailable', message: `${device.adapter} is no hardware` })
  )(gpuBackend('webgpu'))
)

/**
 * The backend of a name, opened.
 * @param gpuMode where gpu.js runs; null probes: a WebGPU device that is hardware, or else WebAssembly
 * @returns Left where it is not there, with what is missing and how to get it
 */
export const openBackend = (
  name: Backend['name'],
  precision: Precision,
  gpuMode: GpuMode | null = null
): TE.TaskEither<BackendError, Backend> => {
  if (name !== 'gpu') return TE.fromEither(backendOf(name, precision))
  if (precision === 'float64')
    return TE.left({ tag: 'NoSuchPrecision', message: 'the gpu backend computes in float32 only: --precision float32' })
  return gpuMode === null ? probed : gpuBackend(gpuMode)
}
