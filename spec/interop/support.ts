import type { OracleBlock, OracleNet } from '../../src/interop/oracleBlock.js'
import type { BlockSample } from '../flow/support/blocks.js'
import type { NetSample } from '../net/support/nets.js'

const rowsOf = (values: readonly number[], columns: number): readonly (readonly number[])[] =>
  Array.from({ length: values.length / columns }, (_, i) => values.slice(i * columns, (i + 1) * columns))

const oracleNetOf = ({ weights, biases, betas, widths }: NetSample): OracleNet => ({
  layers: weights.map((weight, i) => ({
    weight: rowsOf(weight, widths[i] as number),
    bias: biases[i] as readonly number[]
  })),
  betas
})

/** A block for which nothing is known but its weights and points. */
export const unknownBlock = ({ gx, gz }: BlockSample, x: readonly (readonly number[])[]): OracleBlock => {
  const [netX, netZ] = [oracleNetOf(gx), oracleNetOf(gz)]
  const gradient = { gx: netX, gz: netZ, x }
  return {
    name: 'unknown',
    dimension: x[0]?.length ?? 0,
    activation: gx.activation,
    gx: netX,
    gz: netZ,
    leading: { gx: gx.leading, gz: gz.leading },
    x,
    z: x,
    logDet: x.map(() => 0),
    logDensity: x.map(() => 0),
    inverse: undefined,
    gradL: gradient,
    gradNll: gradient,
    smallestSingularValue: Infinity
  }
}

const sampleOf = (block: OracleBlock, side: 'gx' | 'gz', { layers, betas }: OracleNet): NetSample => ({
  activation: block.activation,
  leading: block.leading[side],
  widths: [block.dimension, ...layers.map(({ weight }) => weight.length)],
  weights: layers.map(({ weight }) => weight.flat()),
  biases: layers.map(({ bias }) => bias),
  betas
})

/** An ImpFlow block of an oracle as the specs of flows know blocks. */
export const blockSampleOf = (block: OracleBlock): BlockSample => ({
  gx: sampleOf(block, 'gx', block.gx),
  gz: sampleOf(block, 'gz', block.gz ?? block.gx)
})
