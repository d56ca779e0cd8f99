import type { Backend } from '../../src/interpret/backend.js'
import { openBackend } from '../../src/interpret/backends.js'
import { onnxBackend } from '../../src/interpret/onnx/onnxBackend.js'
import { activations } from '../../src/net/activations.js'
import { mlp } from '../../src/net/mlp.js'
import { foldIn, fromSeed } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'
import { grad } from '../../src/rewrite/derivatives.js'
import { vectorizeOver } from '../../src/rewrite/vectorize.js'
import { input } from '../../src/tensor/primitives/input.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { transposed } from '../../src/tensor/primitives/permute.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import { sizeOf } from '../../src/tensor/shape.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { must } from '../cases.js'
import type { Comparison, Subject } from '../comparison.js'
import { netPeers, type PeerLayer } from '../peers/net.js'

/** Plain sines: scalings would be folded into the weights here and multiplied there. */
const plainSine = { ...activations.sine, inner: 1, outer: 1 }

/** A dense net 2-128-128-2 of sines: its values, and the gradient of the sum of their squares, at a batch of points. */
export const netComparisons = async (
  batch: number,
  widths: readonly number[] = [2, 128, 128, 2]
): Promise<readonly Comparison[]> => {
  const key = fromSeed(11)
  const layers = widths.slice(1).map((out, l): PeerLayer => {
    const size = widths[l] as number
    const weight = normal(foldIn(key, l))(size * out).map(x => x / Math.sqrt(size))
    return { shape: [size, out], weight, bias: normal(foldIn(key, 10 + l))(out).map(x => x / 4) }
  })
  const [d, out] = [widths[0] as number, widths.at(-1) as number]
  const points = normal(foldIn(key, 20))(batch * d)
  const columns = points.map((_, k) => points[(k % batch) * d + Math.floor(k / batch)] as number)

  const own = async (
    name: string,
    backend: Backend,
    threads: number
  ): Promise<readonly [forward: Subject, gradient: Subject]> => {
    const parameters = layers.flatMap(({ shape }, l) => [input(`w${l}`, shape), input(`b${l}`, [shape[1]])])
    const x = input('x', [d, batch])
    const values = (tensors: readonly Tensor[]): Tensor => {
      const made = layers.map((_, l) => ({
        weight: transposed(tensors[2 * l] as Tensor),
        bias: tensors[2 * l + 1] as Tensor
      }))
      const net = mlp({ activation: plainSine, leading: false })({ layers: made, betas: [] })
      return vectorizeOver(point => [net(point as Tensor)], [x], [true], batch, 'last')[0] as Tensor
    }
    const inputs = [...parameters, x]
    const forward = await must(backend.compile(inputs, [values(parameters)]))
    const gradient = await must(
      backend.compile(
        inputs,
        grad((tensors: readonly Tensor[]) => sum(mul(values(tensors), values(tensors))))(parameters)
      )
    )
    const numbers = [...layers.flatMap(({ weight, bias }) => [weight, bias]), columns].map(given =>
      backend.precision === 'float32' ? Float32Array.from(given) : given
    )
    const { precision } = backend
    return [
      {
        name,
        precision,
        threads,
        run: async () => {
          const [found] = await must(forward(numbers))
          const rows = found as Float64Array
          return [rows.map((_, k) => rows[(k % out) * batch + Math.floor(k / out)] as number)]
        }
      },
      { name, precision, threads, run: () => must(gradient(numbers)) }
    ]
  }

  const pairs = [
    await own('impflow, onnx', onnxBackend('float64'), 1),
    await own('impflow, onnx', onnxBackend('float32'), 1)
  ]
  const missing: string[] = []
  if (sizeOf([batch]) <= 500)
    pairs.push(await own('impflow, reference', await must(openBackend('reference', 'float64')), 1))
  for (const { name, precision, open } of netPeers) {
    const opened = await open()
    if ('missing' in opened) missing.push(`${name} ${precision}: ${opened.missing}; npm ci --prefix bench/peers`)
    else {
      const { forward, gradient } = opened(layers, points, batch)
      const how = { name, precision, threads: 1 }
      pairs.push([
        { ...how, run: forward },
        { ...how, run: gradient }
      ])
    }
  }
  const title = `net ${widths.join('-')}, batch ${batch.toLocaleString('en-US')}`
  return [
    { name: `${title}: values`, subjects: pairs.map(([forward]) => forward), missing },
    { name: `${title}: gradient`, subjects: pairs.map(([, gradient]) => gradient), missing }
  ]
}
