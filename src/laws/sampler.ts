import { usualErrorRate } from './confidence.js'
import { decidedLaw, type Law } from './law.js'

/** Anyone's sampler of a distribution on the line. */
export interface NumberSampler {
  readonly name: string
  /** The first `count` draws of a seed. */
  readonly draws: (seed: number, count: number) => ArrayLike<number> | Promise<ArrayLike<number>>
  /** P(X <= x). */
  readonly cumulative: (x: number) => number
  /** Draws to look at; 40,000 unless told, which see a difference of 0.016 in the distribution function. */
  readonly count?: number
}

/** P(X < x), up to what lies between neighbouring numbers. */
const below = (cumulative: (x: number) => number, x: number): number =>
  cumulative(x - Math.abs(x) * 2 ** -50 - 2 ** -1000)

/** Largest difference between the distribution function and that of the draws. */
const distance = (cumulative: (x: number) => number, draws: readonly number[]): number => {
  const sorted = [...draws].sort((a, b) => a - b)
  const n = sorted.length
  let worst = 0
  for (let i = 0; i < n; ) {
    const x = sorted[i] as number
    let end = i
    while (end < n && sorted[end] === x) end++
    worst = Math.max(worst, Math.abs(cumulative(x) - end / n), Math.abs(below(cumulative, x) - i / n))
    i = Math.max(end, i + 1)
  }
  return worst
}

/**
 * The laws of a sampler: draws follow the distribution function (Dvoretzky, Kiefer, Wolfowitz, with Massart's constant),
 * neighbours are uncorrelated after the distribution function has made them uniform (Hoeffding), and a seed repeats. The
 * error rate of each is 1e-8; no z-test.
 */
export const sampler = ({ name, draws, cumulative, count = 40_000 }: NumberSampler): readonly Law[] => [
  decidedLaw(`${name}: its draws follow the distribution`, async (seed, effort) => {
    const looked = Math.ceil(count * effort)
    const worst = distance(cumulative, Array.from(await draws(seed, looked)))
    const allowed = Math.sqrt(Math.log(2 / usualErrorRate) / (2 * looked))
    return worst <= allowed ? { looked } : { looked, why: `${worst} off; allowed ${allowed}` }
  }),
  decidedLaw(`${name}: neighbouring draws are uncorrelated`, async (seed, effort) => {
    const looked = Math.ceil(count * effort)
    const x = Array.from(await draws(seed, looked))
    const u = x.map(xi => (cumulative(xi) + below(cumulative, xi)) / 2 - 0.5)
    const pairs = Math.floor(looked / 2)
    let sum = 0
    for (let i = 0; i < pairs; i++) sum += (u[2 * i] as number) * (u[2 * i + 1] as number)
    const allowed = 0.5 * Math.sqrt(Math.log(2 / usualErrorRate) / (2 * pairs))
    const mean = Math.abs(sum / pairs)
    return mean <= allowed ? { looked } : { looked, why: `mean product ${mean}; allowed ${allowed}` }
  }),
  decidedLaw(`${name}: a seed gives the same draws again, and more draws begin with the fewer`, async seed => {
    const [all, again, fewer] = [await draws(seed, 50), await draws(seed, 50), await draws(seed, 13)]
    const differs = Array.from(all).findIndex((x, i) => !Object.is(x, again[i]) || (i < 13 && !Object.is(x, fewer[i])))
    return differs < 0
      ? { looked: 50 }
      : { looked: 50, why: `draw ${differs} is ${all[differs]} and ${again[differs]}` }
  })
]
