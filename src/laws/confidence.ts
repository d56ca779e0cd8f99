import { type ConfidenceState, observed, unseen } from '../random/confidenceSequence.js'

/** What is known of a mean after some draws. */
export type MeanInterval = Omit<ConfidenceState, 'sums'>

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

/** The confidence sequence of draws, until `decided` says that it knows enough. */
export const meanInterval = async (
  draws: (count: number) => ArrayLike<number> | Promise<ArrayLike<number>>,
  { bound, errorRate = usualErrorRate, limit = 1_000_000 }: ConfidenceOptions,
  decided: (interval: MeanInterval) => boolean
): Promise<MeanInterval> => {
  const more = observed({ bound, errorRate })
  let state = unseen(bound)
  while (state.draws < limit) {
    state = more(state, await draws(pace))
    if (state.beyond !== undefined || decided(state)) return state
  }
  return state
}
