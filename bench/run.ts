import { parseArgs } from 'node:util'
import { type Comparison, measured } from './comparison.js'
import { machine } from './machine.js'
import { markdownOf, type Result, type TopicReport, write } from './report.js'
import { topics } from './topics.js'

/**
 * Times what flows are made of, beside what else could compute it; writes bench/results/TOPIC.{json,md,svg} unless --quick:
 *   npm run bench -- [--topic step,net] [--quick] [--json]
 * Peers: `npm ci --prefix bench/peers` for those in JavaScript, a Python with NumPy and PyTorch on PATH for those.
 */
const { values: options } = parseArgs({
  options: {
    topic: { type: 'string', default: Object.keys(topics).join(',') },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false }
  }
})
const chosen = options.topic.split(',')
const unknown = chosen.find(name => topics[name] === undefined)
if (unknown !== undefined) {
  process.stderr.write(`no topic ${unknown}; there are ${Object.keys(topics).join(', ')}\n`)
  process.exit(2)
}

const [seconds, rounds] = options.quick ? [0.4, 2] : [2, 4]

const resultOf = async (comparison: Comparison): Promise<Result> => {
  process.stderr.write(`${new Date().toISOString().slice(11, 19)} ${comparison.name}\n`)
  return {
    name: comparison.name,
    missing: comparison.missing,
    unit: comparison.unit ?? 'ms',
    yardstick: comparison.yardstick?.name ?? null,
    rows: await measured(comparison, seconds, rounds)
  }
}

for (const topic of chosen) {
  const make = topics[topic] as (typeof topics)[string]
  const results: Result[] = []
  for (const comparison of await make(options.quick ? 'quick' : 'full')) results.push(await resultOf(comparison))
  const command = `npm run bench -- --topic ${topic}${options.quick ? ' --quick' : ''}`
  const report: TopicReport = { topic, command, machine: machine(), results }
  if (!options.quick) await write(report)
  process.stdout.write(options.json ? `${JSON.stringify(report)}\n` : markdownOf(report))
}
process.exit(0)
