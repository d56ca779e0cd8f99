import { must } from '../../spec/support/must.js'
import type { Backend } from '../../src/interpret/backend.js'
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
import type { Tensor } from '../../src/tensor/tensor.js'
import { type Comparison, type Size, type Subject, timedHere } from '../comparison.js'
import { netPeers, type PeerLayer } from '../peers/net.js'
import { given, interpreters } from '../subjects.js'

/** Plain sines: scalings would be folded into the weights here and multiplied there. */
const plainSine = { ...activations.sine, inner: 1, outer: 1 }

/** A dense net 2-128-128-2 of sines: its values, and the gradient of the sum of their squares, at a batch of points. */
export const net = async (size: Size): Promise<readonly Comparison[]> => {
  const [batch, widths] = size === 'tiny' ? [16, [2, 8, 8, 2]] : [5000, [2, 128, 128, 2]]
  const key = fromSeed(11)
  const layers = widths.slice(1).map((out, l): PeerLayer => {
    const columns = widths[l] as number
    const weight = normal(foldIn(key, l))(columns * out).map(x => x / Math.sqrt(columns))
    return { shape: [columns, out], weight, bias: normal(foldIn(key, 10 + l))(out).map(x => x / 4) }
  })
  const [d, out] = [widths[0] as number, widths.at(-1) as number]
  const points = normal(foldIn(key, 20))(batch * d)
  const columns = points.map((_, k) => points[(k % batch) * d + Math.floor(k / batch)] as number)
  const { found, missing } = await interpreters()

  const own = async (name: string, backend: Backend): Promise<readonly [forward: Subject, gradient: Subject]> => {
    const parameters = layers.flatMap(({ shape }, l) => [input(`w${l}`, shape), input(`b${l}`, [shape[1]])])
    const x = input('x', [d, batch])
    const values = (tensors: readonly Tensor[]): Tensor => {
      const made = layers.map((_, l) => ({
        weight: transposed(tensors[2 * l] as Tensor),
        bias: tensors[2 * l + 1] as Tensor
      }))
      const dense = mlp({ activation: plainSine, leading: false })({ layers: made, betas: [] })
      return vectorizeOver(point => [dense(point as Tensor)], [x], [true], batch, 'last')[0] as Tensor
    }
    const inputs = [...parameters, x]
    const forward = await must(backend.compile(inputs, [values(parameters)]))
    const squares = (tensors: readonly Tensor[]): Tensor => sum(mul(values(tensors), values(tensors)))
    const gradient = await must(backend.compile(inputs, grad(squares)(parameters)))
    const numbers = [...layers.flatMap(({ weight, bias }) => [weight, bias]), columns].map(v => given(backend, v))
    const how = { name, precision: backend.precision, threads: 1 }
    return [
      timedHere(how, async () => {
        const [rows] = (await must(forward(numbers))) as [Float64Array]
        return [rows.map((_, k) => rows[(k % out) * batch + Math.floor(k / out)] as number)]
      }),
      timedHere(how, () => must(gradient(numbers)))
    ]
  }

  const pairs = await Promise.all(
    found.filter(({ slow }) => !slow || size === 'tiny').map(({ name, backend }) => own(name, backend))
  )
  const absent = size === 'tiny' ? [...missing] : []
  for (const { name, precision, open } of netPeers) {
    const opened = await open()
    if ('missing' in opened) absent.push(`${name} ${precision}: ${opened.missing}; npm ci --prefix bench/peers`)
    else {
      const { forward, gradient } = opened(layers, points, batch)
      const how = { name, precision, threads: 1 }
      pairs.push([timedHere(how, forward), timedHere(how, gradient)])
    }
  }
  const title = `net ${widths.join('-')}, batch ${batch.toLocaleString('en-US')}`
  return [
    { name: `${title}: values`, subjects: pairs.map(([forward]) => forward), missing: absent },
    { name: `${title}: gradient`, subjects: pairs.map(([, gradient]) => gradient), missing: absent }
  ]
}
