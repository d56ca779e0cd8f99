import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { processor } from './machine.js'

/**
 * ResFlows of 10 blocks against ImpFlows of 5, equal parameters and equal wall time, on tables of 20 to 64 columns. Every run
 * is one of the command line, on one thread; finished runs are kept in bench/results/tabular.json and never run again, and a
 * run that was interrupted goes on, so the same command ends what was begun:
 *   npm run bench:tabular -- [--minutes 8] [--seeds 0,1,2] [--only waveform,ringnorm] [--report]
 */
const { values: options } = parseArgs({
  options: {
    minutes: { type: 'string', default: '8' },
    seeds: { type: 'string', default: '0,1,2' },
    only: { type: 'string', default: 'waveform,twonorm,ringnorm,breast-cancer,patches63,digits' },
    report: { type: 'boolean', default: false }
  }
})

const results = 'bench/results'
const table = join(results, 'tabular.json')

const models = { resflow: 10, impflow: 5 } as const
type Model = keyof typeof models
const common = '--hidden 128,128 --log-det roulette --coefficient 0.97 --threads 1 --json'

/** Mean negative log-likelihoods in nats that are known: of a single fitted Gaussian, and the least possible one. */
const known: Readonly<Record<string, { readonly gaussian: number; readonly optimum: number }>> = {
  waveform: { gaussian: 32.42, optimum: 31.905 },
  twonorm: { gaussian: 29.2, optimum: 29.004 },
  ringnorm: { gaussian: 37.54, optimum: 35.95 }
}

interface Run {
  readonly dataset: string
  readonly model: Model
  readonly seed: number
  readonly minutes: number
  readonly parameters: number
  readonly steps: number
  readonly secondsPerStep: number
  readonly testNats: number
  readonly testStandardError: number
  readonly cpu: string
}

const saved: readonly Run[] = existsSync(table)
  ? (JSON.parse(readFileSync(table, 'utf8')) as { readonly runs: readonly Run[] }).runs
  : []

const save = (runs: readonly Run[]): void => {
  mkdirSync(results, { recursive: true })
  const text = JSON.stringify(
    { command: 'npm run bench:tabular', options: common, node: process.version, runs },
    null,
    2
  )
  writeFileSync(`${table}.part`, `${text}\n`)
  renameSync(`${table}.part`, table)
}

/** Trains one model by the command line, or goes on with it. */
const train = (dataset: string, model: Model, seed: number, minutes: number): Run => {
  const folder = join('runs', 'tabular', `${dataset}-${model}-${seed}`)
  mkdirSync(join('runs', 'tabular'), { recursive: true })
  const asked = `${dataset} --model ${model} --blocks ${models[model]} ${common} --minutes ${minutes} --seed ${seed} --out ${folder}`
  const resume = existsSync(folder) ? ['--resume'] : []
  const done = spawnSync(process.execPath, ['dist/cli/main.js', 'train', ...asked.split(' '), ...resume], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit']
  })
  if (done.status !== 0) throw new Error(`${asked}: exit ${done.status}`)
  const { parameters, steps, secondsPerStep, testNats, testStandardError } = JSON.parse(done.stdout) as Run
  const standardError = testStandardError * Math.LN2
  return {
    dataset,
    model,
    seed,
    minutes,
    parameters,
    steps,
    secondsPerStep,
    testNats,
    testStandardError: standardError,
    cpu: processor
  }
}

const mean = (xs: readonly number[]): number => xs.reduce((sum, x) => sum + x, 0) / xs.length

/** The 97.5 % quantile of Student's t with 1, 2, 3, 4 degrees of freedom. */
const student = [12.706, 4.303, 3.182, 2.776]

/** Mean and half the length of its 95 % interval, by Student's t; null for a single number. */
const interval = (xs: readonly number[]): readonly [number, number | null] => {
  const m = mean(xs)
  const quantile = student[xs.length - 2]
  if (quantile === undefined) return [m, null]
  const variance = xs.reduce((sum, x) => sum + (x - m) ** 2, 0) / (xs.length - 1)
  return [m, quantile * Math.sqrt(variance / xs.length)]
}

const shown = ([m, half]: readonly [number, number | null]): string =>
  `${m.toFixed(3)}${half === null ? '' : ` +- ${half.toFixed(3)}`}`

/** The table of a report: one line a data set that has runs of both models, on one kind of processor, for some seed. */
const report = (runs: readonly Run[]): string => {
  const lines = [...new Set(runs.map(({ dataset }) => dataset))].flatMap(dataset => {
    const of = (model: Model, seed: number): Run | undefined =>
      runs.find(run => run.dataset === dataset && run.model === model && run.seed === seed)
    const pairs = [...new Set(runs.map(({ seed }) => seed))]
      .map(seed => ({ resflow: of('resflow', seed), impflow: of('impflow', seed) }))
      .filter(
        (pair): pair is Record<Model, Run> => pair.resflow !== undefined && pair.resflow.cpu === pair.impflow?.cpu
      )
    if (pairs.length === 0) return []
    const nats = (model: Model): readonly number[] => pairs.map(pair => pair[model].testNats)
    const floor = known[dataset]
    const closed = (model: Model): string =>
      floor === undefined
        ? ''
        : `${((100 * (floor.gaussian - mean(nats(model)))) / (floor.gaussian - floor.optimum)).toFixed(0)} %`
    const difference = interval(pairs.map(({ resflow, impflow }) => impflow.testNats - resflow.testNats))
    const steps = (model: Model): string =>
      Math.round(mean(pairs.map(pair => pair[model].steps))).toLocaleString('en-US')
    return [
      `| ${dataset} | ${pairs.length} | ${shown(interval(nats('resflow')))} | ${shown(interval(nats('impflow')))} | ` +
        `${shown(difference)} | ${floor?.gaussian ?? ''} | ${floor?.optimum ?? ''} | ${closed('resflow')} | ${closed('impflow')} | ` +
        `${steps('resflow')} | ${steps('impflow')} |`
    ]
  })
  return [
    '| data | seeds | ResFlow 10 | ImpFlow 5 | ImpFlow - ResFlow | one Gaussian | optimum | closed, ResFlow | closed, ImpFlow | steps, ResFlow | steps, ImpFlow |',
    '|---|---|---|---|---|---|---|---|---|---|---|',
    ...lines
  ].join('\n')
}

let runs = saved
const minutes = Number(options.minutes)
if (!options.report)
  for (const seed of options.seeds.split(',').map(Number))
    for (const dataset of options.only.split(','))
      for (const model of Object.keys(models) as readonly Model[]) {
        if (runs.some(run => run.dataset === dataset && run.model === model && run.seed === seed)) continue
        process.stderr.write(`${new Date().toISOString()} ${dataset}, ${model}, seed ${seed}\n`)
        runs = [...runs, train(dataset, model, seed, minutes)]
        save(runs)
      }

const text = `Mean negative log-likelihood of the test points, nats; lower is better. ${minutes} minutes of one thread a run; +- is half the length of the
95 % interval of the mean over the seeds, paired for the difference; a share above 100 % is chance, the standard error of the test points is up to 0.02.
Both models of a seed on the same kind of processor, one of: ${[...new Set(runs.map(({ cpu }) => cpu))].join('; ')}. \`npm run bench:tabular\`.

${report(runs)}
`
writeFileSync(join(results, 'tabular.md'), text)
process.stdout.write(text)
