import { type Finding, holds } from './case.js'
import type { Law } from './law.js'
import type { Trouble } from './question.js'

/** The finding that is worst for a law, and the case it comes from. */
export interface Worst extends Finding {
  readonly inCase: string
}

/** How a law fared. */
export interface Verdict {
  readonly law: string
  readonly statement: string
  readonly verdict: 'passed' | 'failed' | 'not run'
  /** Cases it was run on to the end. */
  readonly cases: number
  readonly worst: Worst | null
  /** Why there was no answer, or why it was not run. */
  readonly reason: string | null
  /** The lines that were sent from the load of the worst case on: fed to the implementation, they show it again. */
  readonly lines: readonly string[]
}

/** A law that has not been run on any case yet. */
export const begun = ({ id, statement }: Pick<Law, 'id' | 'statement'>, reason: string): Verdict => ({
  law: id,
  statement,
  verdict: 'not run',
  cases: 0,
  worst: null,
  reason,
  lines: []
})

/** How much of what is allowed an error is; not a number counts as everything. */
const badness = ({ error, allowed }: Finding): number =>
  error === 0 ? 0 : Number.isNaN(error / allowed) ? Infinity : error / allowed

/** A verdict after one more case: findings, and the lines that led to them. */
export const judged = (
  before: Verdict,
  inCase: string,
  findings: readonly Finding[],
  lines: readonly string[]
): Verdict => {
  const start: Worst | null = before.worst
  const worst = findings.reduce(
    (most: Worst | null, finding) =>
      most === null || badness(finding) > badness(most) ? { ...finding, inCase } : most,
    start
  )
  const failed = before.verdict === 'failed' || !findings.every(holds)
  return {
    ...before,
    verdict: failed ? 'failed' : 'passed',
    cases: before.cases + 1,
    worst,
    reason: null,
    lines: worst === start && before.cases > 0 ? before.lines : lines
  }
}

/** A verdict after a case in which there was no answer. */
export const troubled = (
  before: Verdict,
  inCase: string,
  { kind, message }: Trouble,
  lines: readonly string[]
): Verdict => ({
  ...before,
  verdict: 'failed',
  reason: `${kind}: ${message} (${inCase})`,
  lines
})
