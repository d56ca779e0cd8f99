import { split } from '../../random/key.js'
import { normal } from '../../random/normal.js'
import { rademacher } from '../../random/rademacher.js'
import { uniform } from '../../random/uniform.js'
import type { KnownDensity } from '../density.js'
import { logIntegral } from '../numerics/logIntegral.js'
import { logMixture, logNormalInterval } from '../numerics/normalInterval.js'
import { type Curve, smoothWidth } from './noisyCurve.js'
import { plane } from './plane.js'

const sigma = 0.1
/** Side of the box of uniform noise. */
const side = 0.5 / 3
const end = 3 * Math.PI
const arm: Curve = {
  from: 0,
  to: end,
  x: r => (-r * Math.cos(r)) / 3,
  y: r => (r * Math.sin(r)) / 3,
  reach: end / 3 + side,
  speed: Math.sqrt(1 + end * end) / 3,
  acceleration: Math.sqrt(4 + end * end) / 3
}

/** ln of the density at e of side u + sigma n, u uniform on (0, 1). */
const logBox = (e: number): number => logNormalInterval((e - side) / sigma, e / sigma) - Math.log(side)
const beyondBox = (e: number): number => Math.max(0, -e, e - side)

/** One arm: the integral over r of the density of r, 2 r / end^2, times the noise in closed form. */
const logArm = (x: number, y: number): number =>
  logIntegral({
    from: 0,
    to: end,
    width: smoothWidth(arm, sigma, x, y),
    log: r => Math.log((2 * r) / (end * end)) + logBox(x - arm.x(r)) + logBox(y - arm.y(r)),
    bound: (middle, half) => {
      const distance = Math.sqrt(beyondBox(x - arm.x(middle)) ** 2 + beyondBox(y - arm.y(middle)) ** 2)
      const nearest = Math.max(0, distance - arm.speed * half) / sigma
      return Math.log(2 / end) - 2 * Math.log(side) - (nearest * nearest) / 2
    }
  })

/** Two spiral arms, each the other turned by 180 degrees: r = 3 pi sqrt(u), box noise 0.5, all over 3, noise 0.1. */
export const twoSpirals: KnownDensity = {
  name: '2spirals',
  description: 'two intertwined noisy spiral arms',
  dimension: 2,
  sample: key => count => {
    const [signKey, radiusKey, boxKey, noiseKey] = split(key, 4)
    const signs = rademacher(signKey)(count)
    const uniforms = uniform(radiusKey)(count)
    const box = uniform(boxKey)(2 * count)
    const noise = normal(noiseKey)(2 * count)
    return plane(count)(i => {
      const s = signs[i] as number
      const r = end * Math.sqrt(uniforms[i] as number)
      return [
        s * (arm.x(r) + side * (box[2 * i] as number)) + sigma * (noise[2 * i] as number),
        s * (arm.y(r) + side * (box[2 * i + 1] as number)) + sigma * (noise[2 * i + 1] as number)
      ]
    })
  },
  logDensity: point => {
    const [x, y] = [point[0] as number, point[1] as number]
    return logMixture([logArm(x, y), logArm(-x, -y)])
  },
  entropy: { nats: 2.64545028, plusMinus: 1e-8 }
}
