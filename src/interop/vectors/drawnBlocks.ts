import type { DenseNet } from '../../certificate/denseNet.js'
import { rowMajor } from '../../interpret/reference/arrays.js'
import { program } from '../../interpret/reference/evaluate.js'
import { certifiedNorm } from '../../lipschitz/certifiedNorm.js'
import { type ActivationName, activations } from '../../net/activations.js'
import { mlp } from '../../net/mlp.js'
import { foldIn, fromSeed, type Key, split } from '../../random/key.js'
import { normal } from '../../random/normal.js'
import { fromNested, scalar } from '../../tensor/constructors.js'
import { constantOf } from '../../tensor/primitives/constant.js'
import { range } from '../../tensor/shape.js'
import type { ExactBlock } from './enclosedGradients.js'

/** What a block of the table is. */
export interface BlockKind {
  readonly model: 'impflow' | 'resflow'
  readonly dimension: number
  readonly activation: ActivationName
  /** Widths of the hidden layers. */
  readonly hidden: readonly number[]
  /** Whether an activation comes before the first layer too. */
  readonly leading: boolean
  /** The spectral norm of every weight, or a little less. */
  readonly coefficient: number
  /** The net whose I + J comes near a singular matrix, at a point that is among the block's. */
  readonly steep?: 'gx' | 'gz'
}

/** A block of the table with numbers and points. */
export interface DrawnBlock extends ExactBlock {
  readonly name: string
  readonly kind: BlockKind
  readonly x: readonly (readonly number[])[]
}

const kind = (
  activation: ActivationName,
  dimension: number,
  hidden: readonly number[],
  rest: Partial<BlockKind> = {}
): BlockKind => ({
  model: 'impflow',
  dimension,
  activation,
  hidden,
  leading: false,
  coefficient: 0.9,
  ...rest
})

const flat = { steep: 'gx', coefficient: 0.99 } as const
const steep = { steep: 'gz', coefficient: 0.99 } as const
const steepest = { steep: 'gz', coefficient: 0.999 } as const

/** The table: every activation, 1 to 8 dimensions, both kinds of blocks; then what programs get wrong. */
export const blockKinds: readonly BlockKind[] = [
  kind('sine', 1, [8]),
  kind('tanh', 2, [8, 8]),
  kind('elu', 3, [8]),
  kind('lipSwish', 4, [8, 8]),
  kind('lipschitzCube', 5, [8]),
  kind('softplus', 6, [8]),
  kind('sine', 7, [8, 8]),
  kind('tanh', 8, [8]),
  kind('identity', 2, [4]),
  kind('sine', 2, [8, 8], { model: 'resflow' }),
  kind('lipSwish', 3, [8], { model: 'resflow', leading: true }),
  kind('elu', 8, [8], { model: 'resflow' }),
  kind('sine', 3, [8], { leading: true }),
  kind('lipSwish', 2, [8, 8], { leading: true }),
  kind('elu', 2, [8], { leading: true }),
  kind('tanh', 3, [8], { coefficient: 0.999 }),
  kind('sine', 4, [8, 8], { coefficient: 0.999 }),
  kind('lipSwish', 1, [8], { coefficient: 0.999 }),
  kind('sine', 2, [8], flat),
  kind('tanh', 4, [8, 8], steep),
  kind('elu', 3, [8], flat),
  kind('lipSwish', 2, [8], steep),
  kind('lipschitzCube', 1, [4], flat),
  kind('softplus', 2, [8], steep),
  kind('sine', 1, [4], steepest),
  kind('tanh', 2, [4], { ...flat, coefficient: 0.999 }),
  kind('sine', 2, [8], { ...steepest, leading: true }),
  kind('elu', 8, [8], { ...flat, coefficient: 0.999, model: 'resflow' })
]

/** Arguments at which the slopes of the activations are 1, or near it. */
const steepestAt: Readonly<Record<ActivationName, number>> = {
  sine: 0,
  tanh: 0,
  elu: 1,
  lipSwish: 3,
  lipschitzCube: 1.5,
  softplus: 8,
  identity: 0
}

/** How far the weights of a steep net are from multiples of rows and columns of the unit matrix. */
const disorder = 2 ** -10

/** A weight with a spectral norm of the coefficient, or a little less; near a multiple of unit rows where a sign is given. */
const drawnWeight = (
  key: Key,
  [rows, columns]: readonly [number, number],
  coefficient: number,
  sign?: number
): readonly (readonly number[])[] => {
  const draws = normal(key)(rows * columns)
  const unit = (k: number): number => (Math.floor(k / columns) === k % columns ? (sign ?? 0) : 0)
  const plain = sign === undefined ? draws : draws.map((x, k) => disorder * x + unit(k))
  const factor = (coefficient / certifiedNorm(plain, [rows, columns])) * (1 - 2 ** -40)
  return range(rows).map(i => Array.from(plain.subarray(i * columns, (i + 1) * columns), x => x * factor))
}

/** A net without the value that it has at 0, so that points near 0 have images near 0; up to rounding. */
const vanishing = (name: ActivationName, net: DenseNet): DenseNet => {
  const { leading, layers, betas } = net
  const parameters = {
    layers: layers.map(({ weight, bias }) => ({ weight: fromNested(weight), bias: fromNested(bias) })),
    betas: betas.map(scalar)
  }
  const d = layers[0]?.weight[0]?.length ?? 0
  const [value] = program([], [mlp({ activation: activations[name], leading })(parameters)(constantOf(0, [d]))])([])
  const at0 = rowMajor(value as NonNullable<typeof value>)
  return {
    ...net,
    layers: layers.map(({ weight, bias }, l) => ({
      weight,
      bias: l === layers.length - 1 ? bias.map((b, i) => b - (at0[i] as number)) : bias
    }))
  }
}

/**
 * A net. A steep one has a Jacobian near -c I, c the product of its norms, where its points have its activations at their
 * steepest, near 0: its last layer turns the sign.
 */
const drawnNet = (key: Key, block: BlockKind, side: 'gx' | 'gz'): DenseNet => {
  const { activation, dimension: d, hidden, leading, coefficient } = block
  const near = block.steep === side
  const widths = [d, ...hidden, d]
  const layers = range(widths.length - 1).map(l => {
    const [weights, biases] = split(foldIn(key, l))
    const [columns, rows] = [widths[l] as number, widths[l + 1] as number]
    const sign = near ? (l === widths.length - 2 ? -1 : 1) : undefined
    return {
      weight: drawnWeight(weights, [rows, columns], coefficient, sign),
      bias: Array.from(normal(biases)(rows), b => (near ? steepestAt[activation] : b / 2))
    }
  })
  const count = activations[activation].learnable ? hidden.length + (leading ? 1 : 0) : 0
  const betas = Array.from(normal(foldIn(key, widths.length))(count), b => 0.5 + b / 4)
  const net = { leading, layers, betas }
  return block.steep === undefined ? net : vanishing(activation, net)
}

/** Four points; the first is near 0, within the stretch where a steep block is steep. */
const pointsOf = (key: Key, { dimension: d, steep: near, coefficient }: BlockKind): DrawnBlock['x'] => {
  const draws = normal(key)(4 * d)
  const scales = [near === undefined ? 0.01 : 0.01 * (1 - coefficient), 1, 1, 3]
  return scales.map((scale, i) => Array.from(draws.subarray(i * d, (i + 1) * d), x => scale * x))
}

const nameOf = (
  { activation, model, dimension, leading, coefficient, steep: near }: BlockKind,
  index: number
): string =>
  [
    String(index).padStart(3, '0'),
    model,
    activation,
    `d${dimension}`,
    ...(leading ? ['leading'] : []),
    ...(near === undefined ? [] : [near === 'gx' ? 'flat' : 'steep']),
    `c${coefficient}`
  ].join('_')

/**
 * Block number `index` of a seed: the table's, and the table again with other numbers where it ends. It depends on nothing
 * but the two. The first point is near 0, where steep blocks are steep, and the last one is far from it.
 */
export const drawnBlock = (seed: number, index: number): DrawnBlock => {
  const drawn = blockKinds[index % blockKinds.length] as BlockKind
  const [first, second, points] = split(foldIn(fromSeed(seed), index), 3)
  return {
    name: nameOf(drawn, index),
    kind: drawn,
    dimension: drawn.dimension,
    activation: drawn.activation,
    gx: drawnNet(first, drawn, 'gx'),
    ...(drawn.model === 'resflow' ? {} : { gz: drawnNet(second, drawn, 'gz') }),
    x: pointsOf(points, drawn)
  }
}
