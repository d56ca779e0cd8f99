import { createRequire } from 'node:module'
import { dirname } from 'node:path'

const require = createRequire(import.meta.url)

/**
 * A dense net of sines and its gradient by other JavaScript backends. Every subject: weights [in out] and biases [out] of the
 * layers, points [batch in] -> { forward, gradient }, which give outputs [batch out], and of the sum of their squares the
 * gradients of all weights and biases in the order of the layers; flat arrays, read back.
 */

const loaded = async load => {
  try {
    return await load()
  } catch (error) {
    return { missing: String(error?.message ?? error).split('\n')[0] }
  }
}

/** jax-js on WebAssembly. Node 20 has no Float16Array, which it asks for. */
const jaxJs = precision =>
  loaded(async () => {
    globalThis.Float16Array ??= class Float16Array extends Uint16Array {}
    const { init, defaultDevice, numpy: np, grad, jit } = await import('@jax-js/jax')
    await init('wasm')
    defaultDevice('wasm')
    const ArrayType = precision === 'float32' ? Float32Array : Float64Array
    const dtype = precision === 'float32' ? np.float32 : np.float64
    const array = (values, shape) => np.array(ArrayType.from(values), { dtype }).reshape(shape)
    return (layers, points, batch) => {
      const parameters = layers.flatMap(({ weight, bias, shape }) => [array(weight, shape), array(bias, [shape[1]])])
      const x = array(points, [batch, layers[0].shape[0]])
      const net = (p, at) =>
        layers.reduce((h, _, l) => {
          const t = np.matmul(h, p[2 * l]).add(p[2 * l + 1])
          return l < layers.length - 1 ? np.sin(t) : t
        }, at)
      const forward = jit((p, at) => net(p, at))
      const slope = jit(grad((p, at) => np.square(net(p, at)).sum()))
      const given = () => parameters.map(p => p.ref)
      return {
        forward: async () => [await forward(given(), x.ref).data()],
        gradient: async () => Promise.all(slope(given(), x.ref).map(g => g.data()))
      }
    }
  })

/** TensorFlow.js, float32 only, one thread. */
const tensorFlow = backend =>
  loaded(async () => {
    const tf = require('@tensorflow/tfjs')
    if (backend === 'wasm') {
      const wasm = require('@tensorflow/tfjs-backend-wasm')
      wasm.setWasmPaths(`${dirname(require.resolve('@tensorflow/tfjs-backend-wasm/package.json'))}/dist/`)
      wasm.setThreadsCount(1)
    }
    if (!(await tf.setBackend(backend))) throw new Error(`TensorFlow.js has no backend ${backend} here`)
    await tf.ready()
    return (layers, points, batch) => {
      const parameters = layers.flatMap(({ weight, bias, shape }) => [
        tf.tensor2d(Float32Array.from(weight), shape),
        tf.tensor1d(Float32Array.from(bias))
      ])
      const x = tf.tensor2d(Float32Array.from(points), [batch, layers[0].shape[0]])
      const net = p =>
        layers.reduce((h, _, l) => {
          const t = tf.add(tf.matMul(h, p[2 * l]), p[2 * l + 1])
          return l < layers.length - 1 ? tf.sin(t) : t
        }, x)
      const slope = tf.grads((...p) => tf.sum(tf.square(net(p))))
      const read = async make => {
        await tf.setBackend(backend)
        const tensors = tf.tidy(make)
        const values = await Promise.all(tensors.map(t => t.data()))
        tf.dispose(tensors)
        return values
      }
      return { forward: () => read(() => [net(parameters)]), gradient: () => read(() => slope(parameters)) }
    }
  })

/** The peers: name, precision, and a task that gives the subject or says what is missing. */
export const netPeers = [
  { name: 'jax-js wasm', precision: 'float32', open: () => jaxJs('float32') },
  { name: 'jax-js wasm', precision: 'float64', open: () => jaxJs('float64') },
  { name: 'TensorFlow.js wasm', precision: 'float32', open: () => tensorFlow('wasm') },
  { name: 'TensorFlow.js cpu', precision: 'float32', open: () => tensorFlow('cpu') }
]
