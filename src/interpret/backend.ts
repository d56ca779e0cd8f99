import { either as E, taskEither as TE } from 'fp-ts'
import { simplify } from '../rewrite/simplify.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Precision } from './onnx/emitter.js'
import { compile as compileOnnx } from './onnx/session.js'
import { rowMajor, withShape } from './reference/arrays.js'
import { program } from './reference/evaluate.js'
import { type Machine, onnxFloat32, onnxFloat64, reference } from './runningError/machine.js'

/** Numbers of a tensor in row-major order, in a backend's precision. */
export type Reals = Float32Array | Float64Array

/** Why a backend cannot do what it was asked. */
export interface BackendError {
  readonly tag: 'OnnxUnavailable' | 'OnnxFailed' | 'NoSuchPrecision'
  readonly message: string
}

/** A compiled program: numbers of the inputs in their order -> numbers of the outputs in theirs. Safe to run concurrently. */
export type Compiled = (inputs: readonly Reals[]) => TE.TaskEither<BackendError, readonly Reals[]>

/** An interpreter that can run programs many times. */
export interface Backend {
  readonly name: 'onnx' | 'reference'
  readonly precision: Precision
  /** What is assumed of its arithmetic. */
  readonly machine: Machine
  readonly compile: (inputs: readonly Tensor[], outputs: readonly Tensor[]) => TE.TaskEither<BackendError, Compiled>
}

/** ONNX Runtime on the CPU. */
export const onnxBackend = (precision: Precision): Backend => ({
  name: 'onnx',
  precision,
  machine: precision === 'float32' ? onnxFloat32 : onnxFloat64,
  compile: (inputs, outputs) => compileOnnx(inputs, outputs, precision)
})

/** The definition of correct: ndarray in float64. */
export const referenceBackend: Backend = {
  name: 'reference',
  precision: 'float64',
  machine: reference,
  compile: (inputs, outputs) => {
    const run = program(inputs, simplify(outputs))
    return TE.right(values =>
      TE.fromIO(() =>
        run(inputs.map((x, i) => withShape(Float64Array.from(values[i] as Reals), x.shape))).map(result =>
          Float64Array.from(rowMajor(result))
        )
      )
    )
  }
}

/** The backend of a name and a precision; `reference` has float64 only, and asking it for float32 is an error. */
export const backendOf = (name: Backend['name'], precision: Precision): E.Either<BackendError, Backend> => {
  if (name === 'onnx') return E.right(onnxBackend(precision))
  return precision === 'float64'
    ? E.right(referenceBackend)
    : E.left({ tag: 'NoSuchPrecision', message: 'the reference backend computes in float64 only: --precision float64' })
}

/** An array of a precision. */
export const toPrecision = (precision: Precision, values: ArrayLike<number>): Reals =>
  precision === 'float32' ? Float32Array.from(values) : Float64Array.from(values)

/** Zeros of a precision. */
export const zerosOf =
  (precision: Precision) =>
  (length: number): Reals =>
    precision === 'float32' ? new Float32Array(length) : new Float64Array(length)
