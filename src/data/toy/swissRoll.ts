import { split } from '../../random/key.js'
import { normal } from '../../random/normal.js'
import { uniform } from '../../random/uniform.js'
import type { KnownDensity } from '../density.js'
import { type Curve, noisyCurve } from './noisyCurve.js'
import { plane } from './plane.js'

const sigma = 1 / 5
const end = 4.5 * Math.PI
const spiral: Curve = {
  from: 1.5 * Math.PI,
  to: end,
  x: t => (t * Math.cos(t)) / 5,
  y: t => (t * Math.sin(t)) / 5,
  reach: end / 5,
  speed: Math.sqrt(1 + end * end) / 5,
  acceleration: Math.sqrt(4 + end * end) / 5
}
const logNoisySpiral = noisyCurve(spiral, sigma)

/** The spiral (t cos t, t sin t), t uniform on (1.5 pi, 4.5 pi), noise 1, all divided by 5. */
export const swissRoll: KnownDensity = {
  name: 'swissroll',
  description: 'one noisy spiral arm',
  dimension: 2,
  sample: key => count => {
    const [angleKey, noiseKey] = split(key)
    const uniforms = uniform(angleKey)(count)
    const noise = normal(noiseKey)(2 * count)
    return plane(count)(i => {
      const t = 1.5 * Math.PI * (1 + 2 * (uniforms[i] as number))
      return [spiral.x(t) + sigma * (noise[2 * i] as number), spiral.y(t) + sigma * (noise[2 * i + 1] as number)]
    })
  },
  logDensity: point => logNoisySpiral(point[0] as number, point[1] as number),
  entropy: { nats: 2.66964617, plusMinus: 1e-8 }
}
