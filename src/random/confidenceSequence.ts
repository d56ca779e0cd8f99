/** What a confidence sequence has seen of draws scaled to [0, 1], and where it knows their mean to be. */
export interface ConfidenceState {
  readonly draws: number
  /** The mean lies in [low, high], in the units of the draws, at the error rate declared. */
  readonly low: number
  readonly high: number
  /** A draw beyond the bound that was claimed, if there was one: then nothing else holds. */
  readonly beyond?: number
  /** Sums of the method: lambda, lambda y, the penalty, y, and squared deviations. */
  readonly sums: readonly [weights: number, weighted: number, penalty: number, sum: number, squares: number]
}

/** Before the first draw, of draws in [-bound, bound]. */
export const unseen = (bound: number): ConfidenceState => ({
  draws: 0,
  low: -bound,
  high: bound,
  sums: [0, 0, 0, 0.5, 0.25]
})

/**
 * A confidence sequence for the mean of bounded draws, after some more of them: its intervals all hold at once with the
 * probability declared, whenever one stops looking, and nothing is assumed of the draws but their bound.
 * Predictable plug-in empirical Bernstein: with y in [0, 1] the scaled draw, m and s^2 running mean and variance of those
 * before it, lambda_t = min(1/2, sqrt(2 l / (s^2 t ln(1 + t)))), l = ln(2 / rate), the mean of y lies within
 * (l + sum 4 (y - m)^2 psi(lambda)) / sum lambda of sum lambda y / sum lambda, psi(lambda) = (-ln(1 - lambda) - lambda) / 4.
 * Source: Waudby-Smith, Ramdas 2024, theorem 2.
 * @param bound claimed: every draw lies in [-bound, bound]
 * @param errorRate probability that the sequence ever misses the mean
 */
export const observed =
  ({ bound, errorRate }: { readonly bound: number; readonly errorRate: number }) =>
  (state: ConfidenceState, block: ArrayLike<number>): ConfidenceState => {
    const log = Math.log(2 / errorRate)
    let count = state.draws
    let [weights, weighted, penalty, sum, squares] = state.sums
    for (let i = 0; i < block.length; i++) {
      const x = block[i] as number
      if (!(Math.abs(x) <= bound * (1 + 2 ** -40))) return { ...state, draws: count + 1, beyond: x }
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
    const inUnits = (y: number): number => (2 * y - 1) * bound
    return {
      draws: count,
      low: Math.max(state.low, inUnits(weighted / weights - radius)),
      high: Math.min(state.high, inUnits(weighted / weights + radius)),
      sums: [weights, weighted, penalty, sum, squares]
    }
  }
