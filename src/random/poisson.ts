import { defect } from '../prelude/defect.js'
import type { Key } from './key.js'
import { poissonLogMass } from './poissonLogMass.js'
import { attemptUniform } from './uniform.js'

/** Factors of a product of uniforms before it falls below exp(-mean). Source: Knuth, The Art of Computer Programming 2, 3.4.1. */
const byProduct = (mean: number) => {
  const floor = Math.exp(-mean)
  return (key: Key, draw: number): number => {
    let product = attemptUniform(key, draw, 0)
    let k = 0
    while (product > floor) product *= attemptUniform(key, draw, ++k)
    return k
  }
}

/** Transformed rejection with squeeze (PTRS), mean >= 10; about 1.1 attempts a draw. Source: Hörmann 1993. */
const byRejection = (mean: number) => {
  const logMass = poissonLogMass(mean)
  const b = 0.931 + 2.53 * Math.sqrt(mean)
  const a = -0.059 + 0.02483 * b
  const inverseAlpha = 1.1239 + 1.1328 / (b - 3.4)
  const squeeze = 0.9277 - 3.6224 / (b - 2)
  return (key: Key, draw: number): number => {
    for (let attempt = 0; ; attempt += 2) {
      const u = attemptUniform(key, draw, attempt) - 0.5
      const v = attemptUniform(key, draw, attempt + 1)
      const edge = 0.5 - Math.abs(u)
      const k = Math.floor(((2 * a) / edge + b) * u + mean + 0.43)
      if (edge >= 0.07 && v <= squeeze) return k
      if (k < 0 || (edge < 0.013 && v > edge)) continue
      if (Math.log((v * inverseAlpha) / (a / (edge * edge) + b)) <= logMass(k)) return k
    }
  }
}

/**
 * Poisson draws, whole numbers, exact up to rounding; draw i depends on the key and i only. The cost a draw does not grow
 * with the mean.
 * shape    key -> n -> [n]
 * assumptions  0 <= mean <= 2^50, else a defect
 */
export const poisson = (mean: number) => {
  if (!(mean >= 0 && mean <= 2 ** 50)) return defect(`poisson needs a mean from 0 to 2^50, not ${mean}`)
  const draw = mean < 10 ? byProduct(mean) : byRejection(mean)
  return (key: Key) =>
    (count: number): Float64Array =>
      Float64Array.from({ length: count }, (_, i) => draw(key, i))
}
