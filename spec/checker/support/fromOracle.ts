import { createHash } from 'node:crypto'
import { certifiedNorm } from '../../../src/lipschitz/certifiedNorm.js'

type Net = {
  readonly layers: readonly { readonly W: readonly (readonly number[])[]; readonly b: readonly number[] }[]
  readonly beta?: readonly number[]
  readonly preact?: boolean
}

/** A block of an oracle file, as it is written there. */
export type Block = {
  readonly name: string
  readonly kind: string
  readonly d: number
  readonly activation: string
  readonly g_x: Net
  readonly g_z?: Net
  readonly x: readonly (readonly number[])[]
  readonly z: readonly (readonly number[])[]
  readonly logp: readonly number[]
  readonly inverse_x?: readonly (readonly number[])[]
}

const names: Readonly<Record<string, string>> = { sin: 'sine', swish: 'lipSwish', lcube: 'lipschitzCube' }

const hash = (text: string): string => createHash('sha256').update(text).digest('hex')

/** What the hash of a flow is of: the model without its bounds. */
const withoutBounds = (key: string, value: unknown): unknown =>
  ['norm', 'lipschitz'].includes(key) ? undefined : value

/** The text of a certificate, its hashes made to fit. */
export const sealed = ({
  model,
  points,
  format = 'impflow-certificate-v1'
}: {
  readonly model: unknown
  readonly points: unknown
  readonly format?: string
}): string => {
  const body = { format, model, flow: hash(JSON.stringify(model, withoutBounds)), points }
  return JSON.stringify({ ...body, digest: hash(JSON.stringify(body)) })
}

const netOf = ({ layers, beta = [], preact = false }: Net) => {
  const bounded = layers.map(({ W, b }) => ({
    weight: W,
    bias: b,
    norm: certifiedNorm(W.flat(), [W.length, W[0]?.length ?? 0])
  }))
  const lipschitz = bounded.reduce((product, { norm }) => product * norm * (1 + 2 ** -50), 1)
  return { leading: preact, layers: bounded, betas: beta, lipschitz }
}

/** The model of one block. */
export const modelOf = ({ d, activation, g_x, g_z }: Block) => ({
  dimension: d,
  activation: names[activation] ?? activation,
  mean: Array<number>(d).fill(0),
  scale: Array<number>(d).fill(1),
  blocks: [{ gx: netOf(g_x), ...(g_z ? { gz: netOf(g_z) } : {}) }]
})

const around = (x: number, ulps: number): readonly [number, number] => {
  const step = ulps * Math.max(Math.abs(x) * 2 ** -52, 2 ** -60)
  return [x - step, x + step]
}

/** What a file says of a block's points, as claims that are some ulps wide to either side. */
export const claimsOf = ({ x, z, logp, g_z }: Block, ulps: number) =>
  x.map((at, i) => ({
    x: at,
    z: (z[i] ?? []).map(zi => around(zi, ulps)),
    logDensity: around(logp[i] ?? Number.NaN, ulps),
    roundTrip: { noise: z[i] ?? [], x: at.map(xi => around(xi, 1000 * ulps)) },
    roots: [g_z ? (z[i] ?? []) : []]
  }))
