import { either as E } from 'fp-ts'
import type { Model } from '../distribution/model.js'
import { blockKinds } from '../flow/blockKinds.js'
import type { NotContractive } from '../flow/certify.js'
import { add, div, type Interval, log, mul, point, power, sub } from '../interpret/interval/interval.js'
import { type Intervals, intervalAt, midpoints, tabulated } from '../interpret/interval/intervals.js'
import { down, up } from '../interpret/interval/rounding.js'
import type { ActivationName } from '../net/activations.js'
import { defect } from '../prelude/defect.js'
import { range } from '../tensor/shape.js'
import { type EnclosedBlock, enclosedBlock } from './blockEnclosure.js'
import { type DenseNet, denseNetsOf } from './denseNet.js'
import { type EnclosedNet, enclosedNet } from './netEnclosure.js'

/** A flow whose numbers are known exactly: float64s, and activations as mathematics has them. */
export interface ExactFlow {
  readonly dimension: number
  readonly activation: ActivationName
  /** x -> (x - mean) / scale comes first; zeros and ones if nothing does. */
  readonly mean: readonly number[]
  readonly scale: readonly number[]
  readonly blocks: readonly { readonly gx: DenseNet; readonly gz?: DenseNet }[]
}

/** What is proved about a point. */
export interface PointEnclosure {
  readonly x: readonly number[]
  /** The noise that the point comes from, by coordinate. */
  readonly z: readonly Interval[]
  /** ln p(x), nats, in the units of the points. */
  readonly logDensity: Interval
  /** The sum of the blocks' ln |det|. */
  readonly logDet: Interval
  /** A float64 noise within z, and what the flow's inverse makes of it, in the units of the points. */
  readonly roundTrip: { readonly noise: readonly number[]; readonly x: readonly Interval[] }
  /** A point near the root of every block; none where a block has no root to find. */
  readonly roots: readonly (readonly number[])[]
}

/** Why no enclosures are known of a model: a clause; null where they are, for flows of some kinds of dense blocks alone. */
export const whyNotExact = ({ architecture: { model, actNorms = [] } }: Pick<Model, 'architecture'>): string | null => {
  if (!blockKinds[model].exchangeable) return `its blocks are of kind ${model}, which cannot be certified`
  return actNorms.length === 0 ? null : 'it has ActNorms, and only flows without them can be certified'
}

/**
 * The flow of a fitted model.
 * @throws TypeError for a model of which `whyNotExact` tells a reason
 */
export const exactFlowOf = ({ architecture, effective, standardisation }: Model): ExactFlow => {
  const reason = whyNotExact({ architecture })
  if (reason !== null) return defect(`no enclosures of this flow: ${reason}`)
  const nets = denseNetsOf(architecture, effective)
  const { dimension, activation, model } = architecture
  const blocks =
    model === 'impflow'
      ? range(nets.length / 2).map(b => ({ gx: nets[2 * b] as DenseNet, gz: nets[2 * b + 1] as DenseNet }))
      : nets.map(gx => ({ gx }))
  const { mean, scale } = standardisation ?? {
    mean: range(dimension).map(() => 0),
    scale: range(dimension).map(() => 1)
  }
  return { dimension, activation, mean, scale, blocks }
}

const intervalsOf = (box: Intervals): readonly Interval[] => Array.from(box.lo, (_, i) => intervalAt(box, i))

/** Encloses pi: the float64 nearest to it is within an ulp. */
const turn: Interval = { lo: down(2 * Math.PI), hi: up(2 * Math.PI) }

/** ln of the standard normal density over a box. */
export const standardNormal = (z: Intervals): Interval => {
  const squares = intervalsOf(z).reduce((sum, zi) => add(sum, power(zi, 2)), point(0))
  const constant = mul(point(z.lo.length), log(turn))
  return mul(point(-0.5), add(squares, constant))
}

const nameOf = (block: number, side: 'gx' | 'gz'): string => `blocks.${block}.${side}`

interface EnclosedPair {
  readonly gx: EnclosedNet
  readonly gz: EnclosedNet | null
}

const notContractive = (pairs: readonly EnclosedPair[]): NotContractive | undefined =>
  pairs
    .flatMap(({ gx, gz }, b) => [
      { tag: 'NotContractive' as const, net: nameOf(b, 'gx'), bound: gx.lipschitz },
      ...(gz === null ? [] : [{ tag: 'NotContractive' as const, net: nameOf(b, 'gz'), bound: gz.lipschitz }])
    ])
    .find(({ bound }) => !(bound < 1))

/**
 * Prepares the enclosures of a flow's noise, densities and round trips at points. All rounding errors are in them.
 * @returns Left naming a net whose Lipschitz constant is not proved to be below 1
 */
export const flowEnclosures = (flow: ExactFlow): E.Either<NotContractive, (x: readonly number[]) => PointEnclosure> => {
  const { dimension: d, activation, mean, scale } = flow
  const pairs = flow.blocks.map(({ gx, gz }) => ({
    gx: enclosedNet(activation, gx),
    gz: gz === undefined ? null : enclosedNet(activation, gz)
  }))
  const failed = notContractive(pairs)
  if (failed !== undefined) return E.left(failed)
  const forward = pairs.map(({ gx, gz }) => enclosedBlock(gx, gz, d))
  const backward = pairs.map(({ gx, gz }) => enclosedBlock(gz, gx, d)).reverse()
  const logScale = scale.reduce((sum, s) => add(sum, log(point(s))), point(0))
  const at = (xs: readonly number[], i: number): Interval => point(xs[i] as number)
  const through = (
    blocks: readonly EnclosedBlock[],
    box: Intervals
  ): readonly { value: Intervals; logDet: Interval }[] => {
    let current = box
    return blocks.map(block => {
      const image = block(current)
      current = image.value
      return image
    })
  }
  return E.right(x => {
    const standardised = tabulated([d], i => div(sub(at(x, i), at(mean, i)), at(scale, i)))
    const images = through(forward, standardised)
    const z = images.at(-1)?.value ?? standardised
    const logDet = images.reduce((sum, image) => add(sum, image.logDet), point(0))
    const noise = Array.from(midpoints(z))
    const back =
      through(
        backward,
        tabulated([d], i => at(noise, i))
      ).at(-1)?.value ?? z
    return {
      x,
      z: intervalsOf(z),
      logDet,
      logDensity: sub(add(standardNormal(z), logDet), logScale),
      roundTrip: {
        noise,
        x: intervalsOf(tabulated([d], i => add(mul(intervalAt(back, i), at(scale, i)), at(mean, i))))
      },
      roots: images.map(({ value }, b) => (flow.blocks[b]?.gz === undefined ? [] : Array.from(midpoints(value))))
    }
  })
}
