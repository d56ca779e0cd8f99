import { zipSync } from 'fflate'
import { dump } from 'npyjs'
import type { DenseNet } from '../../certificate/denseNet.js'
import { exactIntervals, type Intervals } from '../../interpret/interval/intervals.js'
import type { ActivationName } from '../../net/activations.js'
import type { Shape } from '../../tensor/shape.js'
import { activationNames } from '../oracle.js'
import type { DrawnBlock } from './drawnBlocks.js'
import type { BlockEnclosures, BlockGradient } from './enclosedGradients.js'

/** A block with what is proved of it. */
export interface BlockVectors {
  readonly block: DrawnBlock
  readonly proved: BlockEnclosures
}

const schema = 'impflow-vectors-v1'

/** Given numbers, or an enclosure, by the path of its field. */
interface Entry {
  readonly path: readonly (string | number)[]
  readonly array: Intervals
  /** Whether the numbers are given, not proved. */
  readonly given: boolean
}

const net = (
  path: string,
  { layers, betas }: { readonly layers: readonly Layer[]; readonly betas: readonly Intervals[] }
) => [
  ...layers.flatMap(({ weight, bias }, i) => [
    { path: [path, 'layers', i, 'W'], array: weight },
    { path: [path, 'layers', i, 'b'], array: bias }
  ]),
  ...betas.map((array, i) => ({ path: [path, 'beta', i], array }))
]
type Layer = { readonly weight: Intervals; readonly bias: Intervals }

const numbersOf = ({ layers, betas }: DenseNet) => ({
  layers: layers.map(({ weight, bias }) => ({
    weight: exactIntervals(weight.flat(), [bias.length, weight[0]?.length ?? 0]),
    bias: exactIntervals(bias)
  })),
  betas: betas.map(beta => exactIntervals([beta], []))
})

const gradient = (name: string, { gx, gz, x }: BlockGradient) =>
  [...net('g_x', gx), ...(gz === undefined ? [] : net('g_z', gz)), { path: ['x'], array: x }].map(entry => ({
    path: [name, ...entry.path],
    array: entry.array
  }))

/** All arrays of a block: what is given first, then what is proved. */
const entriesOf = ({ block, proved }: BlockVectors): readonly Entry[] => {
  const { gx, gz, x, dimension } = block
  const given = [
    ...net('g_x', numbersOf(gx)),
    ...(gz === undefined ? [] : net('g_z', numbersOf(gz))),
    { path: ['x'], array: exactIntervals(x.flat(), [x.length, dimension]) }
  ]
  const shown = [
    { path: ['z'], array: proved.z },
    { path: ['logdet'], array: proved.logDet },
    { path: ['logp'], array: proved.logDensity },
    ...gradient('grad_L', proved.gradL),
    ...gradient('grad_nll', proved.gradNll)
  ]
  return [...given.map(entry => ({ ...entry, given: true })), ...shown.map(entry => ({ ...entry, given: false }))]
}

type Nested = number | readonly Nested[]

/** Numbers in row-major order as nested lists. */
const nested = (values: ArrayLike<number>, shape: Shape, from = 0): Nested => {
  const [rows, ...rest] = shape
  if (rows === undefined) return values[from] as number
  const size = rest.reduce((a, b) => a * b, 1)
  return Array.from({ length: rows }, (_, i) => nested(values, rest, from + i * size))
}

type Tree = { readonly [key: string]: unknown } | readonly unknown[]

/** A value put at a path into a tree of records and lists. */
const placed = (tree: Tree | undefined, [key, ...rest]: Entry['path'], value: unknown): Tree => {
  const child = (tree as Readonly<Record<string | number, Tree>> | undefined)?.[key as string]
  const below = rest.length === 0 ? value : placed(child, rest, value)
  if (typeof key !== 'number') return { ...(tree as Readonly<Record<string, unknown>>), [key as string]: below }
  const list = [...((tree as readonly unknown[] | undefined) ?? [])]
  list[key] = below
  return list
}

const activationOf = (name: ActivationName): string =>
  Object.entries(activationNames).find(([, ours]) => ours === name)?.[0] ?? name

const described = (vectors: BlockVectors): Tree => {
  const { name, kind, activation, dimension, gx, gz } = vectors.block
  const both = (path: 'g_x' | 'g_z', { leading }: DenseNet): Tree => ({
    [path]: { preact: leading, layers: [], beta: [] }
  })
  const start: Tree = {
    name,
    kind: kind.model,
    d: dimension,
    activation: activationOf(activation),
    ...both('g_x', gx),
    ...(gz === undefined ? {} : both('g_z', gz))
  }
  return entriesOf(vectors).reduce<Tree>((tree, { path, array: { lo, hi, shape }, given }) => {
    const [low, high] = [nested(lo, shape), nested(hi, shape)]
    return placed(tree, path, given ? low : { lo: low, hi: high })
  }, start)
}

/** The JSON file of vectors; `docs/vectors.md` describes it. */
export const toVectorsJson = (seed: number, blocks: readonly BlockVectors[]): string =>
  `${JSON.stringify({ schema, seed, blocks: blocks.map(described) })}\n`

/**
 * The same numbers as an archive of NumPy arrays: `BLOCK/g_x/layers/0/W` for what is given, and `BLOCK/z/lo` with
 * `BLOCK/z/hi` for what is proved. Equal vectors give equal bytes.
 */
export const toVectorsNpz = (blocks: readonly BlockVectors[]): Uint8Array =>
  zipSync(
    Object.fromEntries(
      blocks.flatMap(vectors =>
        entriesOf(vectors).flatMap(({ path, array: { lo, hi, shape }, given }) => {
          const name = [vectors.block.name, ...path].join('/')
          const npy = (values: Float64Array): Uint8Array => new Uint8Array(dump(values, [...shape]))
          return given
            ? [[`${name}.npy`, npy(lo)] as const]
            : [[`${name}/lo.npy`, npy(lo)] as const, [`${name}/hi.npy`, npy(hi)] as const]
        })
      )
    ),
    { mtime: '1980-01-01T00:00:00' }
  )
