import type { OracleBlock } from '../interop/oracleBlock.js'
import { foldIn, fromSeed, split } from '../random/key.js'
import { type Block, blockOf, constantOf, normalRows, randomBlock, type WireActivation } from './block.js'
import type { Capability, Case } from './case.js'

/** What an implementation says that it is. */
export interface Description {
  readonly name: string
  readonly capabilities: readonly Capability[]
  /** Activations of blocks that it can load. */
  readonly activations: readonly WireActivation[]
  /** Dimension of its own flow, if it has one. */
  readonly dimension: number | null
}

/** What determines the cases of a run. */
export interface Plan {
  readonly seed: number
  /** Number of random blocks. */
  readonly random: number
  readonly golden: readonly OracleBlock[]
}

const constantsOf = ({ g_x, g_z, activation }: Block): Case['constants'] => ({
  gx: constantOf(g_x, activation),
  gz: constantOf(g_z, activation)
})

/**
 * The cases of a run: the golden blocks and random ones where blocks can be loaded, else the implementation's own flow.
 * Random points are standard normal, the last of a block thirty times as far out.
 */
export const casesFor = (description: Description, { seed, random, golden }: Plan): readonly Case[] => {
  const can = (capability: Capability): boolean => description.capabilities.includes(capability)
  const key = fromSeed(seed)
  if (!can('load')) {
    const dimension = description.dimension ?? 0
    const [pointKey, own] = split(key)
    const x = normalRows(pointKey, 6, dimension)
    return [{ name: 'its own flow', dimension, x, block: null, constants: null, oracle: null, key: own, can }]
  }
  const known = golden
    .map(oracle => ({ oracle, block: blockOf(oracle) }))
    .filter(({ block }) => description.activations.includes(block.activation))
    .map(({ oracle, block }, i): Case => {
      const [name, dimension, x] = [oracle.name, oracle.dimension, oracle.x]
      return { name, dimension, x, block, constants: constantsOf(block), oracle, key: foldIn(key, i), can }
    })
  const drawn = Array.from({ length: random }, (_, number): Case => {
    const [blockKey, pointKey, own] = split(foldIn(key, golden.length + number), 3)
    const block = randomBlock(blockKey, number, description.activations)
    const points = normalRows(pointKey, 5, block.d)
    const x = points.map((row, i) => (i < 4 ? row : row.map(value => 30 * value)))
    const name = `random block ${number + 1}`
    return { name, dimension: block.d, x, block, constants: constantsOf(block), oracle: null, key: own, can }
  })
  return [...known, ...drawn]
}
