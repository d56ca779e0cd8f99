import fc from 'fast-check'
import { jacobianByDifferences, splitMatrix } from './differences.js'
import { type Direction, errorOf, logDetErrorOf, type NumberFlow } from './flow.js'
import { decidedLaw, type Law, lawOf } from './law.js'
import { distanceOf, frobeniusOf, inverted } from './matrix.js'
import { brokenPoints, pointsOf, sameBits, shown, wildPoints } from './points.js'

/** Room for the roundings of the judgement itself. */
const room = 1 + 2 ** -40

/** What differences say of a direction at a point. */
interface Local {
  /** Upper estimates of the Lipschitz constants near the point, of the map and of its inverse. */
  readonly forward: number
  readonly inverse: number
  readonly logDet: number
  readonly logDetError: number
}

/**
 * The Jacobian at a point by differences. Where they do not converge (a kink is near), it is no case.
 */
const localOf = async (flow: NumberFlow, direction: Direction, x: readonly number[]): Promise<Local> => {
  const image = await direction(x)
  const noise = errorOf(flow, image)
  const { values, error } = splitMatrix(await jacobianByDifferences(async y => (await direction(y)).value, x, noise))
  const { inverse, logAbsDet } = inverted(values)
  const inverseNorm = frobeniusOf(inverse)
  const relative = inverseNorm * error
  fc.pre(!(relative > 0.01) || !(inverseNorm < Infinity))
  return {
    forward: 2 * (frobeniusOf(values) + error),
    inverse: (2 * inverseNorm) / (1 - relative),
    logDet: logAbsDet,
    logDetError: -x.length * Math.log1p(-relative)
  }
}

/** Lipschitz constants of both directions: as claimed, or as measured near the preimage x. */
const stretchAt = async (
  flow: NumberFlow,
  x: readonly number[]
): Promise<{ readonly forward: number; readonly inverse: number }> =>
  flow.stretch ?? (await localOf(flow, flow.forward, x))

const roundTrips = (flow: NumberFlow): readonly Law[] => {
  const { name, dimension, forward, inverse, size = 3 } = flow
  const trip = (first: Direction, second: Direction, back: 'forward' | 'inverse') => async (x: readonly number[]) => {
    const there = await first(x)
    const here = await second(Array.from(there.value))
    const preimage = back === 'inverse' ? x : Array.from(there.value)
    const slope = (await stretchAt(flow, preimage))[back]
    const allowed = (errorOf(flow, here) + slope * errorOf(flow, there)) * room
    const apart = distanceOf(here.value, x)
    return apart <= allowed || `${shown(x)} came back as ${shown(here.value)}, ${apart} away; allowed ${allowed}`
  }
  const points = [pointsOf(dimension, size)] as const
  return [
    lawOf(`${name}: the inverse undoes the map, up to the errors claimed`, points, trip(forward, inverse, 'inverse')),
    lawOf(`${name}: the map undoes the inverse, up to the errors claimed`, points, trip(inverse, forward, 'forward'))
  ]
}

const logDets = (flow: NumberFlow): readonly Law[] => {
  const { name, dimension, forward, inverse, size = 3, logDet: kind = 'varies' } = flow
  const points = [pointsOf(dimension, size)] as const
  const agrees = (direction: Direction) => async (x: readonly number[]) => {
    const image = await direction(x)
    const claimed = image.logDet ?? Number.NaN
    const { logDet, logDetError } = await localOf(flow, direction, x)
    const allowed = (logDetError + logDetErrorOf(flow, image)) * room + 2 ** -46 * Math.abs(logDet)
    return (
      Math.abs(claimed - logDet) <= allowed || `at ${shown(x)}: ${claimed}, differences say ${logDet} +- ${allowed}`
    )
  }
  const cancels = async (x: readonly number[]) => {
    const there = await forward(x)
    const here = await inverse(Array.from(there.value))
    const again = await forward(Array.from(here.value))
    const [a, b, c] = [there, here, again].map(({ logDet = Number.NaN }) => logDet) as [number, number, number]
    const errors = 2 * logDetErrorOf(flow, there) + logDetErrorOf(flow, here) + logDetErrorOf(flow, again)
    const allowed = (errors + 2 * Math.abs(a - c)) * room
    return Math.abs(a + b) <= allowed || `at ${shown(x)}: ${a} there and ${b} back; allowed ${allowed}`
  }
  const visible = decidedLaw(
    `${name}: its log-determinants are not all 0, so that a wrong sign would be seen`,
    async seed => {
      const xs = fc.sample(points[0], { seed, numRuns: 30 })
      for (const [i, x] of xs.entries()) {
        const image = await forward(x)
        if (Math.abs(image.logDet ?? 0) > 2 * logDetErrorOf(flow, image)) return { looked: i + 1 }
      }
      const why = 'no law about log-determinants could fail on it: draw its weights, or say that it is zero'
      return { looked: xs.length, why }
    }
  )
  return [
    lawOf(`${name}: the log-determinant of the map is ln |det| of its Jacobian`, points, agrees(forward)),
    lawOf(`${name}: the log-determinant of the inverse is ln |det| of its Jacobian`, points, agrees(inverse)),
    lawOf(`${name}: the log-determinants of the two directions cancel`, points, cancels),
    ...(kind === 'zero' ? [] : [visible])
  ]
}

const finiteness = (flow: NumberFlow): readonly Law[] => {
  const { name, dimension, forward, inverse, size = 3, everywhere = true } = flow
  const far = lawOf(
    `${name}: far and tiny points have finite images and log-determinants`,
    [wildPoints(dimension, size)],
    async x => {
      const { value, logDet = 0 } = await forward(x)
      return (
        [...Array.from(value), logDet].every(Number.isFinite) || `${shown(x)} -> ${shown(value)}, ln |det| ${logDet}`
      )
    }
  )
  const broken = lawOf(
    `${name}: a point that is not finite has no image that is finite and called converged`,
    [brokenPoints(dimension, size), fc.constantFrom('map', 'inverse')],
    async (x, which) => {
      const image = await Promise.resolve()
        .then(() => (which === 'map' ? forward : inverse)(x))
        .catch(() => null)
      const silent = image !== null && image.converged !== false && Array.from(image.value).every(Number.isFinite)
      return !silent || `the ${which} takes ${shown(x)} to ${shown(image.value)} without a word`
    }
  )
  return everywhere ? [far, broken] : [broken]
}

const stretches = (flow: NumberFlow): readonly Law[] => {
  const { name, dimension, forward, stretch, size = 3 } = flow
  if (stretch === undefined) return []
  const points = pointsOf(dimension, size)
  return [
    lawOf(`${name}: distances stretch within the constants claimed`, [points, points], async (x, y) => {
      const [fx, fy] = [await forward(x), await forward(y)]
      const [before, after] = [distanceOf(x, y), distanceOf(fx.value, fy.value)]
      const off = errorOf(flow, fx) + errorOf(flow, fy)
      return (
        (after - off <= stretch.forward * before * room && before <= stretch.inverse * (after + off) * room) ||
        `distance ${before} becomes ${after}`
      )
    })
  ]
}

const purity = ({ name, dimension, forward, inverse, forwardAll, size = 3 }: NumberFlow): readonly Law[] => {
  const repeats = lawOf(
    `${name}: the same point has the same image, to the bit, and is left as it was`,
    [pointsOf(dimension, size), pointsOf(dimension, size)],
    async (x, other) => {
      for (const direction of [forward, inverse]) {
        const given = [...x]
        const first = await direction(given)
        const kept = { value: Array.from(first.value), logDet: first.logDet ?? 0 }
        await direction([...other])
        const second = await direction([...x])
        if (!sameBits(given, x)) return `${shown(x)} was changed to ${shown(given)}`
        if (!sameBits(kept.value, second.value) || !Object.is(kept.logDet, second.logDet ?? 0))
          return `${shown(x)} has the images ${shown(kept.value)} and ${shown(second.value)}`
      }
      return true
    }
  )
  if (forwardAll === undefined) return [repeats]
  const rows = lawOf(
    `${name}: an image does not depend on the points it is computed with`,
    [fc.array(wildPoints(dimension, size), { minLength: 1, maxLength: 6 })],
    async xs => {
      const together = await forwardAll(xs)
      for (const [i, x] of xs.entries()) {
        const [alone] = await forwardAll([x])
        const beside = together[i]
        if (alone === undefined || beside === undefined) return `${xs.length} points, ${together.length} images`
        if (
          !sameBits([...Array.from(alone.value), alone.logDet ?? 0], [...Array.from(beside.value), beside.logDet ?? 0])
        )
          return `${shown(x)} alone becomes ${shown(alone.value)}, in company ${shown(beside.value)}`
      }
      return true
    }
  )
  return [repeats, rows]
}

/**
 * The laws of an invertible map with its log-determinant: both directions undo each other, log-determinants are those of
 * the Jacobian and cancel, results are pure, finite where they should be and never silently wrong. Tolerances follow from
 * the errors that the flow claims.
 * In a spec: register(it, bijection({ name: 'doubling', dimension: 1, accuracy: { value: 1e-15, logDet: 1e-15 },
 *   forward: ([x]) => ({ value: [2 * x], logDet: Math.LN2 }), inverse: ([z]) => ({ value: [z / 2], logDet: -Math.LN2 }) }))
 */
export const bijection = (flow: NumberFlow): readonly Law[] => [
  ...roundTrips(flow),
  ...(flow.logDet === 'none' ? [] : logDets(flow)),
  ...stretches(flow),
  ...finiteness(flow),
  ...purity(flow)
]
