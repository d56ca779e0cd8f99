import { type Interval, quantile } from './interval.js'

/** A histogram as a density: `edges` has one entry more than `density`; areas sum to the fraction inside the edges. */
export interface Histogram {
  readonly edges: Float64Array
  readonly density: Float64Array
}

/**
 * The number of bins, between 10 and 120. Source: Freedman and Diaconis 1981, bin width 2 IQR n^(-1/3), here halved,
 * since it smooths several modes away.
 */
export const binCount =
  ([low, high]: Interval) =>
  (numbers: ArrayLike<number>): number => {
    const width = (quantile(0.75)(numbers) - quantile(0.25)(numbers)) / Math.cbrt(numbers.length)
    return width > 0 ? Math.min(120, Math.max(10, Math.ceil((high - low) / width))) : 40
  }

/** The histogram of the numbers over an interval; numbers outside it are counted in the total only. */
export const histogram =
  ([low, high]: Interval, bins: number) =>
  (numbers: ArrayLike<number>): Histogram => {
    const width = (high - low) / bins
    const density = new Float64Array(bins)
    for (let i = 0; i < numbers.length; i++) {
      const number = numbers[i] as number
      if (number < low || number > high) continue
      const bin = Math.min(bins - 1, Math.floor((number - low) / width))
      density[bin] = (density[bin] as number) + 1 / (numbers.length * width)
    }
    return { edges: Float64Array.from({ length: bins + 1 }, (_, i) => low + i * width), density }
  }
