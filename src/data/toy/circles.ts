import type { KnownDensity } from '../density.js'
import { logNoisyRings, sampleNoisyRings } from './noisyRings.js'

const radii = [3, 1.5]
const sigma = 3 * 0.08

/** Two concentric circles of equal weight: radius 1 and 0.5, noise 0.08, all times 3. */
export const circles: KnownDensity = {
  name: 'circles',
  description: 'two concentric noisy circles of radius 1.5 and 3',
  dimension: 2,
  sample: sampleNoisyRings(radii, sigma),
  logDensity: logNoisyRings(radii, sigma),
  entropy: { nats: 3.26813571, plusMinus: 1e-8 }
}
