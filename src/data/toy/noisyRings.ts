import { integer } from '../../random/integer.js'
import type { Key } from '../../random/key.js'
import { split } from '../../random/key.js'
import { normal } from '../../random/normal.js'
import { uniform } from '../../random/uniform.js'
import { logScaledBesselI0 } from '../numerics/besselI0.js'
import { logMixture } from '../numerics/normalInterval.js'
import type { Points } from '../points.js'
import { plane } from './plane.js'

/** Draws of: one of the radii with equal probability, uniform angle, plus sigma (n, n'). */
export const sampleNoisyRings =
  (radii: ReadonlyArray<number>, sigma: number) =>
  (key: Key) =>
  (count: number): Points => {
    const [radiusKey, angleKey, noiseKey] = split(key, 3)
    const chosen = integer(radii.length)(radiusKey)(count)
    const angles = uniform(angleKey)(count)
    const noise = normal(noiseKey)(2 * count)
    return plane(count)(i => {
      const radius = radii[chosen[i] as number] as number
      const angle = 2 * Math.PI * (angles[i] as number)
      return [
        radius * Math.cos(angle) + sigma * (noise[2 * i] as number),
        radius * Math.sin(angle) + sigma * (noise[2 * i + 1] as number)
      ]
    })
  }

/**
 * Its log-density, nats.
 * formula  a ring: exp(-(r - R)^2 / (2 s^2)) exp(-z) I0(z) / (2 pi s^2), r = |(x, y)|, z = r R / s^2
 */
export const logNoisyRings =
  (radii: ReadonlyArray<number>, sigma: number) =>
  (point: ArrayLike<number>): number => {
    const r = Math.hypot(point[0] as number, point[1] as number)
    const variance = sigma * sigma
    const terms = radii.map(radius => logScaledBesselI0((r * radius) / variance) - (r - radius) ** 2 / (2 * variance))
    return logMixture(terms) - Math.log(2 * Math.PI * variance)
  }
