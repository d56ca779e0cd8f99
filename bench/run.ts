import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { Bench } from 'tinybench'
import { onnxBackend } from '../src/interpret/onnx/onnxBackend.js'
import { type Case, inferenceCases, productCase, trainingCase } from './cases.js'
import { shares } from './shares.js'

/** A case's time, and the time of its unit measured in between. */
interface Row {
  readonly name: string
  readonly milliseconds: number
  readonly spread: readonly [number, number]
  /** In matrix products [batch 128] x [128 128] of the same precision, measured between the runs of the case. */
  readonly units: number | null
}

const quantile = (values: readonly number[], q: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(q * values.length))] as number

/** Times cases in turn, a few runs each round, so that a disturbance meets all of them. */
const interleaved = async (
  cases: readonly Case[],
  rounds: number,
  runs: number
): Promise<readonly (readonly number[])[]> => {
  const samples = cases.map((): number[] => [])
  for (let round = 0; round < rounds; round++)
    for (const [i, { name, run }] of cases.entries()) {
      const bench = new Bench({
        time: 0,
        iterations: runs,
        warmup: round === 0,
        warmupIterations: 2,
        warmupTime: 0,
        retainSamples: true
      })
      bench.add(name, run)
      await bench.run()
      const result = bench.tasks[0]?.result
      if (result !== undefined && 'latency' in result) samples[i]?.push(...(result.latency.samples ?? []))
    }
  return samples
}

const timed = async (
  subject: Case,
  unit: (Case & { readonly repeats: number }) | null,
  rounds: number,
  runs: number
): Promise<Row> => {
  const [own = [], units = []] = await interleaved(unit === null ? [subject] : [subject, unit], rounds, runs)
  const median = quantile(own, 0.5)
  return {
    name: subject.name,
    milliseconds: median,
    spread: [quantile(own, 0.1), quantile(own, 0.9)],
    units: unit === null ? null : median / (quantile(units, 0.5) / unit.repeats)
  }
}

const main = async (): Promise<void> => {
  const quick = process.argv.includes('--quick')
  const json = process.argv.includes('--json')
  const [rounds, runs] = quick ? [3, 3] : [8, 5]
  const [float32, float64] = [onnxBackend('float32'), onnxBackend('float64')]
  const note = (text: string): void => void process.stderr.write(`${text}\n`)
  const rows: Row[] = []

  const trained = await trainingCase(500, 1)
  const unit500 = await productCase(float32, 500)
  const unit5000 = await productCase(float32, 5000)
  note('training steps from fresh weights')
  rows.push(await timed(trained, unit500, rounds, runs))
  rows.push(await timed(await trainingCase(5000, 1), unit5000, rounds, Math.max(2, runs - 3)))
  rows.push(await timed(await trainingCase(5000, 2), null, rounds, Math.max(2, runs - 3)))
  for (const [batch, unit] of [
    [500, unit500],
    [5000, unit5000]
  ] as const) {
    const muon = await trainingCase(batch, 1, undefined, undefined, undefined, 'muon')
    rows.push(await timed(muon, unit, rounds, batch === 500 ? runs : Math.max(2, runs - 3)))
  }
  const steps = quick ? 60 : 1000
  note(`training for ${steps} steps`)
  for (let i = 0; i < steps; i++) await trained.run()
  const state = trained.state()
  const after = (subject: Case): Case => ({ ...subject, name: `${subject.name}, after ${steps} steps` })
  const later500 = await trainingCase(500, 1, undefined, undefined, state)
  rows.push(await timed(after(later500), unit500, rounds, runs))
  rows.push(
    await timed(
      after(await trainingCase(5000, 1, undefined, undefined, state)),
      unit5000,
      rounds,
      Math.max(2, runs - 3)
    )
  )
  note('inference')
  for (const [count, backend, threads] of [
    [10_000, float64, 1],
    [10_000, float64, 2],
    [10_000, float32, 1],
    [1, float64, 1]
  ] as const)
    for (const subject of await inferenceCases(count, threads, backend, state))
      rows.push(await timed(subject, null, quick ? 2 : 4, 2))
  const kernelShares = await shares(500)
  const report = {
    machine: { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version },
    command: `npm run bench${quick ? ' -- --quick' : ''}`,
    rows,
    solverSteps: later500.solverSteps(),
    kernelShares,
    peakMemoryMiB: process.resourceUsage().maxRSS / 1024
  }
  mkdirSync('bench/results', { recursive: true })
  if (!quick) writeFileSync('bench/results/bench.json', `${JSON.stringify(report, null, 2)}\n`)
  if (json) process.stdout.write(`${JSON.stringify(report)}\n`)
  else {
    const number = (x: number | null): string => (x === null ? '' : x >= 100 ? x.toFixed(0) : x.toFixed(1))
    const lines = rows.map(
      r => `| ${r.name} | ${number(r.milliseconds)} | ${r.spread.map(number).join(' to ')} | ${number(r.units)} |`
    )
    process.stdout.write(
      ['| case | ms, median | 10 % to 90 % | products |', '|---|---|---|---|', ...lines, ''].join('\n')
    )
    process.stdout.write(`\n${JSON.stringify({ ...report, rows: undefined }, null, 2)}\n`)
  }
}

await main()
