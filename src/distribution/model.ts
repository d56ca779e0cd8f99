import type { Architecture } from '../flow/architecture.js'

/** A fitted flow: all that density, latents and samples need. */
export interface Model {
  readonly architecture: Architecture
  /** Weights as used, flat as `layoutOf(architecture)` says. */
  readonly effective: Float64Array
  /** A certified upper bound of every weight's spectral norm, in the order of the layout's weights. */
  readonly norms: readonly number[]
  /** What was done to the data first: x -> (x - mean) / scale, by column; null if nothing. */
  readonly standardisation: { readonly mean: readonly number[]; readonly scale: readonly number[] } | null
  /**
   * Whether the weights come from elsewhere and are used exactly as they are, even where the certified bound of a net is
   * not below 1; then nothing proves that the flow is invertible, and root errors have no bound. Not so unless told.
   */
  readonly asGiven?: boolean | undefined
}

/** What a model says of a table of points; densities are in the units of the points as given. */
export interface Densities {
  /** Noise of every point, row-major [rows d]. */
  readonly latents: Float64Array
  /** ln p(x) in nats. */
  readonly logDensity: Float64Array
  /** First-order estimate of how far root errors and rounding move ln p(x), in nats; null if it was not asked for. */
  readonly logDensityErrorEstimate: Float64Array | null
  /** Bound of the distance from the true root, the largest over the blocks; Infinity where nothing is proved. */
  readonly rootErrorBound: Float64Array
  /** Largest number of solver steps over the blocks. */
  readonly solverSteps: Float64Array
  readonly converged: readonly boolean[]
}
