import { describe } from 'vitest'
import { erfc } from '../../src/data/numerics/normalInterval.js'
import { power } from '../../src/laws/estimator.js'
import { type NumberSampler, sampler } from '../../src/laws/sampler.js'
import { geometric } from '../../src/random/geometric.js'
import { fromSeed, type Key } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'
import { poisson } from '../../src/random/poisson.js'
import { rademacher } from '../../src/random/rademacher.js'
import { uniform } from '../../src/random/uniform.js'
import { run } from '../support/law.js'

const of = (
  name: string,
  draw: (key: Key) => (count: number) => ArrayLike<number>,
  cumulative: (x: number) => number
): NumberSampler => ({ name, cumulative, draws: (seed, count) => draw(fromSeed(seed))(count) })

const normalBelow = (x: number): number => erfc(-x / Math.SQRT2) / 2
const geometricBelow = (x: number): number => (x < 1 ? 0 : 1 - 0.8 ** Math.floor(x))

/** P(X <= x) of a Poisson law of mean 3. */
const poissonBelow = (x: number): number => {
  let [sum, term] = [0, Math.exp(-3)]
  for (let k = 0; k <= Math.floor(x) && k < 100; k++) {
    sum += term
    term *= 3 / (k + 1)
  }
  return sum
}

describe('every sampler keeps the laws of samplers', () => {
  run(sampler(of('uniform', uniform, x => Math.min(1, Math.max(0, x)))))
  run(sampler(of('normal', normal, normalBelow)))
  run(sampler(of('random signs', rademacher, x => (x < -1 ? 0 : x < 1 ? 0.5 : 1))))
  run(sampler(of('geometric', geometric(0.8), geometricBelow)))
  run(sampler(of('Poisson', poisson(3), poissonBelow)))
})

describe('wrong samplers are seen', () => {
  const right = of('normal', normal, normalBelow)
  const changed = (f: (x: number, i: number, all: ArrayLike<number>) => number): NumberSampler => ({
    ...right,
    draws: (seed, count) => {
      const all = normal(fromSeed(seed))(count)
      return Array.from(all, (x, i) => f(x, i, all))
    }
  })
  run(
    power(sampler, right, {
      'a standard deviation of 1.1': changed(x => 1.1 * x),
      'a mean of 0.05': changed(x => x + 0.05),
      'every second draw is the one before': changed((x, i, all) => (i % 2 === 0 ? x : (all[i - 1] as number)))
    })
  )
})
