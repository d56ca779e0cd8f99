import type { Capability, Case, Finding } from './case.js'
import type { Asking, Row, Rows } from './question.js'

/** Something that every flow must fulfil, as a computation that asks the flow. */
export interface Law {
  /** A short name, which names files too. */
  readonly id: string
  readonly statement: string
  readonly needs: readonly Capability[]
  /** Whether it says something about a case. */
  readonly about: (c: Case) => boolean
  readonly check: (c: Case) => Asking<readonly Finding[]>
}

/** Laws about every flow. */
export const always = (): boolean => true

/** Laws about blocks whose numbers were sent. */
export const withBlock = (c: Case): boolean => c.block !== null

/** One finding a point: numbers of both lists differ by at most what is allowed. */
export const rowsAgree = (
  what: string,
  found: Rows,
  expected: Rows,
  allowed: (point: number) => number
): readonly Finding[] =>
  found.map((row, i) => ({
    error: Math.hypot(...row.map((value, j) => value - (expected[i]?.[j] ?? Number.NaN))),
    allowed: allowed(i),
    where: `${what} of point ${i + 1}`
  }))

/** The same of one number a point. */
export const numbersAgree = (
  what: string,
  found: Row,
  expected: Row,
  allowed: (point: number) => number
): readonly Finding[] =>
  rowsAgree(
    what,
    found.map(value => [value]),
    expected.map(value => [value]),
    allowed
  )
