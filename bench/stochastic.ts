import { mkdirSync, writeFileSync } from 'node:fs'
import { either as E } from 'fp-ts'
import { must } from '../spec/support/must.js'
import type { Architecture } from '../src/flow/architecture.js'
import { parameterCount } from '../src/flow/layout.js'
import { onnxBackend } from '../src/interpret/onnx/onnxBackend.js'
import { exact } from '../src/logdet/exact.js'
import type { Roulette } from '../src/logdet/terms.js'
import { draw } from '../src/plot/drawing/picture.js'
import { foldIn, fromSeed } from '../src/random/key.js'
import { normal } from '../src/random/normal.js'
import { start } from '../src/train/fit.js'
import { trainingRoulette } from '../src/train/noise.js'
import { compileStep } from '../src/train/step.js'
import { defaultOptimiser } from '../src/train/update.js'
import { freshModel, publishedRoulette } from './cases.js'
import { processor } from './machine.js'
import { exponent, logLogChart } from './powerLaw.js'
import { kernelChoices, python, pythonMissing, withKernels } from './python.js'
import { torchTimes } from './torchFlow.js'

/**
 * Training steps with estimated log-determinants, one thread: the shape of the paper's POWER experiment, d = 63, and how the
 * time grows with blocks and batch. Writes bench/results/stochastic.{json,md,svg} (five minutes):
 *   npm run bench:stochastic
 */
const backend = onnxBackend('float32')

interface Row {
  readonly name: string
  readonly d: number
  readonly blocks: number
  readonly batch: number
  readonly parameters: number
  readonly compileSeconds: number
  /** Median and quartiles over the steps, normalisation and AdamW included. */
  readonly seconds: number
  readonly quartiles: readonly [number, number]
  /** Of the process so far, bytes. */
  readonly peakMemory: number
}

const measured = async (
  name: string,
  architecture: Architecture,
  batch: number,
  roulette: Roulette | null,
  count: number
): Promise<Row> => {
  const { dimension: d, blocks } = architecture
  const begin = performance.now()
  const step = await must(
    compileStep(backend, {
      architecture,
      method: { logDet: exact, tolerance: 1e-6 },
      optimiser: { ...defaultOptimiser, optimiser: 'adamw' },
      average: 0.999,
      batch,
      threads: 1,
      roulette,
      seed: 0
    })
  )
  const compileSeconds = (performance.now() - begin) / 1000
  let state = (await must(start({ backend }, { architecture, seed: 0 }))).state
  const times: number[] = []
  for (let i = 0; i < count + 2; i++) {
    const values = normal(foldIn(fromSeed(1), i))(batch * d)
    const from = performance.now()
    const [next] = await must(step(state, { rows: batch, columns: d, values }, 1e-3))
    if (i >= 2) times.push((performance.now() - from) / 1000)
    state = next
  }
  times.sort((a, b) => a - b)
  const at = (share: number): number => times[Math.floor(share * (times.length - 1))] as number
  const row = {
    name,
    d,
    blocks,
    batch,
    parameters: parameterCount(architecture),
    compileSeconds,
    seconds: at(0.5),
    quartiles: [at(0.25), at(0.75)] as const,
    peakMemory: process.resourceUsage().maxRSS * 1024
  }
  process.stderr.write(`${name}: ${row.seconds.toFixed(3)} s\n`)
  return row
}

const power = (blocks: number): Architecture => ({
  model: 'impflow',
  dimension: 6,
  blocks,
  hidden: [128, 128, 128, 128],
  activation: 'sine',
  coefficient: 0.99
})
const patches: Architecture = { ...power(5), dimension: 63 }

const main = [
  await measured(
    'POWER: d = 6, 20 blocks, batch 1,000, geometric 1/2 and 2 exact terms (published)',
    power(20),
    1000,
    publishedRoulette,
    15
  ),
  await measured('d = 63, 5 blocks, batch 1,000, the same', patches, 1000, publishedRoulette, 8),
  await measured(
    'd = 63, 5 blocks, batch 1,000, finite variance (default)',
    patches,
    1000,
    trainingRoulette(patches, 'roulette'),
    5
  )
]
/** The frozen PyTorch implementation on the first two cases, with its roulette, which is the published one. */
interface Peer {
  readonly subject: string
  readonly name: string
  readonly seconds: number
  readonly peakMiB: number
}
const peers: Peer[] = []
if (python === undefined) process.stderr.write(`not run: ${pythonMissing}\n`)
else
  for (const [name, architecture] of [
    ['the first case', power(20)],
    ['the second case', patches]
  ] as const) {
    const effective = Float64Array.from((await freshModel(architecture)).effective)
    for (const kernels of kernelChoices) {
      const how = { batch: 1000, steps: 8, precision: 'float32', threads: 1, kernels, stochastic: true } as const
      const { ms, peakMiB } = await torchTimes('step', architecture, effective, how)
      const subject = withKernels('PyTorch', kernels)
      peers.push({ subject, name, seconds: ms / 1000, peakMiB })
      process.stderr.write(`${subject}, ${name}: ${(ms / 1000).toFixed(3)} s\n`)
    }
  }
const byBlocks = []
for (const blocks of [5, 10, 20, 40])
  byBlocks.push(await measured(`${blocks} blocks`, power(blocks), 500, publishedRoulette, 8))
const byBatch = []
for (const batch of [500, 1000, 2000, 4000, 8000])
  byBatch.push(await measured(`batch ${batch}`, power(5), batch, publishedRoulette, 8))

const exponents = {
  blocks: exponent(
    byBlocks.map(r => r.blocks),
    byBlocks.map(r => r.seconds)
  ),
  batch: exponent(
    byBatch.map(r => r.batch),
    byBatch.map(r => r.seconds)
  )
}

const machine = { cpu: processor, node: process.version, threads: 1, precision: 'float32' }
mkdirSync('bench/results', { recursive: true })
writeFileSync(
  'bench/results/stochastic.json',
  `${JSON.stringify({ command: 'npm run bench:stochastic', machine, exponents, main, peers, byBlocks, byBatch }, null, 2)}\n`
)
const line = (r: Row): string =>
  `| ${r.name} | ${r.parameters.toLocaleString('en-US')} | ${r.seconds.toFixed(3)} (${r.quartiles.map(q => q.toFixed(3)).join(' to ')}) | ` +
  `${r.compileSeconds.toFixed(1)} | ${(r.peakMemory / 2 ** 20).toFixed(0)} |`
const head =
  '| case | parameters | seconds a step (quartiles) | compiling, s | peak memory so far, MiB |\n|---|---|---|---|---|'
const text = `# Training steps with estimated log-determinants

ImpFlows with nets d-128-128-128-128-d of sines, coefficient 0.99, at the start of training; roots to 1e-6, normalisation and AdamW
included; ${machine.cpu}, one thread, float32. \`npm run bench:stochastic\`.

${head}
${main.map(line).join('\n')}

${peers.length === 0 ? 'PyTorch was not run.' : 'bench/peers/impflow_torch.py, the same roots, one thread:'}

${peers.map(p => `- ${p.subject}: ${p.seconds.toFixed(2)} s a step and ${p.peakMiB.toFixed(0)} MiB for ${p.name}`).join('\n')}

Time grows with the blocks to the power ${exponents.blocks.toFixed(2)} (batch 500) and with the batch to the power ${exponents.batch.toFixed(2)} (5 blocks):

![time against blocks and batch](stochastic.svg)

${head}
${[...byBlocks, ...byBatch].map(line).join('\n')}
`
writeFileSync('bench/results/stochastic.md', text)
const chart = (rows: readonly Row[], field: 'blocks' | 'batch', title: string) =>
  logLogChart(
    rows.map(row => ({ x: row[field], y: row.seconds })),
    { title, x: field, y: 'seconds a step' }
  )
const { svg } = await must(
  draw(
    E.right({
      $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
      hconcat: [
        chart(byBlocks, 'blocks', `blocks, exponent ${exponents.blocks.toFixed(2)}`),
        chart(byBatch, 'batch', `batch, exponent ${exponents.batch.toFixed(2)}`)
      ]
    })
  )
)
writeFileSync('bench/results/stochastic.svg', svg)
process.stdout.write(text)
process.exit(0)
