import { gaussLegendre } from '../data/numerics/gaussLegendre.js'
import { type MeanInterval, meanInterval } from './confidence.js'
import { blockSeed } from './estimator.js'
import { decidedLaw, type Law } from './law.js'
import { waves } from './waves.js'

/** Anyone's density in one or two dimensions, with its sampler if there is one. */
export interface NumberDensity {
  readonly name: string
  readonly dimension: 1 | 2
  /** ln p(x) in nats. */
  readonly logDensity: (x: readonly number[]) => number | Promise<number>
  /** Claimed: all but `tail` of the mass has coordinates from -box to box. */
  readonly box: number
  readonly tail: number
  /** Claimed: ln p is off by at most this. */
  readonly error: number
  /** The first `count` samples of a seed, one after another, flat. */
  readonly samples?: (seed: number, count: number) => ArrayLike<number> | Promise<ArrayLike<number>>
  /** Panels of the quadrature a side; 128 in one dimension and 24 in two unless told. More for a steep density. */
  readonly panels?: number
}

/** A point of a quadrature, its weight, and the density there. */
interface Node {
  readonly x: readonly number[]
  readonly mass: number
}

const nodesOf = async ({ dimension, logDensity, box }: NumberDensity, panels: number): Promise<readonly Node[]> => {
  const { nodes, weights } = gaussLegendre(6)
  const half = box / panels
  const line = Array.from({ length: panels }, (_, k) => -box + (2 * k + 1) * half).flatMap(centre =>
    Array.from(nodes, (t, i) => ({ x: centre + half * t, weight: half * (weights[i] as number) }))
  )
  const points =
    dimension === 1
      ? line.map(({ x, weight }) => ({ x: [x], weight }))
      : line.flatMap(a => line.map(b => ({ x: [a.x, b.x], weight: a.weight * b.weight })))
  const result: Node[] = []
  for (const { x, weight } of points) result.push({ x, mass: weight * Math.exp(await logDensity(x)) })
  return result
}

/** The integral of h p over the box, and how far that is from the integral over everything, |h| <= 1. */
const integrals = (density: NumberDensity, coarse: readonly Node[], fine: readonly Node[]) => {
  const over = (nodes: readonly Node[], h: (x: readonly number[]) => number): number =>
    nodes.reduce((sum, { x, mass }) => sum + h(x) * mass, 0)
  return (h: (x: readonly number[]) => number): { readonly value: number; readonly error: number } => {
    const value = over(fine, h)
    const quadrature = 4 * Math.abs(value - over(coarse, h)) + 1e-12
    return { value, error: quadrature + density.tail + Math.expm1(density.error) }
  }
}

const prepared = async (density: NumberDensity) => {
  const { dimension, panels = dimension === 1 ? 128 : 24 } = density
  const coarse = await nodesOf(density, Math.ceil(panels / 2))
  const fine = await nodesOf(density, panels)
  return { looked: coarse.length + fine.length, integral: integrals(density, coarse, fine) }
}

/** The smallest difference of a mean that a sampler must not have, beyond what the quadrature leaves open. */
const detectable = 0.05

/**
 * The laws of a normalised density: its mass is 1, which a wrong sign or a lost term of a log-determinant breaks; and its
 * samples follow it, tested on the means of waves at an error rate of 1e-8 by a confidence sequence. The integrals are by
 * quadrature in the box claimed, their error estimated by halving the panels.
 */
export const density = (mine: NumberDensity): readonly Law[] => {
  const { name, dimension, samples } = mine
  const mass = decidedLaw(`${name}: its mass is 1`, async () => {
    const { looked, integral } = await prepared(mine)
    const { value, error } = integral(() => 1)
    if (!(error < 0.05)) return { looked, why: `the quadrature is not sure to better than ${error}: use more panels` }
    return Math.abs(value - 1) <= error ? { looked } : { looked, why: `it is ${value}, to be 1 +- ${error}` }
  })
  if (samples === undefined) return [mass]
  const follows = decidedLaw(`${name}: its samples follow it`, async (seed, effort) => {
    const { integral } = await prepared(mine)
    const seen = detectable / Math.sqrt(effort)
    const blocks: (readonly number[])[] = []
    const block = async (index: number, count: number): Promise<readonly number[]> => {
      blocks[index] ??= Array.from(await samples(blockSeed(seed, index), count))
      return blocks[index]
    }
    let looked = 0
    for (const [k, h] of waves(dimension).entries()) {
      const { value, error } = integral(h)
      const apart = ({ low, high }: MeanInterval): boolean => value + error < low || value - error > high
      let at = 0
      const draws = async (count: number): Promise<readonly number[]> => {
        const flat = await block(at++, count)
        return Array.from({ length: count }, (_, i) => h(flat.slice(i * dimension, (i + 1) * dimension)))
      }
      const found = await meanInterval(
        draws,
        { bound: 1, limit: 100_000 * effort },
        interval => apart(interval) || (interval.high - interval.low) / 2 < seen
      )
      looked = Math.max(looked, found.draws)
      const { low, high } = found
      if (apart(found))
        return { looked, why: `wave ${k} has mean ${value} +- ${error}, its samples in [${low}, ${high}]` }
      if ((high - low) / 2 >= seen) return { looked, why: `not decided on wave ${k}: [${low}, ${high}]` }
    }
    return { looked }
  })
  return [mass, follows]
}
