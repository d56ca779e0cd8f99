import { fromOptimum, type TabularDensity } from './tabularDensity.js'
import { logTwoClasses, sampleTwoClasses } from './twoClasses.js'

const dimension = 20
const wide = { mean: 0, deviation: 2 }
const narrow = { mean: 1 / Math.sqrt(dimension), deviation: 1 }

/** Breiman's ringnorm: N(0, 4 I) or mean 1 / sqrt(20) in every coordinate and unit covariance, with equal probability. */
export const ringnorm: TabularDensity = {
  name: 'ringnorm',
  description: 'a narrow Gaussian inside of a wide one in 20 dimensions',
  dimension,
  sample: sampleTwoClasses(dimension, wide, narrow),
  logDensity: logTwoClasses(wide, narrow),
  gaussianScore: -37.54,
  ...fromOptimum({ nats: -35.95, plusMinus: 0.014 })
}
