import type { Backend, Precision } from '../backend.js'
import { onnxFloat32, onnxFloat64 } from '../runningError/machine.js'
import { compile } from './session.js'
import { workerPool } from './workers.js'

/** ONNX Runtime on the CPU. */
export const onnxBackend = (precision: Precision): Backend => {
  const pool = workerPool()
  return {
    name: 'onnx',
    precision,
    machine: precision === 'float32' ? onnxFloat32 : onnxFloat64,
    compile: (inputs, outputs, threads = 1) => compile(inputs, outputs, precision, { threads, pool })
  }
}
