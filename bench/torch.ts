import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { either as E } from 'fp-ts'
import { readPoints } from '../src/data/file.js'
import { toNpy } from '../src/data/npy.js'
import { logProb } from '../src/distribution/pushforward.js'
import { flowOf } from '../src/flow/architecture.js'
import { certify } from '../src/flow/certify.js'
import { flowInput, layoutOf, unpacked } from '../src/flow/layout.js'
import { onnxBackend } from '../src/interpret/onnx/onnxBackend.js'
import { exact } from '../src/logdet/exact.js'
import { fromSeed } from '../src/random/key.js'
import { normal } from '../src/random/normal.js'
import { valueAndGrad } from '../src/rewrite/derivatives.js'
import { vectorizeOver } from '../src/rewrite/vectorize.js'
import { scalar } from '../src/tensor/constructors.js'
import { div } from '../src/tensor/primitives/div.js'
import { input } from '../src/tensor/primitives/input.js'
import { neg } from '../src/tensor/primitives/neg.js'
import { sum } from '../src/tensor/primitives/sum.js'
import type { Tensor } from '../src/tensor/tensor.js'
import { inferenceCases, must, paperArchitecture, productCase, trainingCase } from './cases.js'

/**
 * The training step, density and sampling beside a frozen PyTorch implementation, bench/peers/impflow_torch.py, that solves
 * every root to 1e-6 as we do. Losses and gradients are compared in float64 before anything is timed; runs alternate. Writes
 * bench/results/torch.{json,md}; needs a Python with PyTorch and NumPy (Debian: python3-torch):
 *   npm run bench:torch -- [--quick]
 */
const { values: options } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const script = join(dirname(fileURLToPath(import.meta.url)), 'peers', 'impflow_torch.py')

const python = ['python3', '/usr/bin/python3'].find(
  command => spawnSync(command, ['-c', 'import torch, numpy']).status === 0
)
if (python === undefined) {
  process.stderr.write(
    'not run: no Python with PyTorch and NumPy (Debian: apt-get install python3-torch python3-numpy)\n'
  )
  process.exit(1)
}

const peer = (args: readonly string[], threads: number): Readonly<Record<string, number>> => {
  const env = { ...process.env, OPENBLAS_NUM_THREADS: String(threads), OMP_NUM_THREADS: String(threads) }
  const done = spawnSync(python, [script, ...args], { encoding: 'utf8', env })
  if (done.status !== 0) throw new Error(done.stderr)
  return JSON.parse(done.stdout.trim().split('\n').at(-1) as string) as Record<string, number>
}

/** The largest difference of losses and gradients in float64, in units of the largest number of each. */
const difference = async (): Promise<number> => {
  const count = 64
  const layout = layoutOf(paperArchitecture)
  const raw = normal(fromSeed(3))(layout.size).map(x => x / 30)
  const certified = E.getOrElseW(() => null)(certify(paperArchitecture, raw))
  if (certified === null) throw new Error('the weights do not contract')
  const { effective, norms } = certified
  const points = { rows: count, columns: 2, values: normal(fromSeed(4))(2 * count).map(x => 2 * x) }
  const folder = mkdtempSync(join(tmpdir(), 'impflow-'))
  const keyOf = ({ net, kind, layer }: (typeof layout.segments)[number]): string =>
    `${net % 2 === 0 ? 'gx' : 'gz'}${Math.floor(net / 2)}.${kind === 'weight' ? 'W' : 'b'}${layer}`
  const arrays = layout.segments.map(segment => {
    const [rows, columns = 1] = segment.shape as [number, number?]
    return {
      key: keyOf(segment),
      rows,
      columns,
      values: effective.slice(segment.offset, segment.offset + rows * columns),
      flat: segment.shape.length === 1
    }
  })
  for (const { key, rows, columns, values } of arrays)
    writeFileSync(join(folder, `${key}.npy`), toNpy({ rows, columns, values }))
  writeFileSync(join(folder, 'points.npy'), toNpy(points))
  const gather =
    'import numpy, sys, pathlib; f = pathlib.Path(sys.argv[1]); ' +
    'a = {p.stem: numpy.load(p) for p in f.glob("g*.npy")}; ' +
    'numpy.savez(f / "w.npz", **{k: v[:, 0] if ".b" in k else v for k, v in a.items()})'
  spawnSync(python, ['-c', gather, folder])
  const [weights, at, out] = ['w.npz', 'points.npy', 'o.npz'].map(name => join(folder, name)) as [
    string,
    string,
    string
  ]
  const { loss } = peer(['step', '--weights', weights, '--points', at, '--out', out, '--dtype', 'float64'], 1)

  const backend = onnxBackend('float64')
  const [flat, x] = [input('flat', [layout.size]), input('x', [2, count])]
  const density = logProb(flowOf(paperArchitecture, { logDet: exact, tolerance: 1e-13 }))
  const mean = (tensors: readonly Tensor[]): Tensor => {
    const [nats] = vectorizeOver(
      point => [neg(density(flowInput(paperArchitecture, tensors, norms.map(scalar)))(point as Tensor).logDensity)],
      [x],
      [true],
      count,
      'last'
    )
    return div(sum(nats as Tensor), count)
  }
  const [value, slopes] = valueAndGrad(mean)(unpacked(layout, flat))
  const run = await must(backend.compile([flat, x], [value, ...slopes]))
  const columns = points.values.map((_, k) => points.values[(k % count) * 2 + Math.floor(k / count)] as number)
  const [own, ...gradients] = await must(run([Float64Array.from(effective), columns]))
  let worst = Math.abs(((own as Float64Array)[0] as number) - (loss as number)) / Math.abs(loss as number)
  for (const [i, { key }] of arrays.entries()) {
    const { values } = await must(readPoints(`${out}:grad.${key}`))
    const largest = values.reduce((most, v) => Math.max(most, Math.abs(v)), 0)
    values.forEach((v, k) => {
      worst = Math.max(worst, Math.abs(v - ((gradients[i] as Float64Array)[k] as number)) / largest)
    })
  }
  rmSync(folder, { recursive: true })
  return worst
}

const median = (xs: readonly number[]): number => [...xs].sort((a, b) => a - b)[xs.length >> 1] as number

interface Row {
  readonly name: string
  readonly threads: number
  readonly own: number
  readonly peer: number
  readonly ratio: number
}

/** Ours and theirs in turn; medians of all runs and of the medians that the peer tells. */
const row = async (name: string, threads: number, run: () => Promise<void>, args: readonly string[]): Promise<Row> => {
  const [own, theirs]: [number[], number[]] = [[], []]
  for (let i = 0; i < 3; i++) await run()
  for (let round = 0; round < (options.quick ? 2 : 5); round++) {
    const end = performance.now() + (options.quick ? 1000 : 4000)
    do {
      const begin = performance.now()
      await run()
      own.push(performance.now() - begin)
    } while (performance.now() < end)
    theirs.push(
      peer([...args, '--threads', String(threads), '--steps', options.quick ? '5' : '12'], threads).msPerStep as number
    )
  }
  const result = { name, threads, own: median(own), peer: median(theirs), ratio: median(theirs) / median(own) }
  process.stderr.write(
    `${name}, ${threads}: ${result.own.toFixed(1)} against ${result.peer.toFixed(1)} ms, ${result.ratio.toFixed(2)}\n`
  )
  return result
}

/** PyTorch must have a fast BLAS, or the comparison would be with that of the distribution: 17 times slower than OpenBLAS. */
const unit = await productCase(onnxBackend('float32'), 500)
const times: number[] = []
for (let i = 0; i < 20; i++) {
  const begin = performance.now()
  await unit.run()
  times.push((performance.now() - begin) / unit.repeats)
}
const { sgemmMs = Number.NaN } = peer(['step', '--batch', '500', '--steps', '1', '--warmup', '1'], 1)
if (!(sgemmMs < 2 * median(times))) {
  process.stderr.write(
    `not run: a product takes PyTorch ${sgemmMs.toFixed(2)} ms and ONNX Runtime ${median(times).toFixed(2)}, so its BLAS is a slow one ` +
      '(Debian: apt-get install libopenblas0)\n'
  )
  process.exit(1)
}
const error = await difference()
if (!(error < 1e-9)) throw new Error(`loss and gradients differ from the peer's by ${error}`)
process.stderr.write(`loss and gradients agree to ${error.toExponential(1)}\n`)
const rows: Row[] = []
for (const threads of [1, 2])
  for (const batch of [500, 5000]) {
    const { run } = await trainingCase(batch, threads)
    rows.push(await row(`training step, ${batch} points`, threads, run, ['step', '--batch', String(batch)]))
  }
const trained = await trainingCase(500, 1)
for (const threads of [1, 2]) {
  const [density, sampling] = await inferenceCases(10_000, threads, onnxBackend('float32'), trained.state())
  if (density === undefined || sampling === undefined) throw new Error('two cases were expected')
  rows.push(await row('density of 10,000 points', threads, density.run, ['density', '--batch', '10000']))
  rows.push(await row('10,000 samples', threads, sampling.run, ['sample', '--batch', '10000']))
}

const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version }
const command = 'npm run bench:torch'
const text = `# Beside PyTorch

Checkerboard, 4 blocks, nets 2-128-128-2, float32, exact log-determinants, fresh weights, every root to 1e-6 in both; AdamW and spectral
normalisation in the step, the error bounds of every point in our density and samples. Loss and gradients agree to ${error.toExponential(1)} in float64.
One product [500 128] x [128 128] takes ${median(times).toFixed(3)} ms on ONNX Runtime and ${sgemmMs.toFixed(3)} in PyTorch. Runs alternate; ${machine.cpu}, ${machine.cores} cores. \`${command}\`. The peer is bench/peers/impflow_torch.py, frozen, faster than the authors' code
(which takes 1.4 to 1.75 times its time).

| case | threads | impflow, ms | PyTorch, ms | ratio |
|---|---|---|---|---|
${rows.map(r => `| ${r.name} | ${r.threads} | ${r.own.toFixed(1)} | ${r.peer.toFixed(1)} | ${r.ratio.toFixed(2)} |`).join('\n')}
`
if (!options.quick) {
  mkdirSync('bench/results', { recursive: true })
  writeFileSync('bench/results/torch.json', `${JSON.stringify({ command, machine, error, rows }, null, 2)}\n`)
  writeFileSync('bench/results/torch.md', text)
}
process.stdout.write(text)
process.exit(0)
