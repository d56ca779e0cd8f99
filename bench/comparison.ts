import type { Precision } from '../src/interpret/backend.js'

/** One backend's way to do something that others do as well: each run does all of it and gives the numbers. */
export interface Subject {
  readonly name: string
  readonly precision: Precision
  readonly threads: number
  readonly run: () => Promise<readonly ArrayLike<number>[]>
}

/** Subjects that must agree before they are timed; the first one says what is right. */
export interface Comparison {
  readonly name: string
  readonly subjects: readonly Subject[]
  /** What is not there, and how to get it. */
  readonly missing: readonly string[]
}

/** How far a subject may be off, in units of the largest number of each result: rounding of sums of some hundred products. */
const allowed: Readonly<Record<Precision, number>> = { float32: 1e-4, float64: 1e-6 }

/** A subject's times, beside how far its numbers are from those of the first. */
export interface Timed {
  readonly subject: string
  readonly precision: Precision
  readonly threads: number
  /** Largest difference, in units of the largest number of each result. */
  readonly error: number
  readonly milliseconds: number
  readonly quartiles: readonly [number, number]
}

const apart = (found: readonly ArrayLike<number>[], right: readonly ArrayLike<number>[]): number =>
  Math.max(
    ...right.map((expected, k) => {
      const given = found[k]
      if (given === undefined || given.length !== expected.length) return Infinity
      const largest = Array.from(expected).reduce((most, x) => Math.max(most, Math.abs(x)), Number.MIN_VALUE)
      return Array.from(expected).reduce(
        (most, x, i) => Math.max(most, Math.abs(x - (given[i] as number)) / largest),
        0
      )
    })
  )

/**
 * How far every subject is from the first, each run once.
 * @throws Error naming a subject whose numbers are not those of the first
 */
export const compared = async ({ name, subjects }: Comparison): Promise<readonly number[]> => {
  const [first, ...others] = subjects
  if (first === undefined) return []
  const right = await first.run()
  const errors = [0]
  for (const subject of others) {
    const error = apart(await subject.run(), right)
    if (!(error <= allowed[subject.precision]))
      throw new Error(
        `${name}, ${subject.name} ${subject.precision}: off by ${error}, more than ${allowed[subject.precision]}`
      )
    errors.push(error)
  }
  return errors
}

/**
 * Times the subjects in turn, round after round, so that a disturbance meets all of them; a slow subject runs less often.
 * @param seconds for every subject, about
 */
export const timed = async (comparison: Comparison, seconds: number): Promise<readonly Timed[]> => {
  const errors = await compared(comparison)
  const { subjects } = comparison
  const times = subjects.map((): number[] => [])
  const rounds = 6
  for (let round = 0; round < rounds; round++)
    for (const [i, subject] of subjects.entries()) {
      const end = performance.now() + (1000 * seconds) / rounds
      do {
        const begin = performance.now()
        await subject.run()
        times[i]?.push(performance.now() - begin)
      } while (performance.now() < end)
    }
  return subjects.map(({ name, precision, threads }, i) => {
    // The first runs warm up.
    const all = (times[i] as number[])
      .slice(times[i] !== undefined && (times[i] as number[]).length > 4 ? 2 : 0)
      .sort((a, b) => a - b)
    const at = (share: number): number => all[Math.floor(share * (all.length - 1))] as number
    return {
      subject: name,
      precision,
      threads,
      error: errors[i] as number,
      milliseconds: at(0.5),
      quartiles: [at(0.25), at(0.75)]
    }
  })
}
