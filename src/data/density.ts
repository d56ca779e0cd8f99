import type { Key } from '../random/key.js'
import type { Points } from './points.js'

/** A number in nats, and how far off it may be. */
export interface Estimate {
  readonly nats: number
  readonly plusMinus: number
}

/** A distribution to learn: always a sampler; where one exists, the exact density and its entropy. */
export interface Density {
  readonly name: string
  readonly description: string
  readonly dimension: number
  /** Independent points; the i-th depends on the key and i only. */
  readonly sample: (key: Key) => (count: number) => Points
  /** ln of the exact density at a point of `dimension` coordinates, nats, float64; -Infinity outside of the support. */
  readonly logDensity: ((x: ArrayLike<number>) => number) | null
  /** Differential entropy: no model's mean negative log-likelihood can be lower. */
  readonly entropy: Estimate | null
}

/** A density that is known exactly. */
export interface KnownDensity extends Density {
  readonly logDensity: (x: ArrayLike<number>) => number
  readonly entropy: Estimate
}
