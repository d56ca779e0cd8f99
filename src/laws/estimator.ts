import { meanInterval } from './confidence.js'
import { decidedLaw, type Law, usualCases } from './law.js'

/** An outcome of a random estimator, and how likely it is. */
export interface Outcome {
  readonly probability: number
  readonly value: number
}

/** Anyone's estimator of a number that is known. */
export interface NumberEstimator {
  readonly name: string
  /** What it is to be on average. */
  readonly expected: number
  /** Claimed: no draw is larger than this in absolute value. */
  readonly bound: number
  /** The first `count` draws of a seed, one number each. */
  readonly draws: (seed: number, count: number) => ArrayLike<number> | Promise<ArrayLike<number>>
  /**
   * All outcomes, where they can be listed: probabilities add up to 1 but for a tail, whose share of the mean is at most
   * `tail`.
   */
  readonly outcomes?: () => { readonly all: Iterable<Outcome>; readonly tail: number }
  /** The smallest bias that must be seen; 1 % of the expected value and 0.01 unless told. */
  readonly detectable?: number
  /** Most draws; 1,000,000 unless told. */
  readonly limit?: number
}

/** Seeds of the blocks of draws, all different, below 2^32. */
export const blockSeed = (seed: number, block: number): number => (seed + block * 0x9e3779b1) % 2 ** 32

/** Unbiased by listing all outcomes: no sampling, no error rate. */
const enumerated = ({ name, expected, bound, outcomes }: NumberEstimator): readonly Law[] =>
  outcomes === undefined
    ? []
    : [
        decidedLaw(`${name}: the mean over all outcomes is what it estimates`, async () => {
          const { all, tail } = outcomes()
          let [looked, mean, size, most] = [0, 0, 0, 0]
          for (const { probability, value } of all) {
            looked++
            mean += probability * value
            size += probability * Math.abs(value)
            most = Math.max(most, Math.abs(value))
          }
          const allowed = tail + (looked + 16) * 2 ** -52 * (size + Math.abs(expected))
          if (most > bound * (1 + 2 ** -40))
            return { looked, why: `an outcome is ${most}; the bound claimed is ${bound}` }
          return Math.abs(mean - expected) <= allowed
            ? { looked }
            : { looked, why: `the mean is ${mean}, to be ${expected} +- ${allowed}` }
        })
      ]

/**
 * The sequential test of the mean: passes when the confidence interval is narrower than the bias to be detected and holds
 * the expected value, fails when it leaves it.
 */
const sampled = ({
  name,
  expected,
  bound,
  draws,
  limit = 1_000_000,
  detectable = 0.01 * Math.abs(expected) + 0.01
}: NumberEstimator): Law =>
  decidedLaw(`${name}: the mean of its draws is what it estimates`, async (seed, effort) => {
    const seen = detectable / Math.sqrt(effort)
    const left = (low: number, high: number): boolean => !(low <= expected && expected <= high)
    let block = 0
    const next = (count: number) => draws(blockSeed(seed, block++), count)
    const {
      low,
      high,
      beyond,
      draws: looked
    } = await meanInterval(
      next,
      { bound, limit: limit * effort },
      interval => left(interval.low, interval.high) || (interval.high - interval.low) / 2 < seen
    )
    if (beyond !== undefined) return { looked, why: `draw ${looked} is ${beyond}; the bound claimed is ${bound}` }
    if (left(low, high)) return { looked, why: `the mean is in [${low}, ${high}], to be ${expected}` }
    return (high - low) / 2 < seen
      ? { looked }
      : { looked, why: `not decided: the mean is in [${low}, ${high}]; claim a smaller bound or allow more draws` }
  })

const repeatable = ({ name, draws }: NumberEstimator): Law =>
  decidedLaw(`${name}: a seed gives the same draws again, and more draws begin with the fewer`, async seed => {
    const [all, again, fewer] = [await draws(seed, 20), await draws(seed, 20), await draws(seed, 7)]
    const differs = Array.from(all).findIndex((x, i) => !Object.is(x, again[i]) || (i < 7 && !Object.is(x, fewer[i])))
    return differs < 0 && all.length === 20 && fewer.length === 7
      ? { looked: 20 }
      : { looked: 20, why: `draw ${differs} is ${all[differs]}, ${again[differs]} and ${fewer[differs]}` }
  })

/**
 * The laws of an unbiased estimator: by listing all outcomes where that is possible, then by a bounded sequential test of
 * the draws themselves, at an error rate of 1e-8.
 */
export const estimator = (mine: NumberEstimator): readonly Law[] => [
  ...enumerated(mine),
  sampled(mine),
  repeatable(mine)
]

/**
 * That laws have power: each planted mutant must break one of the laws that the healthy subject keeps. A law that passes
 * on a mutant sees nothing.
 * @param lawsOf the laws of a subject
 * @param mutants wrong subjects by name
 */
export const power = <A>(
  lawsOf: (subject: A) => readonly Law[],
  healthy: A,
  mutants: Readonly<Record<string, A>>
): readonly Law[] =>
  Object.entries(mutants).map(([name, mutant]) =>
    decidedLaw(`the laws see the planted mutant: ${name}`, async (seed, effort) => {
      const [right, wrong] = [lawsOf(healthy), lawsOf(mutant)]
      for (const [i, law] of wrong.entries()) {
        const verdict = await law.check({ seed, cases: usualCases * effort })
        if (!verdict.holds && (await right[i]?.check({ seed, cases: usualCases * effort }))?.holds === true)
          return { looked: i + 1 }
      }
      return { looked: wrong.length, why: 'every law that holds without it holds with it' }
    })
  )
