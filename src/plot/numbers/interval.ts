/** A closed interval, low end first. */
export type Interval = readonly [number, number]

/** The smallest interval that holds all numbers; empty input gives [0, 1]. */
export const extent = (numbers: ArrayLike<number>): Interval => {
  let [low, high] = [Infinity, -Infinity]
  for (let i = 0; i < numbers.length; i++) {
    low = Math.min(low, numbers[i] as number)
    high = Math.max(high, numbers[i] as number)
  }
  return low <= high ? [low, high] : [0, 1]
}

/** The interval widened on both sides by a fraction of its length; a single number becomes an interval around it. */
export const padded =
  (fraction: number) =>
  ([low, high]: Interval): Interval => {
    const by = high > low ? fraction * (high - low) : Math.max(Math.abs(low), 1) / 2
    return [low - by, high + by]
  }

/** Whether a number lies in the interval, ends included. */
export const holds =
  ([low, high]: Interval) =>
  (number: number): boolean =>
    number >= low && number <= high

/** The smallest interval that holds both. */
export const hull = (a: Interval, b: Interval): Interval => [Math.min(a[0], b[0]), Math.max(a[1], b[1])]

/** The number below which a fraction q of the numbers lie, by the nearest rank; NaN for none. */
export const quantile =
  (q: number) =>
  (numbers: ArrayLike<number>): number => {
    const sorted = Float64Array.from(numbers).sort()
    return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(q * sorted.length) - 1))] ?? NaN
  }

/** Where the numbers are, but for a fraction on either side: a few far outliers must not shrink the rest to a dot. */
export const robustExtent =
  (fraction: number) =>
  (numbers: ArrayLike<number>): Interval => [quantile(fraction)(numbers), quantile(1 - fraction)(numbers)]
