import { jacobianByDifferences, splitMatrix } from '../../src/laws/differences.js'
import type { NumberFlow, NumberImage } from '../../src/laws/flow.js'
import type { Law } from '../../src/laws/law.js'
import { distanceOf, inverted } from '../../src/laws/matrix.js'

/** What the usual tests of a flow library look at: a flow, at the points that such a test takes. */
export interface UsualSubject {
  readonly flow: NumberFlow
  readonly points: readonly (readonly number[])[]
}

/** A piece of code with the laws about it. Made anew for every use, as some remember what they were asked. */
export interface Specimen {
  readonly laws: readonly Law[]
  readonly usual: UsualSubject
}

/** A bug that a public flow library had, beside the code without it. */
export interface Exhibit {
  readonly bug: string
  /** What was put wrong here: a function of ours, or a stand-in where ours has no such path. */
  readonly patch: string
  readonly right: () => Specimen | Promise<Specimen>
  readonly wrong: () => Specimen | Promise<Specimen>
}

/** Agreement that the usual tests ask for. */
const tolerance = 1e-4

/** Evaluations of a log-determinant that is random, and standard errors that such tests allow. */
const repeats = 1000
const standardErrors = 3

/** The log-determinant at a point: one number, or the mean of many where it is random; and how far it may be off. */
const logDetAt = async ({ flow }: UsualSubject, x: readonly number[]) => {
  const first = (await flow.forward(x)).logDet ?? 0
  let same = true
  for (let i = 0; i < 20; i++) same &&= Object.is((await flow.forward(x)).logDet ?? 0, first)
  if (same) return { mean: first, allowed: tolerance }
  let [sum, squares] = [0, 0]
  for (let i = 0; i < repeats; i++) {
    const draw = (await flow.forward(x)).logDet ?? 0
    sum += draw
    squares += draw * draw
  }
  const mean = sum / repeats
  return { mean, allowed: standardErrors * Math.sqrt((squares / repeats - mean * mean) / repeats) }
}

/** There and back again at every point. */
const roundTrip = async ({ flow, points }: UsualSubject): Promise<boolean> => {
  for (const x of points) {
    const { value } = await flow.forward(x)
    if (!(distanceOf((await flow.inverse(Array.from(value))).value, x) <= tolerance)) return false
  }
  return true
}

/** The log-determinant against that of the map's derivative, at every point. */
const derivativeLogDet = async (subject: UsualSubject): Promise<boolean> => {
  for (const x of subject.points) {
    const { values } = splitMatrix(
      await jacobianByDifferences(async y => (await subject.flow.forward(y)).value, x, 1e-12)
    )
    const { mean, allowed } = await logDetAt(subject, x)
    if (!(Math.abs(mean - inverted(values).logAbsDet) <= allowed)) return false
  }
  return true
}

/** Value and log-determinant at one point, against the numbers of the code without the bug. */
const fixedSample = async (subject: UsualSubject, { flow, points }: UsualSubject): Promise<boolean> => {
  const [x = []] = points
  const expected: NumberImage = await flow.forward(x)
  const value = (await subject.flow.forward(x)).value
  const [theirs, right] = [await logDetAt(subject, x), await logDetAt({ flow, points }, x)]
  return (
    distanceOf(value, expected.value) <= tolerance &&
    Math.abs(theirs.mean - right.mean) <= Math.max(theirs.allowed, right.allowed) * Math.SQRT2
  )
}

/** What became of an exhibit. */
export interface Found {
  readonly bug: string
  readonly patch: string
  /** The first law that the wrong code breaks, without the name of its subject; undefined if it breaks none. */
  readonly law: string | undefined
  /** Laws that the right code breaks: there must be none. */
  readonly broken: readonly string[]
  /** Whether the usual checks see the bug. */
  readonly roundTrip: boolean
  readonly derivativeLogDet: boolean
  readonly fixedSample: boolean
  /** Whether the right code passes all usual checks. */
  readonly rightIsUsual: boolean
}

const failing = async (laws: readonly Law[]): Promise<readonly string[]> => {
  const failed: string[] = []
  for (const law of laws) if (!(await law.check({ cases: 15 })).holds) failed.push(law.statement)
  return failed
}

/** Runs the code with and without the bug against its laws and against the usual checks. */
export const examine = async ({ bug, patch, right, wrong }: Exhibit): Promise<Found> => {
  const [broken, failed] = [await failing((await right()).laws), await failing((await wrong()).laws)]
  const usualOf = async (side: Exhibit['right']): Promise<readonly [boolean, boolean, boolean]> => [
    await roundTrip((await side()).usual),
    await derivativeLogDet((await side()).usual),
    await fixedSample((await side()).usual, (await right()).usual)
  ]
  const [healthy, ill] = [await usualOf(right), await usualOf(wrong)]
  return {
    bug,
    patch,
    law: failed[0]?.replace(/^.*?: /, ''),
    broken,
    roundTrip: !ill[0],
    derivativeLogDet: !ill[1],
    fixedSample: !ill[2],
    rightIsUsual: healthy.every(passed => passed)
  }
}
