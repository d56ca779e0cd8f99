import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import fc from 'fast-check'
import { either as E, function as F } from 'fp-ts'
import { certificateText, isProved } from '../../src/certificate/certificate.js'
import { type ExactFlow, exactFlowOf, type PointEnclosure } from '../../src/certificate/flowEnclosures.js'
import { checkCertificate } from '../../src/checker/checker.js'
import { importErrorMessage, parseCheckpointFile } from '../../src/interop/pytorch/checkpoint.js'
import { importModel } from '../../src/interop/pytorch/importModel.js'
import { foldIn, fromSeed } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'
import { root } from '../architecture/sources.js'
import { enclosed, flowAndPoint } from '../certificate/support/flows.js'

/**
 * `npm run escapes [-- --cases N]`: intervals of z, ln p and the round trip of N cases, 100,000 unless told, each proved
 * again by the checker, which shares no code with what makes them and computes with 128 to 256 bits. An interval that
 * does not hold the exact number cannot be proved: it would be counted as an escape. Four of five cases are random flows,
 * the fifth is one of the authors' trained checkpoints at a normal point. Case k of a kind depends on k alone; a run that
 * was stopped goes on. Writes docs/escapes.md at the end.
 */
const { values } = parseArgs({ options: { cases: { type: 'string', default: '100000' } } })
const cases = Number(values.cases)
if (!Number.isSafeInteger(cases) || cases < 1) {
  console.error(`--cases is ${values.cases}, where a whole number from 1 should be.`)
  process.exit(2)
}

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
const trainedNames = ['ck_imp_sin', 'ck_imp_swish_actnorm', 'ck_tabular_swish_d6'] as const

const trainedFlow = (name: string): ExactFlow => {
  const file = join(root, 'spec/support/vectors/checkpoints', `${name}.pth`)
  const flow = F.pipe(
    parseCheckpointFile(file)(readFileSync(file)),
    E.flatMap(content => importModel(file, content, { ema: false, activation: null, coefficient: null })),
    E.map(({ model }) => exactFlowOf(model)),
    E.mapLeft(importErrorMessage)
  )
  if (E.isLeft(flow)) throw new Error(flow.left)
  return flow.right
}
const trained = trainedNames.map(name => {
  const flow = trainedFlow(name)
  return { flow, at: enclosed(flow) }
})

type Case = { readonly kind: string; readonly flow: ExactFlow; readonly point: PointEnclosure }
const inBatch = 100

/** Cases 100 b to 100 b + 99. */
const batch = (b: number): readonly Case[] =>
  fc.sample(flowAndPoint(), { seed: b, numRuns: inBatch }).map(([flow, x], i): Case => {
    if (i % 5 !== 4) return { kind: 'random flows', flow, point: enclosed(flow)(x) }
    const which = (inBatch * b + i) % trained.length
    const { flow: known, at } = trained[which] as (typeof trained)[number]
    const draws = normal(foldIn(fromSeed(b), i))(known.dimension)
    return { kind: trainedNames[which] ?? '', flow: known, point: at(Array.from(draws, z => 2 * z)) }
  })

type Count = { readonly cases: number; readonly proved: number; readonly escapes: readonly string[] }
type Progress = { readonly next: number; readonly seconds: number; readonly counts: Readonly<Record<string, Count>> }

const folder = join(root, 'coverage')
const progressFile = join(folder, 'escapes.json')
mkdirSync(folder, { recursive: true })
let progress: Progress = existsSync(progressFile)
  ? (JSON.parse(readFileSync(progressFile, 'utf8')) as Progress)
  : { next: 0, seconds: 0, counts: {} }

while (progress.next * inBatch < cases) {
  const start = performance.now()
  const counts: Record<string, Count> = { ...progress.counts }
  for (const [i, { kind, flow, point }] of batch(progress.next).entries()) {
    const { cases: n, proved, escapes } = counts[kind] ?? { cases: 0, proved: 0, escapes: [] }
    const claims = isProved(point)
    const escaped = claims && !checkCertificate(certificateText(hash, flow, [point])).accepted
    counts[kind] = {
      cases: n + 1,
      proved: proved + (claims ? 1 : 0),
      escapes: escaped ? [...escapes, `batch ${progress.next}, case ${i}`] : escapes
    }
  }
  progress = { next: progress.next + 1, seconds: progress.seconds + (performance.now() - start) / 1000, counts }
  writeFileSync(progressFile, JSON.stringify(progress))
  process.stderr.write(`\r${progress.next * inBatch} of ${cases} cases, ${Math.round(progress.seconds)} s`)
}
process.stderr.write('\n')

const rows = Object.entries(progress.counts).map(
  ([kind, { cases: n, proved, escapes }]) => `| ${kind} | ${n} | ${proved} | ${escapes.length} |`
)
const page = [
  '# Intervals against exact arithmetic',
  '',
  'Intervals of z, ln p and the round trip at random points, each proved again by the checker with integers of 128 to 256',
  'bits, which shares no code with what makes them. An interval that did not hold the exact number could not be proved, and',
  'would be an escape. Where nothing can be said of a point (a coordinate of 1000 under a steep flow, say) its intervals',
  'claim nothing; such cases are not proved. The checkpoints are trained ones of the authors (spec/support/vectors).',
  '',
  '| flows | cases | claimed | escapes |',
  '|---|---|---|---|',
  ...rows,
  '',
  `\`npm run escapes -- --cases ${progress.next * inBatch}\`, ${Math.round(progress.seconds / 60)} minutes on ${cpus()[0]?.model ?? 'an unknown processor'}, one thread, Node ${process.version}.`,
  ''
].join('\n')
writeFileSync(join(root, 'docs/escapes.md'), page)
console.log(page)
process.exit(Object.values(progress.counts).every(({ escapes }) => escapes.length === 0) ? 0 : 1)
