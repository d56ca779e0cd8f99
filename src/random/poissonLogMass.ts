/** ln k! - (k ln k - k + ln(2 pi k) / 2), by Stirling's series; error below 1e-16 for k >= 16. */
const stirlingError = (k: number): number => {
  const s = 1 / (k * k)
  return (1 / 12 - s * (1 / 360 - s * (1 / 1260 - s * (1 / 1680 - s / 1188)))) / k
}

const logFactorial = (k: number): number => {
  let factorial = 1
  for (let i = 2; i <= k; i++) factorial *= i
  return Math.log(factorial)
}

/**
 * ln P(N = k) of a Poisson number, nats, without the cancellation of k ln mean - mean - ln k! at large means.
 * formula  -(mean h(t) + ln(2 pi k) / 2 + stirlingError(k)), h(t) = (1 + t) ln(1 + t) - t, t = (k - mean) / mean
 * assumptions  mean > 0, k a whole number >= 0
 * source   Loader, "Fast and accurate computation of binomial probabilities", 2000
 */
export const poissonLogMass =
  (mean: number) =>
  (k: number): number => {
    if (k < 16) return k * Math.log(mean) - mean - logFactorial(k)
    const t = (k - mean) / mean
    return -(mean * ((1 + t) * Math.log1p(t) - t) + Math.log(2 * Math.PI * k) / 2 + stirlingError(k))
  }
