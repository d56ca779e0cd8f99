import { dotOf, lengthOf } from '../../laws/matrix.js'
import { type Jacobian, jacobians, logError, pointError } from '../jacobian.js'
import { always, type Law, numbersAgree } from '../law.js'
import { forward, logDet, logProb, type Row } from '../question.js'

/** An error E of J changes ln |det J| by at most |J^-1| |E|, to first order; twice that covers the rest. */
const logDetOfJacobian: Law = {
  id: 'log-det',
  statement: 'log_det(x) = ln |det J(x)|, J the dense Jacobian of forward (by vjp, or by differences)',
  needs: ['forward', 'log_det'],
  about: always,
  *check(c) {
    const found = yield* logDet(c.x)
    const dense = yield* jacobians(c, c.x)
    return numbersAgree(
      'log_det',
      found,
      dense.map(j => j.logDet),
      i => {
        const { error, inverseSize } = dense[i] as Jacobian
        return logError(found[i] as number) + 2 * error * inverseSize
      }
    )
  }
}

const changeOfVariables: Law = {
  id: 'log-prob',
  statement: 'log_prob(x) = -|z|^2 / 2 - d/2 ln(2 pi) + log_det(x), z = forward(x)',
  needs: ['forward', 'log_det', 'log_prob'],
  about: always,
  *check(c) {
    const found = yield* logProb(c.x)
    const z = yield* forward(c.x, c.dimension)
    const logDets = yield* logDet(c.x)
    const expected = z.map(
      (row, i) => -dotOf(row, row) / 2 - (c.dimension / 2) * Math.log(2 * Math.PI) + (logDets[i] as number)
    )
    return numbersAgree('log_prob', found, expected, i => {
      const image = z[i] as Row
      return logError(found[i] as number) + logError(logDets[i] as number) + lengthOf(image) * pointError(image)
    })
  }
}

/** What makes a density of a map. */
export const densityLaws: readonly Law[] = [logDetOfJacobian, changeOfVariables]
