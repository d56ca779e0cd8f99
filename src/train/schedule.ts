/** Learning rate over a run: linear warm-up, then half a cosine down to nothing. */
export interface Schedule {
  readonly learningRate: number
  readonly warmup: number
}

/**
 * The learning rate at a time of the run.
 * Source: Loshchilov, Hutter 2017.
 * @param step from 0
 * @param progress share of the run that is done, 0 to 1: by steps or by time, whichever bounds the run
 */
export const learningRateAt = ({ learningRate, warmup }: Schedule, step: number, progress: number): number =>
  Math.min(1, (step + 1) / warmup) * learningRate * 0.5 * (1 + Math.cos(Math.PI * Math.min(1, progress)))

/** Decay of the weight average after t updates: short at first, so that the start is forgotten. */
export const averageDecay = (decay: number, t: number): number => Math.min(decay, (1 + t) / (10 + t))
