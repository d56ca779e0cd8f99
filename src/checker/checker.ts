/** Checks certificates of format impflow-certificate-v1 in integers, sharing nothing with what makes them. */
import { createHash } from 'node:crypto'
import * as D from './dyadic.js'
import { activations, ballsOf, evaluate, fromNumbers, layerOf, type Matrix, type Net, type Row, rowOf } from './net.js'
import { isNormAtMost, logDet, root, triangles } from './proofs.js'

type Numbers = readonly number[]
type Pair = readonly [number, number]
type Layer = { weight: readonly Numbers[]; bias: Numbers; norm: number }
type Weights = { leading: boolean; layers: readonly Layer[]; betas: Numbers; lipschitz: number }
type Block = { gx: Weights; gz?: Weights } | { shift: Numbers; logScale: Numbers }
type Model = { dimension: number; activation: string; mean: Numbers; scale: Numbers; blocks: readonly Block[] }
type Trip = { noise: Numbers; x: readonly Pair[] }
type Point = { x: Numbers; z: readonly Pair[]; logDensity: Pair; roundTrip: Trip; roots: readonly Numbers[] }
type Certificate = { format: string; model: Model; flow: string; points: readonly Point[]; digest: string }

/** Of a certificate: what was proved, the hash of the flow among it; or why it was not. */
export type Verdict = { accepted: true; points: number; flow: string } | { accepted: false; reason: string }

/** What a function makes, or something else if an error stopped it. */
const attempt = <A>(otherwise: A, run: () => A): A => {
  try {
    return run()
  } catch {
    return otherwise
  }
}
const hash = (text: string): string => createHash('sha256').update(text).digest('hex')
const are = (xs: Numbers, n: number): boolean => Array.isArray(xs) && xs.length === n && xs.every(Number.isFinite)
const rejected = (reason: string): Verdict => ({ accepted: false, reason })

/** Whether a net's shapes fit, its weights have the norms claimed, and it the Lipschitz constant, below 1. */
const isContraction = ({ layers, betas, leading, lipschitz }: Weights, { dimension, activation }: Model): boolean => {
  const at = D.precisionOf(128n)
  const product = layers.reduce((c, { norm }) => D.mul(c, { m: D.fromNumber(norm, at.p).m + 1n, r: 0n }, at), at.one)
  const proved = layers.every(({ weight, bias, norm }, i) => {
    const width = layers[i - 1]?.bias.length ?? dimension
    return are(bias, weight.length) && weight.every(row => are(row, width)) && isNormAtMost(norm, weight)
  })
  const count = activation === 'lipSwish' ? layers.length - (leading ? 0 : 1) : 0
  const contracts = lipschitz < 1 && product.m + product.r <= D.fromNumber(lipschitz, at.p).m
  return proved && contracts && layers.at(-1)?.bias.length === dimension && are(betas, count)
}

/** x + g(x), g(x) coming with a Jacobian or not; and a function of each coordinate and of what belongs to it. */
const plus = (x: Row, { rows: [g], r }: Matrix): Row => ({ m: x.m.map((m, i) => m + (g?.[i] as bigint)), r: x.r + r })
const each = <A>(x: Row, own: readonly A[], f: (x: D.Ball, a: A) => D.Ball): Row =>
  rowOf(ballsOf(x).map((xi, i) => f(xi, own[i] as A)))

/** A function that tells whether the claims about a point follow at a precision. */
const follows = (model: Model, at: D.Precision): ((point: Point) => boolean) => {
  const { dimension, activation, mean, scale, blocks } = model
  const balls = (xs: Numbers): readonly D.Ball[] => ballsOf(fromNumbers(xs, at))
  const made = ({ leading, layers, betas, lipschitz }: Weights): { net: Net; gap: bigint } => ({
    net: { leading, activation, layers: layers.map(l => layerOf(l.weight, l.bias, at)), betas: balls(betas) },
    gap: D.positive(at.one.m - D.fromNumber(lipschitz, at.p).m - 1n)
  })
  const e = (s: D.Ball): D.Ball => (s.m > 0n ? D.div(at.one, D.exp(D.minus(s), at), at) : D.exp(s, at))
  type Scale = readonly [ln: D.Ball, scale: D.Ball, shift: D.Ball]
  const scalesOf = (xs: Numbers, shift: Numbers, f: (x: D.Ball, shift: D.Ball) => Scale): readonly Scale[] =>
    balls(xs).map((x, i) => f(x, balls(shift)[i] as D.Ball))
  const standard = scalesOf(scale, mean, (s, m) => [D.minus(D.log(s, at)), D.div(at.one, s, at), D.minus(m)])
  const pieces = blocks.map(piece => {
    if ('gx' in piece) return { gx: made(piece.gx), gz: piece.gz && made(piece.gz) }
    return { scales: scalesOf(piece.logScale, piece.shift, (s, t) => [s, e(s), t]) }
  })
  const normal = D.div(D.times(BigInt(-dimension), D.log(D.turn(at), at)), D.times(2n, at.one), at)
  const inside = (xs: readonly D.Ball[], to: readonly Pair[]) => xs.every((x, i) => D.within(x, to[i] as Pair, at))
  return ({ x, z, logDensity, roundTrip, roots }) => {
    let [now, density] = [fromNumbers(x, at), normal]
    const path = [{ scales: standard }, ...pieces].map(({ scales, gx, gz }, k) => {
      if (scales) {
        for (const [ln] of scales) density = D.add(density, ln)
        now = each(now, scales, (x, [, scale, shift]) => D.mul(D.add(x, shift), scale, at))
        return (z: Row) => each(z, scales, (x, [, scale, shift]) => D.sub(D.div(x, scale, at), shift))
      }
      const image = evaluate(gx.net, now, true, at)
      const [start, lu] = [now.m, triangles(image, at)]
      density = D.add(density, logDet(image, gx.gap, at))
      now = plus(now, image)
      if (gz !== undefined) {
        const near = fromNumbers(roots[k - 1] as Numbers, at)
        now = root(gz.net, near.m, now, triangles(evaluate(gz.net, near, true, at), at), gz.gap, at)
        density = D.sub(density, logDet(evaluate(gz.net, now, true, at), gz.gap, at))
      }
      return (z: Row) => root(gx.net, start, gz ? plus(z, evaluate(gz.net, z, false, at)) : z, lu, gx.gap, at)
    })
    for (const b of ballsOf(now)) density = D.sub(density, D.div(D.mul(b, b, at), D.times(2n, at.one), at))
    const home = path.reduceRight((z, undo) => undo(z), fromNumbers(roundTrip.noise, at))
    return inside([density], [logDensity]) && inside(ballsOf(now), z) && inside(ballsOf(home), roundTrip.x)
  }
}

const verdict = (text: string): Verdict => {
  const { digest, ...body } = JSON.parse(text) as Certificate
  const { format, model, flow, points } = body
  const { dimension: d, mean, scale, activation, blocks } = model
  const nets = blocks.flatMap(b => ('gx' in b ? [b.gx, b.gz ?? []].flat() : []))
  if (format !== 'impflow-certificate-v1') return rejected(`its format is ${format}, not impflow-certificate-v1`)
  if (hash(JSON.stringify(body)) !== digest) return rejected('it was changed: its digest is another')
  const unbounded = JSON.stringify(model, (key, value) => (key === 'norm' || key === 'lipschitz' ? undefined : value))
  if (hash(unbounded) !== flow) return rejected('its weights are not those of the hash')
  if (!(are(mean, d) && are(scale, d) && Object.hasOwn(activations, activation) && blocks.length > 0))
    return rejected('its dimension, standardisation or activation is wrong, or it has no blocks')
  if (!blocks.every(b => 'gx' in b || (are(b.shift, d) && are(b.logScale, d)))) return rejected('an ActNorm is wrong')
  const loose = nets.findIndex(net => !isContraction(net, model))
  if (loose >= 0) return rejected(`net ${loose} (from 0): its shapes, norms or Lipschitz constant are wrong`)
  const fits = ({ x, z, logDensity, roundTrip: { noise, x: home }, roots }: Point): boolean =>
    [x, noise].every(xs => are(xs, d)) &&
    [z, home].every(xs => xs.length === d && xs.every(pair => are(pair, 2))) &&
    are(logDensity, 2) &&
    noise.every((n, i) => (z[i]?.[0] as number) <= n && n <= (z[i]?.[1] as number)) &&
    blocks.every((b, i) => are(roots[i] as Numbers, 'gz' in b && b.gz ? d : 0))
  const attempts = [128n, 256n].map(p => follows(model, D.precisionOf(p)))
  const wrong = points.findIndex(p => !(fits(p) && attempts.some(claims => attempt(false, () => claims(p)))))
  if (wrong >= 0 || points.length === 0) return rejected(`point ${wrong} (from 0): a claim does not follow`)
  return { accepted: true, points: points.length, flow }
}

/** The verdict on a certificate's text. Whatever is wrong with it, it is rejected; nothing is thrown. */
export const checkCertificate = (text: string): Verdict =>
  attempt(rejected('it is no certificate: a part is missing or of another kind'), () => verdict(text))
