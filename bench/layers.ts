import { mkdirSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { must } from '../spec/support/must.js'
import { toys } from '../src/data/toy.js'
import { logProb } from '../src/distribution/pushforward.js'
import { chain } from '../src/flow/bijection.js'
import { implicit } from '../src/flow/implicit.js'
import { onnxBackend } from '../src/interpret/onnx/onnxBackend.js'
import { toArray } from '../src/interpret/reference/reference.js'
import {
  type Contractive,
  composed,
  contractiveMlp,
  type Normed,
  reparametrised,
  scaled
} from '../src/lipschitz/contractive.js'
import { gramBound } from '../src/lipschitz/gramBound.js'
import { almostOrthogonal, cayley } from '../src/lipschitz/layers/linear.js'
import { type SllParameters, sll } from '../src/lipschitz/layers/residualLayer.js'
import { exact } from '../src/logdet/exact.js'
import { activations } from '../src/net/activations.js'
import { foldIn, fromSeed, type Key } from '../src/random/key.js'
import { normal } from '../src/random/normal.js'
import { valueAndGrad } from '../src/rewrite/derivatives.js'
import { vectorizeOver } from '../src/rewrite/vectorize.js'
import { fromArray } from '../src/tensor/constructors.js'
import { constantOf } from '../src/tensor/primitives/constant.js'
import { div } from '../src/tensor/primitives/div.js'
import { input } from '../src/tensor/primitives/input.js'
import { maximum } from '../src/tensor/primitives/maximum.js'
import { mul } from '../src/tensor/primitives/mul.js'
import { neg } from '../src/tensor/primitives/neg.js'
import { sum } from '../src/tensor/primitives/sum.js'
import { sizeOf } from '../src/tensor/shape.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { leaves, type Tree, withLeaves } from '../src/tensor/tree.js'
import { processor } from './machine.js'

/**
 * Ways to make a net contractive, compared on the checkerboard at nearly equal parameters: ImpFlows of 4 blocks, trained by
 * Adam for the same number of steps. Writes bench/results/layers.{json,md}:
 *   npm run bench:layers -- [--steps 1000] [--seeds 0,1,2]
 */
const { values: options } = parseArgs({
  options: { steps: { type: 'string', default: '1000' }, seeds: { type: 'string', default: '0,1,2' } }
})
const steps = Number(options.steps)
const [batch, blocks, coefficient, rate] = [500, 4, 0.99, 2e-3]

/** A kind of net: its rule, and numbers to begin with. */
interface Kind<P extends Tree> {
  readonly net: Contractive<P>
  readonly start: (key: Key) => P
}

const draws = (key: Key, shape: readonly number[], size: number): Tensor =>
  fromArray(
    normal(key)(sizeOf(shape)).map(x => x * size),
    shape
  )

const widths = [2, 32, 32, 2]
const dense = (weightOf: (raw: Tensor) => Tensor): Kind<Normed> => ({
  net: reparametrised(
    contractiveMlp({ activation: activations.sine, leading: false }),
    (p: Normed): Normed => ({
      ...p,
      layers: p.layers.map(({ weight, bias }) => ({ weight: mul(coefficient, weightOf(weight)), bias })),
      norms: p.layers.map(() => constantOf(coefficient))
    })
  ),
  start: key => ({
    layers: widths.slice(1).map((out, l) => ({
      weight: draws(foldIn(key, l), [out, widths[l] as number], 1 / Math.sqrt(widths[l] as number)),
      bias: draws(foldIn(key, 10 + l), [out], 0.1)
    })),
    betas: [],
    norms: []
  })
})

/** As many layers of 64 as have the parameters of the dense nets. */
const sllLayers: Kind<SllParameters[]> = {
  net: reparametrised(
    scaled(
      coefficient,
      Array.from({ length: 4 }).reduce<Contractive<Tree>>(
        net => composed(net, sll('tanh')) as unknown as Contractive<Tree>,
        sll('tanh') as unknown as Contractive<Tree>
      )
    ),
    (layers: SllParameters[]): Tree =>
      layers.slice(1).reduce<Tree>((all, layer) => [all, layer], layers[0] as SllParameters)
  ),
  start: key =>
    Array.from({ length: 5 }, (_, l) => ({
      weight: draws(foldIn(key, l), [2, 64], 1),
      bias: draws(foldIn(key, 20 + l), [64], 1),
      logQ: draws(foldIn(key, 40 + l), [64], 0.01)
    }))
}

const kinds: Readonly<Record<string, Kind<Tree>>> = {
  'spectral norm (Gram bound)': dense(w => div(w, maximum(1, gramBound(w)))) as unknown as Kind<Tree>,
  Cayley: dense(cayley) as unknown as Kind<Tree>,
  AOL: dense(almostOrthogonal) as unknown as Kind<Tree>,
  'SLL, tanh': sllLayers as unknown as Kind<Tree>
}

const checkerboard = toys.find(({ name }) => name === 'checkerboard') ?? toys[0]
const backend = onnxBackend('float32')

/** Mean bits of fresh points after training, and how long a step took. */
const trained = async ({ net, start }: Kind<Tree>, seed: number) => {
  const key = fromSeed(seed)
  const tree: Tree = Array.from({ length: blocks }, (_, b) => ({
    gx: start(foldIn(key, 100 + 2 * b)),
    gz: start(foldIn(key, 101 + 2 * b))
  }))
  const begun = leaves(tree)
  const variables = begun.map((x, i) => input(`p${i}`, x.shape))
  const flow = chain(implicit({ logDet: exact, tolerance: 1e-6 })(net, net))
  const points = input('points', [2, batch])
  const loss = (parameters: Tree): Tensor => {
    const [nats] = vectorizeOver(
      x => [neg(logProb(flow)(parameters as never)(x as Tensor).logDensity)],
      [points],
      [true],
      batch,
      'last'
    )
    return div(sum(nats as Tensor), batch)
  }
  const [value, gradient] = valueAndGrad(loss)(withLeaves(tree, variables))
  const run = await must(backend.compile([...variables, points], [value, ...leaves(gradient)]))
  const score = await must(backend.compile([...variables, points], [value]))
  let state = begun.map(x => Float32Array.from(toArray(x)))
  const [first, second] = [state.map(x => new Float64Array(x.length)), state.map(x => new Float64Array(x.length))]
  const drawn = (stream: number): Float32Array => {
    const { values } = (checkerboard as NonNullable<typeof checkerboard>).sample(foldIn(key, stream))(batch)
    return Float32Array.from({ length: 2 * batch }, (_, k) => values[2 * (k % batch) + Math.floor(k / batch)] as number)
  }
  for (let step = 1; step <= steps; step++) {
    const [, ...slopes] = await must(run([...state, drawn(1000 + step)]))
    const lr = (rate * (1 + Math.cos((Math.PI * step) / steps))) / 2
    state = state.map((x, i) =>
      x.map((w, k) => {
        const g = (slopes[i] as Float32Array)[k] as number
        const m = first[i] as Float64Array
        const v = second[i] as Float64Array
        m[k] = 0.9 * (m[k] as number) + 0.1 * g
        v[k] = 0.999 * (v[k] as number) + 0.001 * g * g
        return (
          w - (lr * ((m[k] as number) / (1 - 0.9 ** step))) / (Math.sqrt((v[k] as number) / (1 - 0.999 ** step)) + 1e-8)
        )
      })
    )
  }
  let nats = 0
  const tests = 40
  for (let t = 0; t < tests; t++)
    nats += ((await must(score([...state, drawn(1e6 + t)])))[0] as Float32Array)[0] as number
  const parameters = state.reduce((total, x) => total + x.length, 0)
  return { bits: nats / tests / Math.LN2, parameters }
}

const rows = []
for (const [name, kind] of Object.entries(kinds)) {
  const runs = []
  for (const seed of options.seeds.split(',').map(Number)) {
    runs.push(await trained(kind, seed))
    process.stderr.write(`${name}, seed ${seed}: ${runs.at(-1)?.bits.toFixed(4)} bits\n`)
  }
  const bits = runs.map(run => run.bits)
  const mean = bits.reduce((a, b) => a + b, 0) / bits.length
  const deviation = Math.sqrt(bits.reduce((s, b) => s + (b - mean) ** 2, 0) / Math.max(1, bits.length - 1))
  rows.push({
    name,
    parameters: runs[0]?.parameters,
    bits: mean,
    standardError: deviation / Math.sqrt(bits.length),
    seeds: bits
  })
}

const machine = { cpu: processor, node: process.version, threads: 1 }
const command = 'npm run bench:layers'
mkdirSync('bench/results', { recursive: true })
writeFileSync(
  'bench/results/layers.json',
  `${JSON.stringify({ command, machine, steps, batch, blocks, coefficient, rows }, null, 2)}\n`
)
const text = `Contractive layers on the checkerboard: ImpFlows of ${blocks} blocks, ${steps} steps of Adam, batch ${batch}, coefficient ${coefficient}; bits of 20,000 fresh
points, mean and standard error of ${options.seeds.split(',').length} seeds; the entropy is 5. One thread, float32, ${machine.cpu}. \`${command}\`.

| layer | parameters | bits |
|---|---|---|
${rows.map(r => `| ${r.name} | ${r.parameters?.toLocaleString('en-US')} | ${r.bits.toFixed(4)} +- ${r.standardError.toFixed(4)} |`).join('\n')}
`
writeFileSync('bench/results/layers.md', text)
process.stdout.write(text)
process.exit(0)
