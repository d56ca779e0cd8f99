import { loaded, openGemm, openJax, openTensorFlow } from './load.js'

/**
 * Single operations by other JavaScript backends. Every subject: a task with { operation, shapes, values } -> a function that
 * computes and reads back, or null for an operation that the backend does not have.
 */

const jaxJs = precision =>
  loaded(async () => {
    const { numpy: np, jit, array } = await openJax(precision)
    const operations = {
      matmul: (a, b) => np.matmul(a, b),
      multiply: (a, b) => a.mul(b),
      sine: x => np.sin(x),
      rowSums: x => x.sum(1)
    }
    return ({ operation, shapes, values }) => {
      const arrays = values.map((numbers, i) => array(numbers, shapes[i]))
      const compiled = jit(operations[operation])
      return async () => [await compiled(...arrays.map(x => x.ref)).data()]
    }
  })

const tensorFlow = backend =>
  loaded(async () => {
    const { tf, read } = await openTensorFlow(backend)
    const operations = {
      matmul: (a, b) => tf.matMul(a, b),
      multiply: (a, b) => tf.mul(a, b),
      sine: x => tf.sin(x),
      rowSums: x => tf.sum(x, 1)
    }
    return ({ operation, shapes, values }) => {
      const tensors = values.map((numbers, i) => tf.tensor(Float32Array.from(numbers), shapes[i]))
      return () => read(() => [operations[operation](...tensors)])
    }
  })

const gemmOf = () =>
  loaded(async () => {
    const { gemm, ndarray } = await openGemm()
    return ({ operation, shapes, values }) => {
      if (operation !== 'matmul' || shapes[0].length !== 2) return null
      const [a, b] = values.map((numbers, i) => ndarray(Float64Array.from(numbers), shapes[i]))
      const result = ndarray(new Float64Array(shapes[0][0] * shapes[1][1]), [shapes[0][0], shapes[1][1]])
      return async () => {
        gemm(result, a, b)
        return [result.data]
      }
    }
  })

/** The peers: name, precision, and a task that gives the subject or says what is missing. */
export const primitivePeers = [
  { name: 'jax-js wasm', precision: 'float32', open: () => jaxJs('float32') },
  { name: 'jax-js wasm', precision: 'float64', open: () => jaxJs('float64') },
  { name: 'TensorFlow.js wasm', precision: 'float32', open: () => tensorFlow('wasm') },
  { name: 'TensorFlow.js cpu', precision: 'float32', open: () => tensorFlow('cpu') },
  { name: 'ndarray-gemm', precision: 'float64', open: () => gemmOf() }
]
