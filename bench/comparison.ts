import { Bench } from 'tinybench'
import type { Precision } from '../src/interpret/backend.js'

/** How large the cases of a topic are: `tiny` runs each of them in a test, `quick` ends in a minute, `full` is published. */
export type Size = 'tiny' | 'quick' | 'full'

/** One way to do something that others do as well. */
export interface Subject {
  readonly name: string
  readonly precision: Precision
  readonly threads: number
  /** The numbers that it comes to, for a comparison with the others; none where there is nothing to compare. */
  readonly answer: () => Promise<readonly ArrayLike<number>[]>
  /** Measurements, in the unit of the comparison, for about so many seconds and at least one. */
  readonly measure: (seconds: number) => Promise<readonly number[]>
}

/** Subjects whose numbers must agree before they are measured; the first one says what is right. */
export interface Comparison {
  readonly name: string
  readonly subjects: readonly Subject[]
  /** What is not there, and how to get it. */
  readonly missing: readonly string[]
  /** What is measured: milliseconds unless told. */
  readonly unit?: 'ms' | 'MiB'
  /** How far a subject may be off, in units of the largest number of each result, where the usual rounding is not all. */
  readonly allowed?: Readonly<Record<Precision, number>>
  /** A product of matrices in float32, one thread, timed in between as a yardstick. */
  readonly yardstick?: { readonly name: string; readonly measure: Subject['measure'] }
}

/** Rounding of sums of some hundred products, in units of the largest number of each result. */
const rounding: Readonly<Record<Precision, number>> = { float32: 1e-4, float64: 1e-6 }

/**
 * Milliseconds of a task, again and again for so many seconds, twice at least, after runs that are not counted: what ran in between
 * has had the caches. PyTorch's program warms up likewise. For no seconds at all, one run.
 */
export const stopwatch =
  (run: () => Promise<unknown>): Subject['measure'] =>
  async seconds => {
    const bench = new Bench({
      time: 1000 * seconds,
      iterations: seconds === 0 ? 1 : 2,
      warmup: seconds > 0,
      warmupTime: 200 * seconds,
      warmupIterations: 1,
      retainSamples: true,
      throws: true
    })
    bench.add('', async () => void (await run()))
    await bench.run()
    const result = bench.tasks[0]?.result
    return result !== undefined && 'latency' in result ? (result.latency.samples ?? []) : []
  }

/** A subject of this process: what is timed is the coming to its numbers. */
export const timedHere = (
  { name, precision, threads }: Pick<Subject, 'name' | 'precision' | 'threads'>,
  answer: Subject['answer']
): Subject => ({ name, precision, threads, answer, measure: stopwatch(answer) })

/** A subject's measurements, beside how far its numbers are from those of the first. */
export interface Measured {
  readonly subject: string
  readonly precision: Precision
  readonly threads: number
  /** Largest difference, in units of the largest number of each result. */
  readonly error: number
  readonly median: number
  readonly quartiles: readonly [number, number]
  readonly count: number
  /** The median in yardsticks. */
  readonly yardsticks: number | null
}

const apart = (found: readonly ArrayLike<number>[], right: readonly ArrayLike<number>[]): number =>
  Math.max(
    0,
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
export const compared = async ({ name, subjects, allowed = rounding }: Comparison): Promise<readonly number[]> => {
  const [first, ...others] = subjects
  if (first === undefined) return []
  const right = await first.answer()
  const errors = [0]
  for (const subject of others) {
    const error = apart(await subject.answer(), right)
    if (!(error <= allowed[subject.precision]))
      throw new Error(
        `${name}, ${subject.name} ${subject.precision}: off by ${error}, more than ${allowed[subject.precision]}`
      )
    errors.push(error)
  }
  return errors
}

/** The value below which a share of the values lies, and no value in between. */
const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.floor(share * (values.length - 1))] as number

/**
 * Measures the subjects in turn, round after round, so that a disturbance meets all of them. Each of them warms up by itself.
 * @param seconds for every subject, about
 */
export const measured = async (
  comparison: Comparison,
  seconds: number,
  rounds: number
): Promise<readonly Measured[]> => {
  const errors = await compared(comparison)
  const { subjects, yardstick } = comparison
  const samples = subjects.map((): number[] => [])
  const sticks: number[] = []
  for (let round = 0; round < rounds; round++)
    for (const [i, { measure }] of subjects.entries()) {
      samples[i]?.push(...(await measure(seconds / rounds)))
      if (yardstick !== undefined) sticks.push(...(await yardstick.measure(0.05)))
    }
  return subjects.map(({ name, precision, threads }, i) => {
    const values = samples[i] as readonly number[]
    const median = quantile(values, 0.5)
    return {
      subject: name,
      precision,
      threads,
      error: errors[i] as number,
      median,
      quartiles: [quantile(values, 0.25), quantile(values, 0.75)],
      count: values.length,
      yardsticks: sticks.length === 0 ? null : median / quantile(sticks, 0.5)
    }
  })
}
