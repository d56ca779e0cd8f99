import type { Verdict } from './verdict.js'

/** What a run of the kit found. */
export interface Report {
  readonly command: string
  /** What the implementation calls itself; null where it did not say. */
  readonly name: string | null
  readonly seed: number
  readonly cases: number
  readonly verdicts: readonly Verdict[]
}

/** Whether every law that was run holds. */
export const conforms = ({ verdicts }: Report): boolean => verdicts.every(({ verdict }) => verdict !== 'failed')

const number = (value: number): string => (Number.isFinite(value) ? value.toExponential(1) : String(value))

/** A number as JSON can say it. */
const jsonNumber = (value: number): number | string => (Number.isFinite(value) ? value : String(value))

/** What is worst about a law, in words; empty where there is nothing to say. */
const worstText = ({ worst, reason }: Verdict): string => {
  if (reason !== null) return reason
  if (worst === null) return ''
  const { error, allowed, where, inCase } = worst
  if (error === Infinity && allowed === 0) return `${where} (${inCase})`
  return `${number(error)}, allowed ${number(allowed)}: ${where} (${inCase})`
}

/**
 * The command that shows a verdict again. The file of lines is the questions as they were sent; where there is none, the
 * whole run is repeated.
 * @param file the file of lines, if it was written
 */
const replay = ({ command, seed, cases }: Report, file: string | null): string =>
  file === null
    ? `impflow conform --command ${JSON.stringify(command)} --seed ${seed} --cases ${cases}`
    : `${command} < ${/\s/.test(file) ? JSON.stringify(file) : file}`

/** Where the lines of a verdict are written below a report's folder. */
export const linesFile = ({ law }: Verdict): string => `replay/${law}.jsonl`

type FileOf = (verdict: Verdict) => string | null

const counts = ({ verdicts }: Report): string => {
  const count = (which: Verdict['verdict']): number => verdicts.filter(({ verdict }) => verdict === which).length
  return `${count('passed')} passed, ${count('failed')} failed, ${count('not run')} not run`
}

/** One line a law, for a terminal. */
export const toText = (report: Report): string => {
  const width = Math.max(...report.verdicts.map(({ law }) => law.length))
  const lines = report.verdicts.map(verdict => {
    const mark = { passed: 'ok     ', failed: 'FAILED ', 'not run': 'not run' }[verdict.verdict]
    return `${mark}  ${verdict.law.padEnd(width)}  ${worstText(verdict)}`.trimEnd()
  })
  return `${[...lines, `${report.name ?? report.command}: ${counts(report)}.`].join('\n')}\n`
}

/** The report as JSON. */
export const toJson = (report: Report, fileOf: FileOf): unknown => ({
  command: report.command,
  name: report.name,
  seed: report.seed,
  cases: report.cases,
  conforms: conforms(report),
  laws: report.verdicts.map(verdict => ({
    law: verdict.law,
    statement: verdict.statement,
    verdict: verdict.verdict,
    cases: verdict.cases,
    worst:
      verdict.worst === null
        ? null
        : {
            error: jsonNumber(verdict.worst.error),
            allowed: jsonNumber(verdict.worst.allowed),
            where: verdict.worst.where,
            case: verdict.worst.inCase
          },
    reason: verdict.reason,
    replay: verdict.verdict === 'failed' ? replay(report, fileOf(verdict)) : null
  }))
})

/** Text that is no Markdown. */
const plain = (text: string): string => text.replace(/[\\`*_|<>]/g, character => `\\${character}`).replaceAll('\n', ' ')

/** The report as Markdown: a table of laws, and how to see again what failed. */
export const toMarkdown = (report: Report, fileOf: FileOf): string => {
  const rows = report.verdicts.map(
    verdict =>
      `| ${verdict.law} | ${plain(verdict.statement)} | ${verdict.verdict} | ${verdict.cases} | ${plain(worstText(verdict))} |`
  )
  const failed = report.verdicts.filter(({ verdict }) => verdict === 'failed')
  return [
    `# Conformance of ${plain(report.name ?? report.command)}`,
    '',
    `${counts(report)}. Command \`${report.command}\`, seed ${report.seed}, ${report.cases} random blocks.`,
    '',
    '| law | statement | verdict | cases | worst |',
    '|---|---|---|---|---|',
    ...rows,
    ...(failed.length === 0 ? [] : ['', '## To see it again', '']),
    ...failed.map(verdict => `- ${verdict.law}: \`${replay(report, fileOf(verdict))}\``),
    ''
  ].join('\n')
}
