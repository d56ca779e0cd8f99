import { split } from '../../random/key.js'
import { normal } from '../../random/normal.js'
import { rademacher } from '../../random/rademacher.js'
import { uniform } from '../../random/uniform.js'
import type { KnownDensity } from '../density.js'
import { logMixture } from '../numerics/normalInterval.js'
import { type Curve, noisyCurve } from './noisyCurve.js'
import { plane } from './plane.js'

const sigma = 2 * 0.1
const common = { from: 0, to: Math.PI, reach: 3.5, speed: 2, acceleration: 2 }
const upper: Curve = { ...common, x: t => 2 * Math.cos(t) - 1, y: t => 2 * Math.sin(t) - 0.2 }
const lower: Curve = { ...common, x: t => 1 - 2 * Math.cos(t), y: t => 0.8 - 2 * Math.sin(t) }
const logUpper = noisyCurve(upper, sigma)
const logLower = noisyCurve(lower, sigma)

/** Two interleaved half circles of equal weight, noise 0.1, times 2 plus (-1, -0.2). */
export const moons: KnownDensity = {
  name: 'moons',
  description: 'two interleaved noisy half circles',
  dimension: 2,
  sample: key => count => {
    const [sideKey, angleKey, noiseKey] = split(key, 3)
    const sides = rademacher(sideKey)(count)
    const angles = uniform(angleKey)(count)
    const noise = normal(noiseKey)(2 * count)
    return plane(count)(i => {
      const curve = sides[i] === 1 ? upper : lower
      const t = Math.PI * (angles[i] as number)
      return [curve.x(t) + sigma * (noise[2 * i] as number), curve.y(t) + sigma * (noise[2 * i + 1] as number)]
    })
  },
  logDensity: point => {
    const [x, y] = [point[0] as number, point[1] as number]
    return logMixture([logUpper(x, y), logLower(x, y)])
  },
  entropy: { nats: 2.3938792, plusMinus: 1e-8 }
}
