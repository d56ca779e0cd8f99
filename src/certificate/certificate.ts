import type { Interval } from '../interpret/interval/interval.js'
import { down, up } from '../interpret/interval/rounding.js'
import { boundsOf, type DenseNet } from './denseNet.js'
import type { ExactFlow, ExactPiece, PointEnclosure } from './flowEnclosures.js'

const format = 'impflow-certificate-v1'

/** A digest of a text, as SHA-256 in hexadecimal. */
export type Hash = (text: string) => string

type Pair = readonly [number, number]

/** A claim is wider than what is known by 2^-80 and a float, so that a checker with finitely many bits can prove it. */
const margin = 2 ** -80
const pair = ({ lo, hi }: Interval): Pair => [down(lo - margin), up(hi + margin)]

/** A piece with its nets as a function has them. */
const ofNets = <A>(piece: ExactPiece, net: (dense: DenseNet) => A) =>
  'shift' in piece
    ? { shift: piece.shift, logScale: piece.logScale }
    : { gx: net(piece.gx), ...(piece.gz === undefined ? {} : { gz: net(piece.gz) }) }

/** A flow as certificates have it, its bounds apart. */
const model = ({ dimension, activation, mean, scale, blocks }: ExactFlow) => {
  const net = ({ leading, layers, betas }: DenseNet) => ({
    leading,
    layers: layers.map(({ weight, bias }) => ({ weight, bias })),
    betas
  })
  return { dimension, activation, mean, scale, blocks: blocks.map(piece => ofNets(piece, net)) }
}

/** The hash of a flow: that of its JSON in a certificate without the bounds. */
export const flowHash = (hash: Hash, flow: ExactFlow): string => hash(JSON.stringify(model(flow)))

const bounded = (net: DenseNet) => {
  const { norms, lipschitz } = boundsOf(net)
  const layers = net.layers.map(({ weight, bias }, i) => ({ weight, bias, norm: norms[i] }))
  return { leading: net.leading, layers, betas: net.betas, lipschitz }
}

/** Claims about a point as `impflow certify --json` prints them, intervals as [low, high]. */
export const claims = ({ x, z, logDensity, roundTrip }: PointEnclosure) => ({
  x,
  z: z.map(pair),
  logDensity: pair(logDensity),
  roundTrip: { noise: roundTrip.noise, x: roundTrip.x.map(pair) }
})

/** Whether every interval about a point has finite ends. */
export const isProved = ({ z, logDensity, roundTrip }: PointEnclosure): boolean =>
  [...z, logDensity, ...roundTrip.x].every(({ lo, hi }) => Number.isFinite(lo) && Number.isFinite(hi))

/**
 * A certificate, complete in itself: the flow's numbers and their hash, bounds of norms and Lipschitz constants, what is
 * claimed of points with points near the roots as witnesses, and a digest of all that.
 */
export const certificateText = (hash: Hash, flow: ExactFlow, points: readonly PointEnclosure[]): string => {
  const body = {
    format,
    model: { ...model(flow), blocks: flow.blocks.map(piece => ofNets(piece, bounded)) },
    flow: flowHash(hash, flow),
    points: points.map(point => ({ ...claims(point), roots: point.roots }))
  }
  return `${JSON.stringify({ ...body, digest: hash(JSON.stringify(body)) })}\n`
}
