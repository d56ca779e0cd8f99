import { createRequire } from 'node:module'
import { dirname } from 'node:path'

const require = createRequire(import.meta.url)

/** What a task gives, or what is missing. */
export const loaded = async load => {
  try {
    return await load()
  } catch (error) {
    return { missing: String(error?.message ?? error).split('\n')[0] }
  }
}

/** jax-js on WebAssembly, and an array of a precision. Node 20 has no Float16Array, which it asks for. */
export const openJax = async precision => {
  globalThis.Float16Array ??= class Float16Array extends Uint16Array {}
  const jax = await import('@jax-js/jax')
  await jax.init('wasm')
  jax.defaultDevice('wasm')
  const { numpy: np } = jax
  const ArrayType = precision === 'float32' ? Float32Array : Float64Array
  const dtype = precision === 'float32' ? np.float32 : np.float64
  return { ...jax, array: (values, shape) => np.array(ArrayType.from(values), { dtype }).reshape(shape) }
}

/** TensorFlow.js, float32 only, one thread; `read` computes tensors and reads them back. */
export const openTensorFlow = async backend => {
  const tf = require('@tensorflow/tfjs')
  if (backend === 'wasm') {
    const wasm = require('@tensorflow/tfjs-backend-wasm')
    wasm.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`)
    wasm.setThreadsCount(1)
  }
  if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend} here`)
  await tf.ready()
  const read = async make => {
    await tf.setBackend(backend)
    const tensors = tf.tidy(make)
    const values = await Promise.all(tensors.map(t => t.data()))
    tf.dispose(tensors)
    return values
  }
  return { tf, read }
}

/** ndarray-gemm, float64, with ndarray of the same folder. */
export const openGemm = async () => ({ gemm: require('ndarray-gemm'), ndarray: require('ndarray') })
