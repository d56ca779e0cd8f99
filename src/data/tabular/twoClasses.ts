import { type Key, split } from '../../random/key.js'
import { normal } from '../../random/normal.js'
import { rademacher } from '../../random/rademacher.js'
import { logMixture, logNormal } from '../numerics/normalInterval.js'
import type { Points } from '../points.js'

/** A Gaussian with the same mean and deviation in every coordinate, coordinates independent. */
export interface IsotropicGaussian {
  readonly mean: number
  readonly deviation: number
}

/** Draws of one of two Gaussians with equal probability. */
export const sampleTwoClasses =
  (dimension: number, first: IsotropicGaussian, second: IsotropicGaussian) =>
  (key: Key) =>
  (count: number): Points => {
    const [classKey, noiseKey] = split(key)
    const signs = rademacher(classKey)(count)
    const values = normal(noiseKey)(count * dimension)
    for (let i = 0; i < values.length; i++) {
      const { mean, deviation } = signs[Math.floor(i / dimension)] === 1 ? first : second
      values[i] = mean + deviation * (values[i] as number)
    }
    return { rows: count, columns: dimension, values }
  }

const logIsotropic = (x: ArrayLike<number>, { mean, deviation }: IsotropicGaussian): number => {
  let log = 0
  for (let i = 0; i < x.length; i++) log += logNormal(((x[i] as number) - mean) / deviation)
  return log - x.length * Math.log(deviation)
}

/** The log-density of that mixture, nats. */
export const logTwoClasses =
  (first: IsotropicGaussian, second: IsotropicGaussian) =>
  (x: ArrayLike<number>): number =>
    logMixture([logIsotropic(x, first), logIsotropic(x, second)])
