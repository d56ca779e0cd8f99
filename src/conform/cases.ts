import type { OracleBlock } from '../interop/oracleBlock.js'
import { foldIn, fromSeed, split } from '../random/key.js'
import { type Block, blockOf, constantOf, normalRows, randomBlock, type WireActivation } from './block.js'
import type { Capability, Case } from './case.js'
import type { Rows } from './question.js'

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

/** Some of the points of an oracle: laws ask many times for each. */
const some = (rows: Rows): Rows => (rows.length <= 4 ? rows : [...rows.slice(0, 3), ...rows.slice(-1)])

const constantsOf = ({ g_x, g_z, activation }: Block): NonNullable<Case['constants']> => ({
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
    const x = normalRows(pointKey, 8, dimension)
    return [{ name: 'its own flow', dimension, x, z: x, block: null, constants: null, oracle: null, key: own, can }]
  }
  const known = golden
    .map(oracle => ({ oracle, block: blockOf(oracle) }))
    .filter(({ block }) => description.activations.includes(block.activation))
    .map(({ oracle, block }, i): Case => {
      const { name, dimension } = oracle
      const constants = constantsOf(block)
      const [x, images] = [some(oracle.x), some(oracle.z)]
      const z = constants.gx < 1 && constants.gz < 1 ? x : images
      return { name, dimension, x, z, block, constants, oracle, key: foldIn(key, i), can }
    })
  const drawn = Array.from({ length: random }, (_, number): Case => {
    const [blockKey, pointKey, own] = split(foldIn(key, golden.length + number), 3)
    const block = randomBlock(blockKey, number, description.activations)
    const points = normalRows(pointKey, 4, block.d)
    const x = points.map((row, i) => (i < 3 ? row : row.map(value => 30 * value)))
    const name = `random block ${number + 1}`
    return { name, dimension: block.d, x, z: x, block, constants: constantsOf(block), oracle: null, key: own, can }
  })
  return [...known, ...drawn]
}
