import { logSumExp } from './logSumExp.js'

const step = 0.5
const nodes = Float64Array.from({ length: 12 }, (_, k) => ((k + 0.5) * step) ** 2)
const weights = nodes.map(square => Math.exp(-square))

/**
 * exp(x^2) erfc(x) for x >= 0, relative error below 1e-14: the trapezium rule for its integral, corrected for the pole.
 * source   Hunter, Regan, "A note on the evaluation of the complementary error function", Math. Comp. 26, 1972
 */
export const scaledErfc = (x: number): number => {
  let sum = 0
  for (let k = 0; k < nodes.length; k++) sum += (weights[k] as number) / ((nodes[k] as number) + x * x)
  const pole = x < Math.PI / step ? (2 * Math.exp(x * x)) / (1 + Math.exp((2 * Math.PI * x) / step)) : 0
  return ((2 * step * x) / Math.PI) * sum + pole
}

/** The complementary error function, any real argument. */
export const erfc = (x: number): number => (x < 0 ? 2 - erfc(-x) : Math.exp(-x * x) * scaledErfc(x))

/**
 * ln(Phi(high) - Phi(low)), the log-probability that a standard normal lies between: precise in the tails too.
 * assumptions  low < high, not closer than about 1e-3 (else digits cancel)
 */
export const logNormalInterval = (low: number, high: number): number => {
  if (low + high < 0) return logNormalInterval(-high, -low)
  if (low === Number.POSITIVE_INFINITY) return Number.NEGATIVE_INFINITY
  const a = low / Math.SQRT2
  const b = high / Math.SQRT2
  if (a < 0) return Math.log((erfc(a) - erfc(b)) / 2)
  return Math.log((scaledErfc(a) - Math.exp((a - b) * (a + b)) * scaledErfc(b)) / 2) - a * a
}

/** ln of the standard normal density, nats. */
export const logNormal = (z: number): number => -(z * z) / 2 - Math.log(2 * Math.PI) / 2

/** ln of the mean of exp(term): an equal mixture of the densities whose logarithms are given, nats. */
export const logMixture = (terms: ReadonlyArray<number>): number => logSumExp(terms) - Math.log(terms.length)
