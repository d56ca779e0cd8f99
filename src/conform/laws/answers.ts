import type { Case, Finding } from '../case.js'
import { logError, pointError } from '../jacobian.js'
import { always, type Law, numbersAgree, rowsAgree } from '../law.js'
import {
  type Answer,
  type Asking,
  attempt,
  attemptLine,
  demand,
  forward,
  logDet,
  type Row,
  type Rows
} from '../question.js'

/** What a batch is answered: images, and log-determinants where there are some. */
function* both(c: Case, x: Rows): Asking<{ readonly z: Rows; readonly l: Row }> {
  const z = yield* forward(x, c.dimension)
  return { z, l: c.can('log_det') ? yield* logDet(x) : x.map(() => 0) }
}

const batch: Law = {
  id: 'batch',
  statement: 'the answer for a point does not depend on the other points, nor on their order',
  needs: ['forward'],
  about: always,
  *check(c) {
    const whole = yield* both(c, c.x)
    const turned = yield* both(c, c.x.toReversed())
    const [first, last] = [c.x[0] as Row, c.x.at(-1) as Row]
    const repeated = yield* both(c, [first, first, last])
    const findings: Finding[] = []
    const agree = (how: string, { z, l }: { readonly z: Rows; readonly l: Row }, at: (i: number) => number): void => {
      const [expected, logs] = [z.map((_, i) => whole.z[at(i)] as Row), l.map((_, i) => whole.l[at(i)] as number)]
      findings.push(...rowsAgree(`z (${how})`, z, expected, i => 2 * pointError(expected[i] as Row)))
      findings.push(...numbersAgree(`log_det (${how})`, l, logs, i => 2 * logError(logs[i] as number)))
    }
    agree('in reverse order', { z: turned.z.toReversed(), l: turned.l.toReversed() }, i => i)
    agree('repeated', repeated, i => (i < 2 ? 0 : c.x.length - 1))
    for (const [i, point] of c.x.entries()) agree('alone', yield* both(c, [point]), () => i)
    return findings
  }
}

const determinism: Law = {
  id: 'determinism',
  statement: 'the same question has the same answer, also after other points and another block',
  needs: ['forward'],
  about: always,
  *check(c) {
    const first = yield* both(c, c.x)
    yield* both(
      c,
      c.x.map(row => row.map(value => 1 - value))
    )
    if (c.block !== null) {
      const zeros = Array.from({ length: c.dimension }, () => 0)
      const flat = { layers: [{ W: zeros.map(() => zeros), b: zeros }], beta: [], preact: false }
      yield* demand('load', { block: { ...c.block, kind: 'impflow', g_x: flat, g_z: flat } })
      yield* both(c, c.x)
      yield* demand('load', { block: c.block })
    }
    const again = yield* both(c, c.x)
    return [...rowsAgree('z', again.z, first.z, () => 0), ...numbersAgree('log_det', again.l, first.l, () => 0)]
  }
}

const empty: Law = {
  id: 'empty-batch',
  statement: 'no points have no images',
  needs: ['forward'],
  about: always,
  *check(c) {
    yield* both(c, [])
    return []
  }
}

/** Whether an answer refuses, or says by numbers that are none that there is no result. */
const declines = (answer: Answer, field: string): boolean => {
  if (answer['ok'] === false) return true
  const rows = answer[field]
  return Array.isArray(rows) && rows.length > 0 && rows.flat().every(value => !Number.isFinite(value))
}

const invalid: Law = {
  id: 'invalid-input',
  statement: 'what is no point, no question or no JSON is refused (ok false), and the next question is answered',
  needs: ['forward'],
  about: always,
  *check(c) {
    const before = yield* forward(c.x, c.dimension)
    const point = c.x[0] as Row
    const findings: Finding[] = []
    const judge = (refused: boolean, where: string): void => {
      findings.push({ error: refused ? 0 : Infinity, allowed: 0, where })
    }
    for (const bad of [Number.NaN, Infinity, -Infinity])
      judge(declines(yield* attempt('forward', { x: [[bad, ...point.slice(1)]] }), 'z'), `a result for ${bad} in x`)
    const wrong: readonly (readonly [string, string, unknown])[] = [
      ['forward', 'a row with a number too many is accepted', { x: [[...point, 1]] }],
      ['forward', 'a row without numbers is accepted', { x: [[]] }],
      ['forward', 'rows of different lengths are accepted', { x: [point, [...point, 1]] }],
      ['forward', 'a word for points is accepted', { x: 'points' }],
      ['forward', 'a question without points is accepted', {}],
      ['fly', 'an unknown operation is accepted', { x: [point] }]
    ]
    for (const [op, where, fields] of wrong)
      judge((yield* attempt(op, fields as Readonly<Record<string, unknown>>))['ok'] === false, where)
    judge((yield* attemptLine('{"id": 1, "op": '))['ok'] === false, 'half a line of JSON is accepted')
    const after = yield* forward(c.x, c.dimension)
    return [...findings, ...rowsAgree('z, after invalid input,', after, before, () => 0)]
  }
}

/** What holds of answers, whatever the flow. */
export const answerLaws: readonly Law[] = [batch, determinism, empty, invalid]
