/** Checks certificates of format impflow-certificate-v1 in integers, sharing nothing with what makes them. */
import { createHash } from 'node:crypto'
import {
  add,
  type Ball,
  div,
  fromNumber,
  log,
  mul,
  type Precision,
  positive,
  precisionOf,
  sub,
  times,
  within
} from './dyadic.js'
import { activations, ballsOf, evaluate, fromNumbers, layerOf, type Net, type Row, rowOf } from './net.js'
import { isNormAtMost, logDet, root, triangles } from './proofs.js'

type Numbers = readonly number[]
type Interval = readonly [number, number]
type Layer = { readonly weight: readonly Numbers[]; readonly bias: Numbers; readonly norm: number }
type Weights = { leading: boolean; layers: readonly Layer[]; betas: Numbers; lipschitz: number }
type Blocks = readonly { readonly gx: Weights; readonly gz?: Weights }[]
type Model = { dimension: number; activation: string; mean: Numbers; scale: Numbers; blocks: Blocks }
type Trip = { readonly noise: Numbers; readonly x: readonly Interval[] }
type Point = { x: Numbers; z: readonly Interval[]; logDensity: Interval; roundTrip: Trip; roots: readonly Numbers[] }
type Certificate = { format: string; model: Model; weights: string; points: readonly Point[]; digest: string }

/** Of a certificate: what was proved, or why it was not. */
export type Verdict =
  | { readonly accepted: true; readonly points: number; readonly weights: string }
  | { readonly accepted: false; readonly reason: string }

const hash = (value: unknown): string => createHash('sha256').update(JSON.stringify(value)).digest('hex')
const are = (xs: Numbers, n: number): boolean => Array.isArray(xs) && xs.length === n && xs.every(Number.isFinite)
const areIntervals = (xs: readonly Interval[], n: number): boolean => xs.length === n && xs.every(pair => are(pair, 2))
const netsOf = ({ blocks }: Model): readonly Weights[] => blocks.flatMap(({ gx, gz }) => (gz ? [gx, gz] : [gx]))

/** Whether a net's shapes fit, its weights have the norms claimed, and it the Lipschitz constant, below 1. */
const isContraction = ({ layers, betas, leading, lipschitz }: Weights, { dimension, activation }: Model): boolean => {
  const at = precisionOf(128n)
  const product = layers.reduce((c, { norm }) => mul(c, { m: fromNumber(norm, at.p).m + 1n, r: 0n }, at), at.one)
  const proved = layers.every(({ weight, bias, norm }, i) => {
    const width = layers[i - 1]?.bias.length ?? dimension
    return are(bias, weight.length) && weight.every(row => are(row, width)) && isNormAtMost(norm, weight)
  })
  const count = activation === 'lipSwish' ? layers.length - (leading ? 0 : 1) : 0
  const contracts = lipschitz < 1 && product.m + product.r <= fromNumber(lipschitz, at.p).m
  return proved && contracts && layers.at(-1)?.bias.length === dimension && are(betas, count)
}

/** A function that tells whether the claims about a point follow at a precision. */
const follows = ({ dimension, activation, mean, scale, blocks }: Model, at: Precision): ((point: Point) => boolean) => {
  const number = (x: number): Ball => fromNumber(x, at.p)
  const made = ({ leading, layers, betas, lipschitz }: Weights): { readonly net: Net; readonly gap: bigint } => {
    const exact = layers.map(({ weight, bias }) => layerOf(weight, bias, at))
    const net = { leading, activation, layers: exact, betas: betas.map(number) }
    return { net, gap: positive(at.one.m - number(lipschitz).m - 1n) }
  }
  const pairs = blocks.map(({ gx, gz }) => ({ gx: made(gx), gz: gz && made(gz) }))
  const plus = (x: Row, g: Row): Row => rowOf(x.m.map((m, i) => ({ m: m + (g.m[i] as bigint), r: x.r + g.r })))
  const bits = at.q - at.p - 1n
  const turn = log({ m: at.pi.m >> bits, r: (at.pi.r >> bits) + 2n }, at)
  const base = scale.reduce((sum, s) => sub(sum, log(number(s), at)), {
    m: (-turn.m * BigInt(dimension)) / 2n,
    r: turn.r * BigInt(dimension)
  })
  return point => {
    let density = base
    let z = rowOf(point.x.map((x, i) => div(sub(number(x), number(mean[i] as number)), number(scale[i] as number), at)))
    const path = pairs.map(({ gx, gz }, k) => {
      const [x, [value, slopes]] = [z, evaluate(gx.net, z, true, at)]
      density = add(density, logDet(slopes, gx.gap, at))
      z = plus(x, value)
      if (gz !== undefined) {
        const start = fromNumbers(point.roots[k] as Numbers, at)
        z = root(gz.net, start.m, z, triangles(evaluate(gz.net, start, true, at)[1], at), gz.gap, at)
        density = sub(density, logDet(evaluate(gz.net, z, true, at)[1], gz.gap, at))
      }
      return { gx, gz, start: x.m, lu: triangles(slopes, at) }
    })
    for (const zi of ballsOf(z)) density = sub(density, div(mul(zi, zi, at), times(2n, at.one), at))
    const back = path.reduceRight(
      (w, { gx, gz, start, lu }) => {
        const y = gz === undefined ? w : plus(w, evaluate(gz.net, w, false, at)[0])
        return root(gx.net, start, y, lu, gx.gap, at)
      },
      fromNumbers(point.roundTrip.noise, at)
    )
    const x = ballsOf(back).map((b, i) => add(mul(b, number(scale[i] as number), at), number(mean[i] as number)))
    const inside = (claims: readonly Interval[], balls: readonly Ball[]): boolean =>
      claims.length === balls.length && balls.every((ball, i) => within(ball, claims[i] as Interval, at))
    return inside([point.logDensity], [density]) && inside(point.z, ballsOf(z)) && inside(point.roundTrip.x, x)
  }
}

const verdict = (text: string): Verdict => {
  const { digest, ...body } = JSON.parse(text) as Certificate
  const { format, model, weights, points } = body
  const rejected = (reason: string): Verdict => ({ accepted: false, reason })
  if (format !== 'impflow-certificate-v1') return rejected(`its format is ${format}, not impflow-certificate-v1`)
  if (hash(body) !== digest) return rejected('it was changed: its digest is another')
  const { dimension: d, mean, scale } = model
  const nets = netsOf(model)
  const numbers = nets.map(({ layers, betas }) => [layers.map(({ weight, bias }) => [weight, bias]), betas])
  if (hash([mean, scale, numbers]) !== weights) return rejected('its weights are not those of the hash')
  if (!(are(mean, d) && are(scale, d) && scale.every(s => s > 0) && Object.hasOwn(activations, model.activation)))
    return rejected('its dimension, standardisation or activation is wrong')
  const loose = nets.findIndex(net => !isContraction(net, model))
  if (loose >= 0 || nets.length === 0)
    return rejected(`net ${loose}: its shapes, norms or Lipschitz constant are wrong`)
  const wellFormed = ({ x, z, logDensity, roundTrip, roots }: Point): boolean =>
    are(x, d) &&
    areIntervals(z, d) &&
    are(logDensity, 2) &&
    are(roundTrip.noise, d) &&
    areIntervals(roundTrip.x, d) &&
    roundTrip.noise.every((n, i) => (z[i] as Interval)[0] <= n && n <= (z[i] as Interval)[1]) &&
    model.blocks.every(({ gz }, i) => are(roots[i] as Numbers, gz ? d : 0))
  const attempts = [128n, 256n].map(p => follows(model, precisionOf(p)))
  const wrong = points.findIndex(point => !(wellFormed(point) && attempts.some(holds => holds(point))))
  if (wrong >= 0 || points.length === 0) return rejected(`point ${wrong}: a claim does not follow`)
  return { accepted: true, points: points.length, weights }
}

/** The verdict on a certificate's text. Whatever is wrong with it, it is rejected; nothing is thrown. */
export const checkCertificate = (text: string): Verdict => {
  try {
    return verdict(text)
  } catch (cause) {
    return { accepted: false, reason: `it cannot be read, or cannot be proved: ${String(cause)}` }
  }
}
