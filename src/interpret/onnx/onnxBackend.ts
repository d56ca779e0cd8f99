import type { Backend, Precision } from '../backend.js'
import { onnxFloat32, onnxFloat64 } from '../runningError/machine.js'
import { compile } from './session.js'

/** ONNX Runtime on the CPU. */
export const onnxBackend = (precision: Precision): Backend => ({
  name: 'onnx',
  precision,
  machine: precision === 'float32' ? onnxFloat32 : onnxFloat64,
  compile: (inputs, outputs) => compile(inputs, outputs, precision)
})
