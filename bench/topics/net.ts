import { must } from '../../spec/support/must.js'
import type { Backend, Compiled, Reals } from '../../src/interpret/backend.js'
import { activations } from '../../src/net/activations.js'
import { mlp } from '../../src/net/mlp.js'
import { inParallel } from '../../src/prelude/parallel.js'
import { foldIn, fromSeed } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'
import { grad } from '../../src/rewrite/derivatives.js'
import { vectorizeOver } from '../../src/rewrite/vectorize.js'
import { input } from '../../src/tensor/primitives/input.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { transposed } from '../../src/tensor/primitives/permute.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import { range } from '../../src/tensor/shape.js'
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
  const { found, missing } = await interpreters()

  /** On two threads in four blocks of rows, whose gradients are added up. */
  const own = async (
    name: string,
    backend: Backend,
    threads: 1 | 2
  ): Promise<readonly [forward: Subject, gradient: Subject]> => {
    const blocks = threads === 1 ? 1 : 4
    const rows = batch / blocks
    const parameters = layers.flatMap(({ shape }, l) => [input(`w${l}`, shape), input(`b${l}`, [shape[1]])])
    const x = input('x', [d, rows])
    const values = (tensors: readonly Tensor[]): Tensor => {
      const made = layers.map((_, l) => ({
        weight: transposed(tensors[2 * l] as Tensor),
        bias: tensors[2 * l + 1] as Tensor
      }))
      const dense = mlp({ activation: plainSine, leading: false })({ layers: made, betas: [] })
      return vectorizeOver(point => [dense(point as Tensor)], [x], [true], rows, 'last')[0] as Tensor
    }
    const inputs = [...parameters, x]
    const forward = await must(backend.compile(inputs, [values(parameters)], threads))
    const squares = (tensors: readonly Tensor[]): Tensor => sum(mul(values(tensors), values(tensors)))
    const gradient = await must(backend.compile(inputs, grad(squares)(parameters), threads))
    const fixed = layers.flatMap(({ weight, bias }) => [weight, bias]).map(v => given(backend, v))
    const parts = range(blocks).map(k =>
      given(
        backend,
        Float64Array.from(
          { length: d * rows },
          (_, i) => points[(k * rows + (i % rows)) * d + Math.floor(i / rows)] as number
        )
      )
    )
    const all = async (program: Compiled): Promise<readonly (readonly Reals[])[]> =>
      must(
        inParallel(
          parts.map(part => program([...fixed, part])),
          threads
        )
      )
    const how = { name, precision: backend.precision, threads }
    return [
      timedHere(how, async () => {
        const images = (await all(forward)).map(([image]) => image as Reals)
        return [
          Float64Array.from({ length: out * batch }, (_, k) => {
            const [point, coordinate] = [Math.floor(k / out), k % out]
            return (images[Math.floor(point / rows)] as Reals)[coordinate * rows + (point % rows)] as number
          })
        ]
      }),
      timedHere(how, async () => {
        const [first, ...rest] = await all(gradient)
        return (first as readonly Reals[]).map((total, l) =>
          rest.length === 0
            ? total
            : total.map((value, i) => rest.reduce((sum_, part) => sum_ + ((part[l] as Reals)[i] as number), value))
        )
      })
    ]
  }

  const pairs = await Promise.all(
    found
      .filter(({ slow }) => !slow || size === 'tiny')
      .flatMap(({ name, backend, slow }) =>
        slow ? [own(name, backend, 1)] : [own(name, backend, 1), own(name, backend, 2)]
      )
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
