import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { either as E } from 'fp-ts'
import { must } from '../spec/support/must.js'
import { draw } from '../src/plot/drawing/picture.js'
import type { Comparison, Measured } from './comparison.js'
import { type machine, machineText } from './machine.js'

/** A comparison and what came of it. */
export interface Result extends Pick<Comparison, 'name' | 'missing'> {
  readonly unit: 'ms' | 'MiB'
  readonly yardstick: string | null
  readonly rows: readonly Measured[]
}

/** A topic's results, and where they come from. */
export interface TopicReport {
  readonly topic: string
  readonly command: string
  readonly machine: ReturnType<typeof machine>
  readonly results: readonly Result[]
}

const figures = (x: number): string =>
  x >= 1000 ? Math.round(x).toLocaleString('en-US') : x.toPrecision(3).replace(/e.*$/, '')

/** The fastest of a comparison with a precision that is ours. */
const ownBest = (rows: readonly Measured[], precision: string): number | null => {
  const own = rows.filter(row => row.precision === precision && row.subject.startsWith('impflow'))
  return own.length === 0 ? null : Math.min(...own.map(row => row.median))
}

const tableOf = ({ name, unit, yardstick, rows }: Result): string => {
  const sticks = yardstick === null ? '' : ` ${yardstick} |`
  const lines = rows.map(row => {
    const best = ownBest(rows, row.precision)
    const ratio = best === null ? '' : (row.median / best).toFixed(2)
    return (
      `| ${row.subject} | ${row.precision} | ${row.threads} | ${figures(row.median)} (${row.quartiles.map(figures).join(' to ')}) | ` +
      `${ratio} | ${row.error === 0 ? '' : row.error.toExponential(1)} |` +
      (yardstick === null ? '' : ` ${figures(row.yardsticks as number)} |`)
    )
  })
  return [
    `## ${name}`,
    '',
    `| backend | precision | threads | ${unit}, median (quartiles) | times the fastest of ours | off by |${sticks}`,
    `|---|---|---|---|---|---|${yardstick === null ? '' : '---|'}`,
    ...lines
  ].join('\n')
}

const chartOf = ({ name, unit, rows }: Result) => ({
  width: 420,
  title: { text: name, anchor: 'start' as const, fontSize: 13 },
  data: {
    values: rows.map(row => ({
      subject: `${row.subject.replace(/ \(.*\)/, '')}, ${row.precision}${row.threads === 1 ? '' : `, ${row.threads} threads`}`,
      median: row.median,
      low: Math.min(...rows.map(r => r.median)) / 2,
      whose: row.subject.startsWith('impflow') ? 'impflow' : 'others',
      text: `${figures(row.median)} ${unit}`
    }))
  },
  encoding: {
    y: { field: 'subject', type: 'nominal' as const, sort: { field: 'median' }, title: null }
  },
  layer: [
    {
      mark: { type: 'bar' as const },
      encoding: {
        x: {
          field: 'low',
          type: 'quantitative' as const,
          scale: { type: 'log' as const, nice: false },
          title: `${unit}, logarithmic`
        },
        x2: { field: 'median' },
        color: {
          field: 'whose',
          type: 'nominal' as const,
          scale: { domain: ['impflow', 'others'], range: ['#3b6fb6', '#b9bec6'] },
          legend: null
        }
      }
    },
    {
      mark: { type: 'text' as const, align: 'left' as const, dx: 4, fontSize: 10 },
      encoding: { x: { field: 'median', type: 'quantitative' as const }, text: { field: 'text' } }
    }
  ]
})

/** Writes a file of bench/results, whole or not at all. */
export const written = (name: string, text: string): void => {
  mkdirSync('bench/results', { recursive: true })
  const path = join('bench/results', name)
  writeFileSync(`${path}.part`, text)
  renameSync(`${path}.part`, path)
}

/** The table of a topic, as Markdown. */
export const markdownOf = ({ topic, command, machine: on, results }: TopicReport): string =>
  `# Bench: ${topic}

Same inputs, and results compared before anything is timed: "off by" is the largest difference from the first line, in units of the
largest number. Subjects run in turn. ${machineText(on)}. \`${command}\`.

![times](${topic}.svg)

${results.map(tableOf).join('\n\n')}
${[...new Set(results.flatMap(({ missing }) => missing))].map(missing => `\nNot run: ${missing}.\n`).join('')}`

/** Writes bench/results/TOPIC.{json,md,svg}. */
export const write = async (report: TopicReport): Promise<void> => {
  const { svg } = await must(
    draw(
      E.right({
        $schema: 'https://vega.github.io/schema/vega-lite/v6.json',
        config: { axisY: { labelLimit: 400 } },
        vconcat: report.results.map(chartOf),
        resolve: { scale: { x: 'independent' } }
      } as never)
    )
  )
  written(`${report.topic}.json`, `${JSON.stringify(report, null, 2)}\n`)
  written(`${report.topic}.md`, markdownOf(report))
  written(`${report.topic}.svg`, svg)
}
