/** Checks certificates of format impflow-certificate-v1 in integers, sharing nothing with what makes them. */
import { createHash } from 'node:crypto'
import * as D from './dyadic.js'
import { activations, ballsOf, evaluate, fromNumbers, layerOf, type Matrix, type Net, type Row, rowOf } from './net.js'
import { isNormAtMost, logDet, root, triangles } from './proofs.js'

type Numbers = readonly number[]
type Pair = readonly [number, number]
type Intervals = readonly Pair[]
type Layer = { weight: readonly Numbers[]; bias: Numbers; norm: number }
type Weights = { leading: boolean; layers: readonly Layer[]; betas: Numbers; lipschitz: number }
type Blocks = readonly { gx: Weights; gz?: Weights }[]
type Model = { dimension: number; activation: string; mean: Numbers; scale: Numbers; blocks: Blocks }
type Trip = { noise: Numbers; x: Intervals }
type Point = { x: Numbers; z: Intervals; logDensity: Pair; roundTrip: Trip; roots: readonly Numbers[] }
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
const areIntervals = (xs: Intervals, n: number): boolean => xs.length === n && xs.every(pair => are(pair, 2))

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

/** x + g(x), g(x) coming with a Jacobian or not. */
const plus = (x: Row, { rows: [g], r }: Matrix): Row => ({ m: x.m.map((m, i) => m + (g?.[i] as bigint)), r: x.r + r })

/** A function that tells whether the claims about a point follow at a precision. */
const follows = (model: Model, at: D.Precision): ((point: Point) => boolean) => {
  const { dimension, activation, mean, scale, blocks } = model
  const balls = (xs: Numbers): readonly D.Ball[] => ballsOf(fromNumbers(xs, at))
  const [shift, stretch] = [balls(mean), balls(scale)]
  const made = ({ leading, layers, betas, lipschitz }: Weights): { net: Net; gap: bigint } => {
    const exact = layers.map(({ weight, bias }) => layerOf(weight, bias, at))
    const net = { leading, activation, layers: exact, betas: balls(betas) }
    return { net, gap: D.positive(at.one.m - D.fromNumber(lipschitz, at.p).m - 1n) }
  }
  const pairs = blocks.map(({ gx, gz }) => ({ gx: made(gx), gz: gz && made(gz) }))
  const normal = D.div(D.times(BigInt(-dimension), D.log(D.turn(at), at)), D.times(2n, at.one), at)
  const base = stretch.reduce((sum, s) => D.sub(sum, D.log(s, at)), normal)
  const inside = (xs: readonly D.Ball[], claims: Intervals) => xs.every((x, i) => D.within(x, claims[i] as Pair, at))
  return ({ x, z, logDensity, roundTrip, roots }) => {
    let density = base
    let now = rowOf(balls(x).map((b, i) => D.div(D.sub(b, shift[i] as D.Ball), stretch[i] as D.Ball, at)))
    const path = pairs.map(({ gx, gz }, k) => {
      const image = evaluate(gx.net, now, true, at)
      const back = { gx, gz, start: now.m, lu: triangles(image, at) }
      density = D.add(density, logDet(image, gx.gap, at))
      now = plus(now, image)
      if (gz !== undefined) {
        const start = fromNumbers(roots[k] as Numbers, at)
        now = root(gz.net, start.m, now, triangles(evaluate(gz.net, start, true, at), at), gz.gap, at)
        density = D.sub(density, logDet(evaluate(gz.net, now, true, at), gz.gap, at))
      }
      return back
    })
    for (const b of ballsOf(now)) density = D.sub(density, D.div(D.mul(b, b, at), D.times(2n, at.one), at))
    let back = fromNumbers(roundTrip.noise, at)
    for (const { gx, gz, start, lu } of path.reverse())
      back = root(gx.net, start, gz ? plus(back, evaluate(gz.net, back, false, at)) : back, lu, gx.gap, at)
    const home = ballsOf(back).map((b, i) => D.add(D.mul(b, stretch[i] as D.Ball, at), shift[i] as D.Ball))
    return inside([density], [logDensity]) && inside(ballsOf(now), z) && inside(home, roundTrip.x)
  }
}

const verdict = (text: string): Verdict => {
  const { digest, ...body } = JSON.parse(text) as Certificate
  const { format, model, flow, points } = body
  const rejected = (reason: string): Verdict => ({ accepted: false, reason })
  const { dimension: d, mean, scale, activation, blocks } = model
  const nets = blocks.flatMap(({ gx, gz }) => (gz ? [gx, gz] : [gx]))
  if (format !== 'impflow-certificate-v1') return rejected(`its format is ${format}, not impflow-certificate-v1`)
  if (hash(JSON.stringify(body)) !== digest) return rejected('it was changed: its digest is another')
  const unbounded = JSON.stringify(model, (key, value) => (key === 'norm' || key === 'lipschitz' ? undefined : value))
  if (hash(unbounded) !== flow) return rejected('its weights are not those of the hash')
  if (!(are(mean, d) && are(scale, d) && Object.hasOwn(activations, activation) && blocks.length > 0))
    return rejected('its dimension, standardisation or activation is wrong, or it has no blocks')
  const loose = nets.findIndex(net => !isContraction(net, model))
  if (loose >= 0) return rejected(`net ${loose} (from 0): its shapes, norms or Lipschitz constant are wrong`)
  const fits = ({ x, z, logDensity, roundTrip: { noise, x: home }, roots }: Point): boolean =>
    [x, noise].every(xs => are(xs, d)) &&
    [z, home].every(xs => areIntervals(xs, d)) &&
    are(logDensity, 2) &&
    noise.every((n, i) => (z[i]?.[0] as number) <= n && n <= (z[i]?.[1] as number)) &&
    blocks.every(({ gz }, i) => are(roots[i] as Numbers, gz ? d : 0))
  const attempts = [128n, 256n].map(p => follows(model, D.precisionOf(p)))
  const holds = (point: Point): boolean => attempts.some(claims => attempt(false, () => claims(point)))
  const wrong = points.findIndex(point => !(fits(point) && holds(point)))
  if (wrong >= 0 || points.length === 0) return rejected(`point ${wrong} (from 0): a claim does not follow`)
  return { accepted: true, points: points.length, flow }
}

/** The verdict on a certificate's text. Whatever is wrong with it, it is rejected; nothing is thrown. */
export const checkCertificate = (text: string): Verdict =>
  attempt({ accepted: false, reason: 'it is no certificate: a part is missing or of another kind' }, () =>
    verdict(text)
  )
