import { type Jacobian, jacobians, pointError } from '../jacobian.js'
import { always, type Law, rowsAgree } from '../law.js'
import { forward, inverse, type Row, sample } from '../question.js'

/**
 * Both answers are off by what points may be off, the second by what the first's error becomes on the way. Twice the
 * slope at the point covers its change over so short a way.
 */
const backAndForth = (slope: (jacobian: Jacobian) => number, from: Row, to: Row, jacobian: Jacobian): number =>
  pointError(from) + 2 * slope(jacobian) * pointError(to)

const roundTrip: Law = {
  id: 'round-trip-x',
  statement: 'inverse(forward(x)) = x',
  needs: ['forward', 'inverse'],
  about: always,
  *check(c) {
    const z = yield* forward(c.x, c.dimension)
    const back = yield* inverse(z, c.dimension)
    const slopes = yield* jacobians(c, c.x)
    return rowsAgree('x', back, c.x, i =>
      backAndForth(j => j.inverseSize, c.x[i] as Row, z[i] as Row, slopes[i] as Jacobian)
    )
  }
}

const roundTripBack: Law = {
  id: 'round-trip-z',
  statement: 'forward(inverse(z)) = z',
  needs: ['forward', 'inverse'],
  about: always,
  *check(c) {
    const x = yield* inverse(c.z, c.dimension)
    const back = yield* forward(x, c.dimension)
    const slopes = yield* jacobians(c, x)
    return rowsAgree('z', back, c.z, i => backAndForth(j => j.size, c.z[i] as Row, x[i] as Row, slopes[i] as Jacobian))
  }
}

const sampling: Law = {
  id: 'sample',
  statement: 'sample(noise) = inverse(noise)',
  needs: ['inverse', 'sample'],
  about: always,
  *check(c) {
    const made = yield* sample(c.z, c.dimension)
    const x = yield* inverse(c.z, c.dimension)
    return rowsAgree('x', made, x, i => 2 * pointError(x[i] as Row))
  }
}

/** What holds of every map that can be inverted. */
export const bijectionLaws: readonly Law[] = [roundTrip, roundTripBack, sampling]
