import type { KnownDensity } from '../density.js'
import { logNoisyRings, sampleNoisyRings } from './noisyRings.js'

const radii = [3, 2.25, 1.5, 0.75]
const sigma = 0.08

/** Four concentric rings of equal weight, noise 0.08. */
export const rings: KnownDensity = {
  name: 'rings',
  description: 'four concentric noisy rings of radius 0.75 to 3',
  dimension: 2,
  sample: sampleNoisyRings(radii, sigma),
  logDensity: logNoisyRings(radii, sigma),
  entropy: { nats: 2.62318277, plusMinus: 1e-8 }
}
