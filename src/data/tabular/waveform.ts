import { integer } from '../../random/integer.js'
import { split } from '../../random/key.js'
import { normal } from '../../random/normal.js'
import { uniform } from '../../random/uniform.js'
import { logMixture, logNormalInterval } from '../numerics/normalInterval.js'
import { fromOptimum, type TabularDensity } from './tabularDensity.js'

const dimension = 21

/** A triangle of height 6 around coordinate k; coordinates count from 1. */
const triangle = (k: number): Float64Array =>
  Float64Array.from({ length: dimension }, (_, i) => Math.max(6 - Math.abs(i + 1 - k), 0))

/** Where a class begins (u = 0) and where it goes from there (to u = 1). */
const segment = (p: Float64Array, q: Float64Array) => {
  const direction = p.map((end, i) => end - (q[i] as number))
  return { start: q, direction, length: Math.sqrt(direction.reduce((sum, v) => sum + v * v, 0)) }
}
const [first, second, third] = [triangle(11), triangle(15), triangle(7)]
const segments = [segment(first, second), segment(first, third), segment(second, third)]

/** ln of the density of start + u direction + n, u uniform on (0, 1), n standard normal: a line integral of a Gaussian. */
const logSegment = (x: ArrayLike<number>, { start, direction, length }: ReturnType<typeof segment>): number => {
  let along = 0
  let square = 0
  for (let i = 0; i < dimension; i++) {
    const offset = (x[i] as number) - (start[i] as number)
    along += (offset * (direction[i] as number)) / length
    square += offset * offset
  }
  const across = -(square - along * along + (dimension - 1) * Math.log(2 * Math.PI)) / 2
  return across + logNormalInterval(along - length, along) - Math.log(length)
}

/**
 * Breiman's waveform: x_i = u h_p(i) + (1 - u) h_q(i) + n_i, one of three pairs (p, q) of triangles with equal probability.
 * source   Breiman, Friedman, Olshen, Stone, Classification and Regression Trees, 1984
 */
export const waveform: TabularDensity = {
  name: 'waveform',
  description: 'random mixtures of two of three triangular waves, with noise, in 21 dimensions',
  dimension,
  sample: key => count => {
    const [classKey, mixKey, noiseKey] = split(key, 3)
    const classes = integer(3)(classKey)(count)
    const mix = uniform(mixKey)(count)
    const values = normal(noiseKey)(count * dimension)
    for (let row = 0; row < count; row++) {
      const { start, direction } = segments[classes[row] as number] as ReturnType<typeof segment>
      for (let i = 0; i < dimension; i++) {
        const clean = (start[i] as number) + (mix[row] as number) * (direction[i] as number)
        values[row * dimension + i] = clean + (values[row * dimension + i] as number)
      }
    }
    return { rows: count, columns: dimension, values }
  },
  logDensity: x => logMixture(segments.map(part => logSegment(x, part))),
  gaussianScore: -32.42,
  ...fromOptimum({ nats: -31.905, plusMinus: 0.006 })
}
