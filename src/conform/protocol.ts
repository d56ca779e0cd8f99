import { either as E } from 'fp-ts'
import type { Answer, Question, Trouble } from './question.js'

/** The version of the protocol that this program speaks; docs/protocol.md says what it is. */
export const protocolVersion = 1

/** Characters of an answer that are too many: nothing that is asked needs a hundredth of it. */
export const longestLine = 2 ** 25

const names: Readonly<Record<string, number>> = { NaN: Number.NaN, Infinity, '-Infinity': -Infinity }

/** A question as a line: shortest round-trip decimals, and what JSON cannot say as "NaN", "Infinity", "-Infinity". */
export const toLine = (id: number, question: Question): string =>
  question.line ??
  JSON.stringify({ id, op: question.op, ...question.fields }, (_key, value: unknown) =>
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value
  )

const trouble = (kind: Trouble['kind'], message: string): E.Either<Trouble, never> => E.left({ kind, message })

const shown = (value: unknown): string => {
  const text = JSON.stringify(value) ?? 'nothing'
  return text.length > 60 ? `${text.slice(0, 57)}...` : text
}

/** The array of a shape, its numbers read; `place` is where it stands, as `z[2]`. */
const numbers = (value: unknown, shape: readonly number[], place: string): E.Either<Trouble, unknown> => {
  const [length, ...rest] = shape
  if (length === undefined) {
    const number = typeof value === 'string' ? names[value] : value
    if (typeof number !== 'number')
      return trouble('wrong shape', `${place} is ${shown(value)}, where a number should be`)
    return Number.isFinite(number) ? E.right(number) : trouble('not finite', `${place} is ${number}`)
  }
  if (!Array.isArray(value) || value.length !== length) {
    const found = Array.isArray(value) ? `has ${value.length} entries` : `is ${shown(value)}`
    return trouble('wrong shape', `${place} ${found}, where ${length} entries should be`)
  }
  return E.traverseArray((entry: readonly [number, unknown]) => numbers(entry[1], rest, `${place}[${entry[0]}]`))([
    ...value.entries()
  ])
}

/** The value at a path, as `g_x.layers.0.W`. */
const valueAt = (answer: Answer, path: string): unknown =>
  path
    .split('.')
    .reduce(
      (value: unknown, key) => (typeof value === 'object' && value !== null ? (value as Answer)[key] : undefined),
      answer
    )

const fieldsOf = (question: Question, answer: Answer): E.Either<Trouble, Answer> =>
  E.map((read: readonly (readonly [string, unknown])[]) => ({ ...answer, ...Object.fromEntries(read) }))(
    E.traverseArray(([field, shape]: readonly [string, readonly number[]]) =>
      E.map((value: unknown) => [field, value] as const)(numbers(valueAt(answer, field), shape, field))
    )(Object.entries(question.want ?? {}))
  )

/**
 * The answer in a line, with the numbers that the question wants.
 * failure  a line that is no answer to this question, a refusal where numbers are wanted, numbers that are missing, of
 *          another shape, or not finite
 */
export const readAnswer = (id: number, question: Question, line: string): E.Either<Trouble, Answer> => {
  const parsed = E.tryCatch(
    () => JSON.parse(line) as unknown,
    () => null
  )
  if (E.isLeft(parsed)) return trouble('garbage', `the answer to ${question.op} is not JSON: ${shown(line)}`)
  const answer = parsed.right
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer))
    return trouble('garbage', `the answer to ${question.op} is ${shown(answer)}, where an object should be`)
  const { id: said, ok, error } = answer as Answer
  const expected = question.line === null ? id : null
  if (said !== expected)
    return trouble('garbage', `the answer to ${question.op} has the id ${shown(said)}, not ${expected}`)
  if (typeof ok !== 'boolean')
    return trouble('garbage', `the answer to ${question.op} has ok ${shown(ok)}, where true or false should be`)
  if (question.want === null) return E.right(answer as Answer)
  return ok ? fieldsOf(question, answer as Answer) : trouble('refused', `${question.op} is refused: ${shown(error)}`)
}
