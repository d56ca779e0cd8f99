import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { parseArgs } from 'node:util'
import { type Comparison, type Timed, timed } from './comparison.js'
import { netComparisons } from './topics/net.js'

/**
 * Our backends beside others, same inputs, results compared before timing, in one run; writes bench/results/compare.{json,md}:
 *   npm run bench:compare -- [--topic net] [--quick] [--json]
 */
const topics: Readonly<Record<string, () => Promise<readonly Comparison[]>>> = {
  net: () => netComparisons(5000)
}

const { values: options } = parseArgs({
  options: {
    topic: { type: 'string' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false }
  }
})
const chosen = options.topic === undefined ? Object.keys(topics) : [options.topic]
const unknown = chosen.find(name => topics[name] === undefined)
if (unknown !== undefined) {
  process.stderr.write(`no topic ${unknown}; there are ${Object.keys(topics).join(', ')}\n`)
  process.exit(2)
}

interface Result {
  readonly name: string
  readonly missing: readonly string[]
  readonly rows: readonly Timed[]
}

const results: Result[] = []
for (const name of chosen)
  for (const comparison of (await topics[name]?.()) ?? []) {
    process.stderr.write(`${comparison.name}\n`)
    results.push({
      name: comparison.name,
      missing: comparison.missing,
      rows: await timed(comparison, options.quick ? 1 : 8)
    })
  }

const tableOf = ({ name, missing, rows }: Result): string => {
  const own = (precision: string): number =>
    rows.find(row => row.precision === precision && row.subject.startsWith('impflow, onnx'))?.milliseconds ?? Number.NaN
  const lines = rows.map(
    row =>
      `| ${row.subject} | ${row.precision} | ${row.milliseconds.toFixed(2)} (${row.quartiles.map(q => q.toFixed(2)).join(' to ')}) | ` +
      `${(row.milliseconds / own(row.precision)).toFixed(2)} | ${row.error.toExponential(1)} |`
  )
  return [
    `## ${name}`,
    '',
    '| backend | precision | ms, median (quartiles) | times impflow on onnx | off by |',
    '|---|---|---|---|---|',
    ...lines,
    ...(missing.length === 0 ? [] : ['', `Not run: ${missing.join('; ')}.`])
  ].join('\n')
}
const machine = { cpu: cpus()[0]?.model ?? 'unknown', cores: cpus().length, node: process.version }
const command = 'npm run bench:compare'
const text = `# impflow beside other backends

Same inputs; results are compared before anything is timed ("off by" is the largest difference from float64, in units of the largest
number); runs interleaved, one thread each, results read back. ${machine.cpu}, Node ${machine.node}. \`${command}\`, with the peers of
\`npm ci --prefix bench/peers\`.

${results.map(tableOf).join('\n\n')}
`
if (!options.quick) {
  mkdirSync('bench/results', { recursive: true })
  writeFileSync('bench/results/compare.json', `${JSON.stringify({ command, machine, results }, null, 2)}\n`)
  writeFileSync('bench/results/compare.md', text)
}
process.stdout.write(options.json ? `${JSON.stringify({ command, machine, results })}\n` : text)
process.exit(0)
