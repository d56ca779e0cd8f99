import type { taskEither as TE } from 'fp-ts'
import type { Tensor } from '../tensor/tensor.js'
import type { Machine } from './runningError/machine.js'

/** How many bits a backend's numbers have. */
export type Precision = 'float32' | 'float64'

/** Where gpu.js runs kernels: plain JavaScript, WebAssembly, a WebGPU device, a WebGL 2 context (browsers only). */
export type GpuMode = 'cpu' | 'webasm' | 'webgpu' | 'webgl2'

/** Numbers of a tensor in row-major order, in a backend's precision. */
export type Reals = Float32Array | Float64Array

/** Why a backend cannot do what it was asked. */
export interface BackendError {
  readonly tag: 'OnnxUnavailable' | 'OnnxFailed' | 'GpuUnavailable' | 'GpuFailed' | 'NoSuchPrecision'
  readonly message: string
}

/** A compiled program: numbers of the inputs in their order -> numbers of the outputs in theirs. Safe to run concurrently. */
export type Compiled = (inputs: readonly Reals[]) => TE.TaskEither<BackendError, readonly Reals[]>

/** An interpreter that can run programs many times. */
export interface Backend {
  readonly name: 'onnx' | 'reference' | 'gpu'
  readonly precision: Precision
  /** What it runs on, where that is a device or stands in for one. */
  readonly device?: { readonly mode: GpuMode; readonly adapter: string }
  /** What is assumed of its arithmetic. */
  readonly machine: Machine
  /**
   * Prepares a program.
   * @param threads how many of its runs may go on side by side; 1 unless told
   */
  readonly compile: (
    inputs: readonly Tensor[],
    outputs: readonly Tensor[],
    threads?: number
  ) => TE.TaskEither<BackendError, Compiled>
}

/** An array of a precision. */
export const toPrecision = (precision: Precision, values: ArrayLike<number>): Reals =>
  precision === 'float32' ? new Float32Array(values) : new Float64Array(values)

/** Zeros of a precision. */
export const zerosOf =
  (precision: Precision) =>
  (length: number): Reals =>
    precision === 'float32' ? new Float32Array(length) : new Float64Array(length)
