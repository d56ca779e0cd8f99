import { loaded, openJax, openTensorFlow } from './load.js'

/**
 * A dense net of sines and its gradient by other JavaScript backends. Every subject: weights [in out] and biases [out] of the
 * layers, points [batch in] -> { forward, gradient }, which give outputs [batch out], and of the sum of their squares the
 * gradients of all weights and biases in the order of the layers; flat arrays, read back.
 */

const jaxJs = precision =>
  loaded(async () => {
    const { numpy: np, grad, jit, array } = await openJax(precision)
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

const tensorFlow = backend =>
  loaded(async () => {
    const { tf, read } = await openTensorFlow(backend)
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
