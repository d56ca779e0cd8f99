import { either as E } from 'fp-ts'
import type { Backend, BackendError, Precision } from './backend.js'
import { onnxBackend } from './onnx/onnxBackend.js'
import { referenceBackend } from './reference/referenceBackend.js'

/** The backend of a name and a precision; `reference` has float64 only, and asking it for float32 is an error. */
export const backendOf = (name: Backend['name'], precision: Precision): E.Either<BackendError, Backend> => {
  if (name === 'onnx') return E.right(onnxBackend(precision))
  return precision === 'float64'
    ? E.right(referenceBackend)
    : E.left({ tag: 'NoSuchPrecision', message: 'the reference backend computes in float64 only: --precision float64' })
}
