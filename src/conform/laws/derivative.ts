import { dotOf, lengthOf } from '../../laws/matrix.js'
import { foldIn, split } from '../../random/key.js'
import { normal } from '../../random/normal.js'
import { normalRows } from '../block.js'
import type { Case } from '../case.js'
import { accuracy, type Quotient, quotients } from '../jacobian.js'
import { always, type Law, numbersAgree, rowsAgree } from '../law.js'
import { type Row, type Rows, vjp } from '../question.js'
import { along } from '../vectors.js'

/** Cotangents and a direction for every point. */
const draws = (c: Case, number: number): { readonly u: Rows; readonly s: Row; readonly v: Rows } => {
  const [uKey, sKey, vKey] = split(foldIn(c.key, number), 3)
  const rows = c.x.length
  return {
    u: normalRows(uKey, rows, c.dimension),
    s: c.can('log_det') ? [...normal(sKey)(rows)] : c.x.map(() => 0),
    v: normalRows(vKey, rows, c.dimension).map(row => row.map(entry => entry / lengthOf(row)))
  }
}

/** Of both terms of a gradient where the flow is steep: what an answer of the accuracy demanded may be off. */
const gradientError = (gradient: Row): number => accuracy.gradientNearSingular * (1 + lengthOf(gradient))

const againstDifferences: Law = {
  id: 'vjp-differences',
  statement: '<vjp(u, s), v> = the derivative of u . z + s log_det along v, by central differences',
  needs: ['forward', 'vjp'],
  about: always,
  *check(c) {
    const { u, s, v } = draws(c, 0)
    const gradients = yield* vjp(c.x, u, s, c.dimension)
    const expected = yield* quotients(c, c.x, v, u, s)
    return numbersAgree(
      'the derivative',
      gradients.map((row, i) => dotOf(row, v[i] as Row)),
      expected.map(({ value }) => value),
      i => (expected[i] as Quotient).error + gradientError(gradients[i] as Row)
    )
  }
}

const linearity: Law = {
  id: 'vjp-linear',
  statement: "vjp(2 u - 3 u', 2 s - 3 s') = 2 vjp(u, s) - 3 vjp(u', s')",
  needs: ['vjp'],
  about: always,
  *check(c) {
    const [first, second] = [draws(c, 1), draws(c, 2)]
    const mixed = (a: Row, b: Row): Row =>
      along(
        a.map(x => 2 * x),
        b,
        -3
      )
    const u = first.u.map((row, i) => mixed(row, second.u[i] as Row))
    const whole = yield* vjp(c.x, u, mixed(first.s, second.s), c.dimension)
    const a = yield* vjp(c.x, first.u, first.s, c.dimension)
    const b = yield* vjp(c.x, second.u, second.s, c.dimension)
    const parts = a.map((row, i) => mixed(row, b[i] as Row))
    return rowsAgree(
      'the gradient',
      whole,
      parts,
      i => gradientError(whole[i] as Row) + 2 * gradientError(a[i] as Row) + 3 * gradientError(b[i] as Row)
    )
  }
}

/** What holds of gradients. */
export const derivativeLaws: readonly Law[] = [againstDifferences, linearity]
