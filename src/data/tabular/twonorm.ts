import { fromOptimum, type TabularDensity } from './tabularDensity.js'
import { logTwoClasses, sampleTwoClasses } from './twoClasses.js'

const dimension = 20
const right = { mean: 2 / Math.sqrt(dimension), deviation: 1 }
const left = { mean: -right.mean, deviation: 1 }

/** Breiman's twonorm: mean +-2 / sqrt(20) in every coordinate with equal probability, unit covariance. */
export const twonorm: TabularDensity = {
  name: 'twonorm',
  description: 'two Gaussians of unit covariance in 20 dimensions',
  dimension,
  sample: sampleTwoClasses(dimension, right, left),
  logDensity: logTwoClasses(right, left),
  gaussianScore: -29.2,
  ...fromOptimum({ nats: -29.004, plusMinus: 0.006 })
}
