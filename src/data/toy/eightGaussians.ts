import { integer } from '../../random/integer.js'
import { split } from '../../random/key.js'
import { normal } from '../../random/normal.js'
import type { KnownDensity } from '../density.js'
import { logMixture } from '../numerics/normalInterval.js'
import { plane } from './plane.js'

// biome-ignore lint/suspicious/noApproximativeNumericConstant: the authors' number, not the square root of 2
const shrink = 1.414
const sigma = 0.5 / shrink
const centres = Array.from({ length: 8 }, (_, k) => {
  const angle = (k * Math.PI) / 4
  return { x: (4 * Math.cos(angle)) / shrink, y: (4 * Math.sin(angle)) / shrink }
})

/** Eight Gaussians of equal weight on a circle of radius 4, deviation 0.5, all divided by 1.414. */
export const eightGaussians: KnownDensity = {
  name: '8gaussians',
  description: 'eight Gaussians around a circle',
  dimension: 2,
  sample: key => count => {
    const [centreKey, noiseKey] = split(key)
    const chosen = integer(8)(centreKey)(count)
    const noise = normal(noiseKey)(2 * count)
    return plane(count)(i => {
      const { x, y } = centres[chosen[i] as number] as { x: number; y: number }
      return [x + sigma * (noise[2 * i] as number), y + sigma * (noise[2 * i + 1] as number)]
    })
  },
  logDensity: point => {
    const terms = centres.map(
      ({ x, y }) => -(((point[0] as number) - x) ** 2 + ((point[1] as number) - y) ** 2) / (2 * sigma * sigma)
    )
    return logMixture(terms) - Math.log(2 * Math.PI * sigma * sigma)
  },
  entropy: { nats: 2.83188041, plusMinus: 1e-8 }
}
