/** What is known of a mean after some draws. */
export interface MeanInterval {
  readonly draws: number
  /** The mean lies in [low, high], at the error rate declared. */
  readonly low: number
  readonly high: number
  /** A draw beyond the bound that was claimed, if there was one: then nothing else holds. */
  readonly beyond?: number
}

/** How a mean is to be enclosed. */
export interface ConfidenceOptions {
  /** Claimed: every draw lies in [-bound, bound]. */
  readonly bound: number
  /** Probability that the sequence ever misses the mean; 1e-8 unless told, so that fifty checks stay below 1e-6. */
  readonly errorRate?: number
  /** Most draws; 1,000,000 unless told. */
  readonly limit?: number
}

/** Error rate of a statistical law. */
export const usualErrorRate = 1e-8

/** How often the interval is looked at, in draws. */
const pace = 256

/**
 * A confidence sequence for the mean of bounded draws: its intervals all hold at once with the probability declared,
 * whenever one stops looking, and nothing is assumed of the draws but their bound. It stops when `decided` says so.
 * Predictable plug-in empirical Bernstein: with y in [0, 1] the scaled draw, m and s^2 running mean and variance of those
 * before it, lambda_t = min(1/2, sqrt(2 l / (s^2 t ln(1 + t)))), l = ln(2 / rate), the mean of y lies within
 * (l + sum 4 (y - m)^2 psi(lambda)) / sum lambda of sum lambda y / sum lambda, psi(lambda) = (-ln(1 - lambda) - lambda) / 4.
 * Source: Waudby-Smith, Ramdas 2024, theorem 2.
 */
export const meanInterval = async (
  draws: (count: number) => ArrayLike<number> | Promise<ArrayLike<number>>,
  { bound, errorRate = usualErrorRate, limit = 1_000_000 }: ConfidenceOptions,
  decided: (interval: MeanInterval) => boolean
): Promise<MeanInterval> => {
  const log = Math.log(2 / errorRate)
  let [low, high, count] = [0, 1, 0]
  let [weights, weighted, penalty] = [0, 0, 0]
  let [sum, squares] = [0.5, 0.25]
  const now = (): MeanInterval => ({ draws: count, low: (2 * low - 1) * bound, high: (2 * high - 1) * bound })
  while (count < limit) {
    const block = await draws(pace)
    for (let i = 0; i < block.length; i++) {
      const x = block[i] as number
      if (!(Math.abs(x) <= bound * (1 + 2 ** -40))) return { ...now(), draws: count + 1, beyond: x }
      const y = (x / bound + 1) / 2
      const t = count + 1
      const mean = sum / t
      const lambda = Math.min(0.5, Math.sqrt((2 * log) / ((squares / t) * t * Math.log(1 + t))))
      weights += lambda
      weighted += lambda * y
      penalty += 4 * (y - mean) ** 2 * ((-Math.log1p(-lambda) - lambda) / 4)
      sum += y
      squares += (y - sum / (t + 1)) ** 2
      count = t
    }
    const radius = (log + penalty) / weights
    low = Math.max(low, weighted / weights - radius)
    high = Math.min(high, weighted / weights + radius)
    if (decided(now())) return now()
  }
  return now()
}
