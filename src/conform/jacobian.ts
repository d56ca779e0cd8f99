import { thresholds } from '../interop/check.js'
import { dotOf, frobeniusOf, inverted, lengthOf } from '../laws/matrix.js'
import type { Case } from './case.js'
import { type Asking, forward, logDet, type Row, type Rows, vjp } from './question.js'
import { along, unit } from './vectors.js'

/** How exact answers must be: z and x relative to 1 + |z|, log-determinants to max(1, |log-det|), gradients relative. */
export const accuracy = thresholds

/** The error that a point in an answer may have. */
export const pointError = (point: Row): number => accuracy.z * (1 + lengthOf(point))

/** The error that a log-determinant or log-density in an answer may have. */
export const logError = (value: number): number => accuracy.logDet * Math.max(1, Math.abs(value))

/** The step of differences: its error in rounding, 1e-12 / h, is about that of its square. */
const step = 2 ** -16

/** A difference quotient, and how far it may be from the derivative. */
export interface Quotient {
  readonly value: number
  readonly error: number
}

/**
 * Central differences of u . z + s log_det along v at every point, with the steps h and 2 h. Their distance is three times
 * the error of the first where the map is smooth to third order; four times it is allowed, and what answers of the
 * accuracy demanded may add.
 */
export function* quotients(c: Case, x: Rows, v: Rows, u: Rows, s: Row): Asking<readonly Quotient[]> {
  const silent = s.every(weight => weight === 0)
  const values: { readonly z: Rows; readonly l: Row }[] = []
  for (const t of [step, -step, 2 * step, -2 * step]) {
    const moved = x.map((point, i) => along(point, v[i] as Row, t))
    const z = yield* forward(moved, c.dimension)
    values.push({ z, l: silent ? s : yield* logDet(moved) })
  }
  return x.map((_, i) => {
    const [weights, weight] = [u[i] as Row, s[i] as number]
    const at = (k: number): number => dotOf(weights, values[k]?.z[i] as Row) + weight * (values[k]?.l[i] as number)
    const [near, far] = [(at(0) - at(1)) / (2 * step), (at(2) - at(3)) / (4 * step)]
    const [z, l] = [values[0]?.z[i] as Row, values[0]?.l[i] as number]
    const rounding = (lengthOf(weights) * pointError(z) + Math.abs(weight) * logError(l)) / step
    return { value: near, error: 4 * Math.abs(near - far) + rounding }
  })
}

/** The Jacobian of a flow at a point, the norm of its error, its inverse's norm and ln |det|. */
export interface Jacobian {
  readonly size: number
  readonly error: number
  readonly inverseSize: number
  readonly logDet: number
}

const fromRows = (rows: Rows, error: number): Jacobian => {
  const { inverse, logAbsDet } = inverted(rows)
  return { size: frobeniusOf(rows), error, inverseSize: frobeniusOf(inverse), logDet: logAbsDet }
}

/** The Jacobians at points, from vjp where it is there, else from differences. */
export function* jacobians(c: Case, x: Rows): Asking<readonly Jacobian[]> {
  const d = c.dimension
  const directions = x.flatMap(() => unit(d))
  const points = x.flatMap(point => Array.from({ length: d }, () => point))
  const zeros = points.map(() => 0)
  if (c.can('vjp')) {
    const rows = yield* vjp(points, directions, zeros, d)
    return x.map((_, i) => {
      const matrix = rows.slice(i * d, (i + 1) * d)
      return fromRows(matrix, accuracy.gradient * frobeniusOf(matrix))
    })
  }
  const columns: (readonly Quotient[])[] = []
  for (const u of unit(d))
    columns.push(
      yield* quotients(
        c,
        points,
        directions,
        points.map(() => u),
        zeros
      )
    )
  return x.map((_, i) => {
    const entries = columns.map(list => list.slice(i * d, (i + 1) * d))
    const matrix = entries.map(row => row.map(({ value }) => value))
    return fromRows(matrix, frobeniusOf(entries.map(row => row.map(({ error }) => error))))
  })
}
