import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { either as E } from 'fp-ts'
import { certificateText } from '../src/certificate/certificate.js'
import { denseNetsOf } from '../src/certificate/denseNet.js'
import { flowEnclosures } from '../src/certificate/flowEnclosures.js'
import { checkCertificate } from '../src/checker/checker.js'
import type { Architecture } from '../src/flow/architecture.js'
import { certify } from '../src/flow/certify.js'
import { layoutOf } from '../src/flow/layout.js'
import { foldIn, fromSeed } from '../src/random/key.js'
import { normal } from '../src/random/normal.js'
import { processor } from './machine.js'

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

/** Milliseconds of a call, and what it made. */
const timed = <A>(run: () => A): readonly [number, A] => {
  const start = performance.now()
  const made = run()
  return [performance.now() - start, made]
}

/** Random normal weights, scaled to norms of 0.9; one point drawn from a normal distribution. */
const row = (dimension: number) => {
  const architecture: Architecture = {
    model: 'impflow',
    dimension,
    blocks: 2,
    hidden: [64],
    activation: 'sine',
    coefficient: 0.9
  }
  const key = fromSeed(dimension)
  const weights = E.getOrElseW(() => null)(certify(architecture, normal(foldIn(key, 1))(layoutOf(architecture).size)))
  const nets = denseNetsOf(architecture, weights?.effective ?? new Float64Array(0))
  const blocks = [0, 2].map(i => ({ gx: nets[i] as (typeof nets)[number], gz: nets[i + 1] as (typeof nets)[number] }))
  const [mean, scale] = [Array<number>(dimension).fill(0), Array<number>(dimension).fill(1)]
  const flow = { dimension, activation: 'sine' as const, mean, scale, blocks }
  const [prepareMs, prepared] = timed(() => flowEnclosures(flow))
  if (E.isLeft(prepared)) return { dimension, failed: prepared.left.net }
  const [certifyMs, point] = timed(() => prepared.right(Array.from(normal(foldIn(key, 2))(dimension))))
  const [checkMs, verdict] = timed(() => checkCertificate(certificateText(hash, flow, [point])))
  const widthOfZ = Math.max(...point.z.map(({ lo, hi }) => hi - lo))
  const widthOfLogDensity = point.logDensity.hi - point.logDensity.lo
  const widthOfRoundTrip = Math.max(...point.roundTrip.x.map(({ lo, hi }) => hi - lo))
  const accepted = verdict.accepted
  return { dimension, prepareMs, certifyMs, checkMs, widthOfZ, widthOfLogDensity, widthOfRoundTrip, accepted }
}

const rows = [2, 8, 21, 63].map(row)
const machine = { cpu: processor, node: process.version }
mkdirSync('bench/results', { recursive: true })
writeFileSync(
  'bench/results/certify.json',
  `${JSON.stringify({ machine, command: 'npm run bench:certify', flow: '2 ImpFlow blocks, nets d-64-d, sine, coefficient 0.9, random weights, 1 point', rows }, null, 2)}\n`
)
const cell = (x: unknown): string => (typeof x === 'number' && !Number.isInteger(x) ? x.toPrecision(2) : String(x))
const names = Object.keys(rows[0] ?? {})
const table = [names, names.map(() => '---'), ...rows.map(entry => Object.values(entry).map(cell))]
writeFileSync('bench/results/certify.md', `${table.map(cells => `| ${cells.join(' | ')} |`).join('\n')}\n`)
