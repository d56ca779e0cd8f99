import { activationNames } from '../interop/oracle.js'
import type { OracleBlock, OracleNet } from '../interop/oracleBlock.js'
import { certifiedNorm } from '../lipschitz/certifiedNorm.js'
import { activations } from '../net/activations.js'
import { type Key, split } from '../random/key.js'
import { normal } from '../random/normal.js'
import type { Row, Rows } from './question.js'

/** The names of activations in the protocol and in oracle files. */
export type WireActivation = keyof typeof activationNames

/** A net as it is sent: the fields of schema impflow-oracle-blocks-v1. */
export interface Net {
  readonly layers: readonly { readonly W: Rows; readonly b: Row }[]
  readonly beta: Row
  readonly preact: boolean
}

/** A block as it is sent. */
export interface Block {
  readonly kind: 'impflow' | 'resflow'
  readonly d: number
  readonly activation: WireActivation
  readonly g_x: Net
  readonly g_z: Net | null
}

const wireNames = Object.keys(activationNames) as readonly WireActivation[]

const netOf = ({ layers, betas }: OracleNet, preact: boolean): Net => ({
  layers: layers.map(({ weight, bias }) => ({ W: weight, b: bias })),
  beta: betas,
  preact
})

/** The block of an oracle file as it is sent. */
export const blockOf = ({ dimension, activation, gx, gz, leading }: OracleBlock): Block => ({
  kind: gz === undefined ? 'resflow' : 'impflow',
  d: dimension,
  activation: wireNames.find(name => activationNames[name] === activation) ?? 'sin',
  g_x: netOf(gx, leading.gx),
  g_z: gz === undefined ? null : netOf(gz, leading.gz)
})

/** A proved Lipschitz constant of a net: the product of bounds of its layers' norms and slopes; 0 for no net. */
export const constantOf = (net: Net | null, activation: WireActivation): number => {
  if (net === null) return 0
  const slopes = activations[activationNames[activation]].lipschitz ** (net.layers.length - (net.preact ? 0 : 1))
  const norms = net.layers.map(({ W }) => certifiedNorm(W.flat(), [W.length, W[0]?.length ?? 0] as const))
  // The last factor covers the roundings of this product, and of the scalings of the sine.
  return norms.reduce((product, bound) => product * bound, slopes) * (1 + 2 ** -45)
}

/** Rows of standard normal numbers. shape -> [rows columns] */
export const normalRows = (key: Key, rows: number, columns: number): Rows => {
  const draws = normal(key)(rows * columns)
  return Array.from({ length: rows }, (_, i) => [...draws.subarray(i * columns, (i + 1) * columns)])
}

const randomNet = (key: Key, widths: readonly number[], activation: WireActivation, constant: number): Net => {
  const [weightKey, biasKey, betaKey] = split(key, 3)
  const preact = widths.length % 2 === 1 && activation !== 'sin'
  const layers = widths.slice(1).map((rows, i) => {
    const W = normalRows(split(weightKey, widths.length)[i] as Key, rows, widths[i] as number)
    const factor = constant ** (1 / (widths.length - 1)) / certifiedNorm(W.flat(), [rows, widths[i] as number] as const)
    const [b] = normalRows(split(biasKey, widths.length)[i] as Key, 1, rows) as [Row]
    return { W: W.map(row => row.map(w => w * factor)), b: b.map(v => 0.3 * v) }
  })
  const count = activation === 'swish' ? layers.length - (preact ? 0 : 1) : 0
  return { layers, beta: [...normal(betaKey)(count)], preact }
}

const constants = [0.5, 0.9, 0.97] as const

/**
 * A random block: dimension 1 to 4, one or two hidden layers, constants 0.5, 0.9 or 0.97, every fourth a ResFlow block.
 * @param number its number in a run, which goes through dimensions, activations and constants
 */
export const randomBlock = (key: Key, number: number, known: readonly WireActivation[]): Block => {
  const d = 1 + (number % 4)
  const activation = known[number % known.length] ?? 'sin'
  const constant = constants[number % 3] as number
  const [first, second] = split(key)
  const widths = number % 2 === 0 ? [d, 6, d] : [d, 5, 7, d]
  const net = (of: Key): Net => randomNet(of, widths, activation, constant)
  const residual = number % 4 === 3
  return { kind: residual ? 'resflow' : 'impflow', d, activation, g_x: net(first), g_z: residual ? null : net(second) }
}
