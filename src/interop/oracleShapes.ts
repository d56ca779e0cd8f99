import { activations } from '../net/activations.js'
import type { OracleBlock, OracleGradient, OracleNet } from './oracleBlock.js'

/** A field that does not fit, and why. */
export interface Fault {
  readonly field: string
  readonly reason: string
}

type Faults = readonly Fault[]
type Matrix = readonly (readonly number[])[]

const lengthFault = (field: string, found: number, expected: number): Faults =>
  found === expected ? [] : [{ field, reason: `${found} entries where ${expected} should be` }]

const matrixFaults = (field: string, matrix: Matrix, rows: number, columns: number): Faults => [
  ...lengthFault(field, matrix.length, rows),
  ...matrix.flatMap((row, i) => lengthFault(`${field}[${i}]`, row.length, columns))
]

const layerFaults = (field: string, { layers, betas }: OracleNet, like: OracleNet): Faults => [
  ...lengthFault(`${field}.layers`, layers.length, like.layers.length),
  ...layers.flatMap(({ weight, bias }, i) => {
    const model = like.layers[i]
    if (model === undefined) return []
    const path = `${field}.layers[${i}]`
    const [rows, columns] = [model.weight.length, model.weight[0]?.length ?? 0]
    return [...matrixFaults(`${path}.W`, weight, rows, columns), ...lengthFault(`${path}.b`, bias.length, rows)]
  }),
  ...lengthFault(`${field}.beta`, betas.length, like.betas.length)
]

const netFaults = (field: string, net: OracleNet, leading: boolean, block: OracleBlock): Faults => {
  const { dimension, activation } = block
  const last = net.layers.at(-1)
  if (last === undefined) return [{ field: `${field}.layers`, reason: 'no layer' }]
  const learnable = activations[activation].learnable
  return [
    ...layerFaults(field, net, net),
    ...net.layers.flatMap(({ weight }, i) => {
      const before = i === 0 ? dimension : (net.layers[i - 1]?.weight.length ?? 0)
      return lengthFault(`${field}.layers[${i}].W[0]`, weight[0]?.length ?? 0, before)
    }),
    ...lengthFault(`${field}.layers[${net.layers.length - 1}].W`, last.weight.length, dimension),
    ...(learnable ? lengthFault(`${field}.beta`, net.betas.length, net.layers.length - (leading ? 0 : 1)) : [])
  ]
}

const gradientFaults = (field: string, gradient: OracleGradient, { gx, gz, x, dimension }: OracleBlock): Faults => [
  ...layerFaults(`${field}.g_x`, gradient.gx, gx),
  ...(gz === undefined
    ? []
    : gradient.gz === undefined
      ? [{ field: `${field}.g_z`, reason: 'missing' }]
      : layerFaults(`${field}.g_z`, gradient.gz, gz)),
  ...matrixFaults(`${field}.x`, gradient.x, x.length, dimension)
]

/** The first field of a block whose shape does not fit the others; undefined if all fit. */
export const firstFault = (block: OracleBlock): Fault | undefined => {
  const { dimension, gx, gz, leading, x, z, logDet, logDensity, inverse } = block
  const rows = x.length
  if (!(Number.isInteger(dimension) && dimension > 0)) return { field: 'd', reason: `${dimension} is no dimension` }
  return [
    ...netFaults('g_x', gx, leading.gx, block),
    ...(gz === undefined ? [] : netFaults('g_z', gz, leading.gz, block)),
    ...(rows === 0 ? [{ field: 'x', reason: 'no point' }] : []),
    ...matrixFaults('x', x, rows, dimension),
    ...matrixFaults('z', z, rows, dimension),
    ...lengthFault('logdet', logDet.length, rows),
    ...lengthFault('logp', logDensity.length, rows),
    ...(inverse === undefined ? [] : matrixFaults('inverse_x', inverse, rows, dimension)),
    ...gradientFaults('grad_L', block.gradL, block),
    ...gradientFaults('grad_nll', block.gradNll, block)
  ][0]
}
