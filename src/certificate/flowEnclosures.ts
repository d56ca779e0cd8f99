import { either as E } from 'fp-ts'
import type { Model } from '../distribution/model.js'
import { type Architecture, arranged } from '../flow/architecture.js'
import { blockKinds } from '../flow/blockKinds.js'
import type { NotContractive } from '../flow/certify.js'
import { layoutOf, segmentsOf } from '../flow/layout.js'
import { add, div, exp, type Interval, log, mul, neg, point, power, sub } from '../interpret/interval/interval.js'
import { type Intervals, intervalAt, midpoints, tabulated } from '../interpret/interval/intervals.js'
import { down, up } from '../interpret/interval/rounding.js'
import type { ActivationName } from '../net/activations.js'
import { defect } from '../prelude/defect.js'
import { range } from '../tensor/shape.js'
import { type EnclosedBlock, enclosedBlock } from './blockEnclosure.js'
import { type DenseNet, denseNetsOf } from './denseNet.js'
import { type EnclosedNet, enclosedNet } from './netEnclosure.js'

/** x -> e^logScale (x + shift), coordinate by coordinate. */
export interface ExactAffine {
  readonly shift: readonly number[]
  readonly logScale: readonly number[]
}

/** A block of dense nets, or an ActNorm. */
export type ExactPiece = { readonly gx: DenseNet; readonly gz?: DenseNet } | ExactAffine

/** A flow whose numbers are known exactly: float64s, and activations as mathematics has them. */
export interface ExactFlow {
  readonly dimension: number
  readonly activation: ActivationName
  /** x -> (x - mean) / scale comes first; zeros and ones if nothing does. */
  readonly mean: readonly number[]
  readonly scale: readonly number[]
  /** From data to noise. */
  readonly blocks: readonly ExactPiece[]
}

/** What is proved about a point. */
export interface PointEnclosure {
  readonly x: readonly number[]
  /** The noise that the point comes from, by coordinate. */
  readonly z: readonly Interval[]
  /** ln p(x), nats, in the units of the points. */
  readonly logDensity: Interval
  /** The sum of the blocks' and ActNorms' ln |det|. */
  readonly logDet: Interval
  /** A float64 noise within z, and what the flow's inverse makes of it, in the units of the points. */
  readonly roundTrip: { readonly noise: readonly number[]; readonly x: readonly Interval[] }
  /** A point near the root of every block; none where a block has no root to find. */
  readonly roots: readonly (readonly number[])[]
}

/** Why no enclosures are known of a model: a clause; null where they are, for flows of some kinds of dense blocks alone. */
export const whyNotExact = ({ architecture: { model } }: Pick<Model, 'architecture'>): string | null =>
  blockKinds[model].exchangeable ? null : `its blocks are of kind ${model}, which cannot be certified`

/** The ActNorms of a flow's flat effective parameters, in their order. */
const affinesOf = (architecture: Architecture, effective: Float64Array): readonly ExactAffine[] => {
  const parts = segmentsOf(layoutOf(architecture), effective)
  const every = (kind: string) => parts.filter(([segment]) => segment.kind === kind).map(([, x]) => Array.from(x))
  const scales = every('logScale')
  return every('shift').map((shift, k) => ({ shift, logScale: scales[k] as readonly number[] }))
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
  const blocks: readonly ExactPiece[] =
    model === 'impflow'
      ? range(nets.length / 2).map(b => ({ gx: nets[2 * b] as DenseNet, gz: nets[2 * b + 1] as DenseNet }))
      : nets.map(gx => ({ gx }))
  const { mean, scale } = standardisation ?? {
    mean: range(dimension).map(() => 0),
    scale: range(dimension).map(() => 1)
  }
  return {
    dimension,
    activation,
    mean,
    scale,
    blocks: arranged(architecture, blocks, affinesOf(architecture, effective))
  }
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

/** e^logScale (x + shift) over a box, or its inverse. */
const enclosedAffine =
  ({ shift, logScale }: ExactAffine, inverse: boolean): EnclosedBlock =>
  box => {
    const stretch = logScale.map(s => exp(point(inverse ? -s : s)))
    const moved = (x: Interval, i: number): Interval =>
      inverse
        ? sub(mul(stretch[i] as Interval, x), point(shift[i] as number))
        : mul(stretch[i] as Interval, add(x, point(shift[i] as number)))
    const gained = logScale.reduce((sum, s) => add(sum, point(s)), point(0))
    return { value: tabulated(box.shape, i => moved(intervalAt(box, i), i)), logDet: inverse ? neg(gained) : gained }
  }

/** A piece both ways, and the nets that must contract. */
interface EnclosedPiece {
  readonly forward: EnclosedBlock
  readonly backward: EnclosedBlock
  readonly nets: Readonly<Record<string, EnclosedNet>>
}

const enclosedPiece = (piece: ExactPiece, { activation, dimension: d }: ExactFlow): EnclosedPiece => {
  if ('shift' in piece)
    return { forward: enclosedAffine(piece, false), backward: enclosedAffine(piece, true), nets: {} }
  const gx = enclosedNet(activation, piece.gx)
  const gz = piece.gz === undefined ? null : enclosedNet(activation, piece.gz)
  return {
    forward: enclosedBlock(gx, gz, d),
    backward: enclosedBlock(gz, gx, d),
    nets: gz === null ? { gx } : { gx, gz }
  }
}

/** The first net that is not proved to contract, by the names that run folders have. */
const notContractive = (pieces: readonly EnclosedPiece[]): NotContractive | undefined =>
  pieces
    .map(({ nets }) => Object.entries(nets))
    .filter(nets => nets.length > 0)
    .flatMap((nets, b) =>
      nets.map(([side, { lipschitz: bound }]) => ({
        tag: 'NotContractive' as const,
        net: `blocks.${b}.${side}`,
        bound
      }))
    )
    .find(({ bound }) => !(bound < 1))

/**
 * Prepares the enclosures of a flow's noise, densities and round trips at points. All rounding errors are in them.
 * @returns Left naming a net whose Lipschitz constant is not proved to be below 1
 */
export const flowEnclosures = (flow: ExactFlow): E.Either<NotContractive, (x: readonly number[]) => PointEnclosure> => {
  const { dimension: d, mean, scale } = flow
  const pieces = flow.blocks.map(piece => enclosedPiece(piece, flow))
  const failed = notContractive(pieces)
  if (failed !== undefined) return E.left(failed)
  const forward = pieces.map(piece => piece.forward)
  const backward = pieces.map(piece => piece.backward).reverse()
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
      roots: images.map(({ value }, b) => ('gz' in (flow.blocks[b] as ExactPiece) ? Array.from(midpoints(value)) : []))
    }
  })
}
