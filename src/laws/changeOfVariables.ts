import { fromSeed } from '../random/key.js'
import { normal } from '../random/normal.js'
import { type MeanInterval, meanInterval } from './confidence.js'
import { blockSeed } from './estimator.js'
import { errorOf, logDetErrorOf, type NumberFlow } from './flow.js'
import { decidedLaw, type Law } from './law.js'
import { distanceOf, lengthOf } from './matrix.js'
import { type Wave, waves } from './waves.js'

/** A flow of which both Lipschitz constants are claimed: they bound its density by a normal one. */
export type StretchedFlow = NumberFlow & Required<Pick<NumberFlow, 'stretch'>>

/** The smallest difference of means that must be seen. */
const detectable = 0.1

/** The first is h = 1: the integral of p. */
const functions = (dimension: number): readonly (readonly [string, Wave])[] => [
  ['h = 1', () => 1],
  ...waves(dimension).map((wave, k) => [`wave ${k}`, wave] as const)
]

/** A point x of the proposal with p(x) / q(x), and what the inverse makes of noise; how far h may be off at both. */
interface Pair {
  readonly x: readonly number[]
  readonly weight: number
  readonly sample: readonly number[]
  readonly error: number
}

/**
 * Pairs of draws for a flow. The proposal q is the normal law around f^-1(0) whose standard deviation is Lip(f^-1): as
 * |f(x)| >= |x - f^-1(0)| / Lip(f^-1) and det J <= Lip(f)^d, p / q <= (Lip(f) Lip(f^-1))^d everywhere.
 */
const pairsOf = async ({ forward, inverse, stretch, dimension: d, ...rest }: StretchedFlow, seed: number) => {
  const flow = { forward, inverse, dimension: d, ...rest }
  const zeros = Array.from({ length: d }, () => 0)
  const centre = Array.from((await inverse(zeros)).value)
  const blocks: (readonly Pair[])[] = []
  return async (index: number, count: number): Promise<readonly Pair[]> => {
    if (blocks[index] !== undefined) return blocks[index]
    const noise = Array.from(normal(fromSeed(blockSeed(seed, index)))(2 * d * count))
    const made: Pair[] = []
    for (let i = 0; i < count; i++) {
      const [n, z] = [noise.slice(2 * i * d, (2 * i + 1) * d), noise.slice((2 * i + 1) * d, 2 * (i + 1) * d)]
      const x = n.map((nj, j) => (centre[j] as number) + stretch.inverse * nj)
      const image = await forward(x)
      const size = distanceOf(image.value, zeros)
      const log = (lengthOf(n) ** 2 - size ** 2) / 2 + (image.logDet ?? 0) + d * Math.log(stretch.inverse)
      const back = await inverse(z)
      const off = errorOf(flow, image)
      const error =
        Math.exp(log) * Math.expm1(logDetErrorOf(flow, image) + off * (size + off)) + 2 * errorOf(flow, back)
      made.push({ x, weight: Math.exp(log), sample: Array.from(back.value), error })
    }
    blocks[index] = made
    return made
  }
}

/**
 * The change of variables, seen by importance sampling: for bounded h the mean of h(x) p(x) / q(x) over a proposal q is the
 * mean of h(f^-1(z)) over normal z, p(x) = N(f(x)) |det J(x)|. With h = 1 it says that the integral of p is 1. A wrong sign,
 * a lost term or a wrong inverse breaks it. By a confidence sequence for the mean of the differences, at an error rate of
 * 1e-8 for each h, without an assumption on the draws but their bound, which the constants claimed for the flow imply.
 */
export const changeOfVariables = (flow: StretchedFlow): readonly Law[] => [
  decidedLaw(`${flow.name}: h p / q over a proposal q has the mean of h over its samples`, async (seed, effort) => {
    const bound = 1.01 * (flow.stretch.forward * flow.stretch.inverse) ** flow.dimension + 1
    const pairs = await pairsOf(flow, seed)
    let looked = 0
    for (const [name, h] of functions(flow.dimension)) {
      let [index, slack] = [0, 0]
      const draws = async (count: number): Promise<readonly number[]> => {
        const block = await pairs(index++, count)
        slack = block.reduce((most, { error }) => Math.max(most, error), slack)
        return block.map(({ x, weight, sample }) => h(x) * weight - h(sample))
      }
      const apart = ({ low, high }: MeanInterval): boolean => low > slack || high < -slack
      const narrow = ({ low, high }: MeanInterval): boolean => (high - low) / 2 < detectable / Math.sqrt(effort)
      const found = await meanInterval(
        draws,
        { bound, limit: 100_000 * effort },
        interval => apart(interval) || narrow(interval)
      )
      looked = Math.max(looked, found.draws)
      if (found.beyond !== undefined)
        return { looked, why: `${name}: draw ${found.draws} is ${found.beyond}; the constants claimed imply ${bound}` }
      const between = `[${found.low}, ${found.high}]`
      if (apart(found)) return { looked, why: `${name}: the means differ by a number in ${between}, to be 0` }
      if (!narrow(found)) return { looked, why: `not decided for ${name}: the means differ by a number in ${between}` }
      if (!(slack < detectable)) return { looked, why: `the errors claimed leave ${slack} open, too much to decide` }
    }
    return { looked }
  })
]
