/**
 * Bounds on the mean of n independent draws that hold whatever the distribution, at a declared error rate: no z-tests.
 * The error rate of a check is 1e-8; with some fifty checks a correct sampler fails once in two million seeds.
 */
const errorRate = 1e-8

/** How far the mean of n draws from an interval of length `range` may lie from its expectation. Source: Hoeffding 1963. */
export const hoeffding = (range: number, n: number): number => range * Math.sqrt(Math.log(2 / errorRate) / (2 * n))

/** The same from the sample variance, sharper where it is small. Source: Maurer, Pontil 2009, theorem 4, on both sides. */
export const empiricalBernstein = (range: number, variance: number, n: number): number => {
  const log = Math.log(4 / errorRate)
  return Math.sqrt((2 * variance * log) / n) + (7 * range * log) / (3 * (n - 1))
}

export const mean = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0) / values.length

export const variance = (values: ArrayLike<number>): number => {
  const centre = mean(values)
  return Array.from(values).reduce((sum, v) => sum + (v - centre) ** 2, 0) / (values.length - 1)
}

/** The share of the values for which a statement holds. */
export const share = (values: ArrayLike<number>, holds: (value: number) => boolean): number =>
  Array.from(values).filter(holds).length / values.length
