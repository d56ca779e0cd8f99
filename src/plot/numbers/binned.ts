import { quantile } from './interval.js'

/** A run of numbers summarised: where its middle is, their mean, and between which values the middle 80 % lie. */
export interface Bin {
  readonly x: number
  readonly low: number
  readonly mean: number
  readonly high: number
}

/**
 * A long series as at most `most` consecutive runs of equal length. Numbers that are not finite are left out; a run of
 * nothing else has NaN for its summary.
 */
export const binned =
  (most: number) =>
  (x: ArrayLike<number>, y: ArrayLike<number>): ReadonlyArray<Bin> => {
    const values = Array.from(y)
    const length = Math.max(1, Math.ceil(values.length / most))
    return Array.from({ length: Math.ceil(values.length / length) }, (_, b) => {
      const [from, to] = [b * length, Math.min((b + 1) * length, values.length)]
      const run = values.slice(from, to).filter(Number.isFinite)
      return {
        x: ((x[from] as number) + (x[to - 1] as number)) / 2,
        low: quantile(0.1)(run),
        mean: run.reduce((a, v) => a + v, 0) / run.length,
        high: quantile(0.9)(run)
      }
    })
  }
