import type { Normed } from '../lipschitz/contractive.js'
import { activations } from '../net/activations.js'
import type { MlpParameters } from '../net/mlp.js'
import { concat } from '../tensor/primitives/concat.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { slice } from '../tensor/primitives/slice.js'
import { range, type Shape, sizeOf } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Architecture, FlowParameters, flowOf, Nets } from './architecture.js'
import { blockKinds } from './blockKinds.js'

/** One tensor of a flow among its flat parameters. */
export interface Segment {
  /** As in checkpoints: `blocks.0.gx.layers.1.weight`. */
  readonly name: string
  readonly kind: 'weight' | 'bias' | 'beta' | 'shift' | 'logScale'
  /** The net, or for `shift` and `logScale` the ActNorm, from 0. */
  readonly net: number
  readonly layer: number
  readonly shape: Shape
  readonly offset: number
}

/** How a flow's parameters lie in one flat array: by layer, then by net, so that equal layers form one stack. */
export interface Layout {
  readonly nets: number
  /** Widths from input to output. */
  readonly widths: readonly number[]
  readonly segments: readonly Segment[]
  readonly size: number
}

const netNames = ({ model, blocks }: Architecture): readonly string[] =>
  range(blocks).flatMap(block => blockKinds[model].nets.map(net => `blocks.${block}.${net}`))

/** The layout of an architecture's parameters. */
export const layoutOf = (architecture: Architecture): Layout => {
  const { dimension, hidden, activation, leading = false, actNorms = [] } = architecture
  const widths = [dimension, ...hidden, dimension]
  const names = netNames(architecture)
  const layers = range(widths.length - 1)
  const betas = activations[activation].learnable ? range(hidden.length + (leading ? 1 : 0)) : []
  const each = (
    kind: Segment['kind'],
    indices: readonly number[],
    nameOf: (index: number) => string,
    shapeOf: (index: number) => Shape
  ): readonly Omit<Segment, 'offset'>[] =>
    indices.flatMap(layer =>
      names.map((name, net) => ({ name: `${name}.${nameOf(layer)}`, kind, net, layer, shape: shapeOf(layer) }))
    )
  const parts = [
    ...each(
      'weight',
      layers,
      l => `layers.${l}.weight`,
      l => [widths[l + 1] as number, widths[l] as number]
    ),
    ...each(
      'bias',
      layers,
      l => `layers.${l}.bias`,
      l => [widths[l + 1] as number]
    ),
    ...each(
      'beta',
      betas,
      l => `betas.${l}`,
      () => []
    ),
    ...actNorms.flatMap((_, k) =>
      (['shift', 'logScale'] as const).map(kind => ({
        name: `actNorms.${k}.${kind}`,
        kind,
        net: k,
        layer: 0,
        shape: [dimension]
      }))
    )
  ]
  const segments: Segment[] = []
  let offset = 0
  for (const part of parts) {
    segments.push({ ...part, offset })
    offset += sizeOf(part.shape)
  }
  return { nets: names.length, widths, segments, size: offset }
}

/** Number of trainable parameters. */
export const parameterCount = (architecture: Architecture): number => layoutOf(architecture).size

/** The tensors of a flat expression, in the order of the segments. */
export const unpacked = ({ segments }: Layout, flat: Tensor): readonly Tensor[] =>
  segments.map(({ offset, shape }) => reshape(slice(flat, [offset], [sizeOf(shape)]), shape))

/** The flat expression of tensors in the order of the segments. */
export const packed = (tensors: readonly Tensor[]): Tensor =>
  concat(
    tensors.map(x => reshape(x, [sizeOf(x.shape)])),
    0
  )

/** The numbers of every segment, by name. */
export const segmentsOf = <A extends Float32Array | Float64Array>(
  { segments }: Layout,
  flat: A
): readonly (readonly [Segment, A])[] =>
  segments.map(segment => [segment, flat.subarray(segment.offset, segment.offset + sizeOf(segment.shape)) as A])

/** The nets' parameters, from tensors in the order of the segments. */
const netsOf = ({ nets, segments }: Layout, tensors: readonly Tensor[]): readonly MlpParameters[] =>
  range(nets).map(net => {
    const of = (kind: Segment['kind']) =>
      tensors.filter((_, i) => segments[i]?.net === net && segments[i]?.kind === kind)
    const biases = of('bias')
    return { layers: of('weight').map((weight, l) => ({ weight, bias: biases[l] as Tensor })), betas: of('beta') }
  })

/** The nets grouped by block, as the architecture's flow takes them. */
const flowParameters = <N>({ model, blocks }: Architecture, nets: readonly N[]): FlowParameters<N> => {
  const names = blockKinds[model].nets
  return {
    blocks: range(blocks).map(
      block => Object.fromEntries(names.map((name, i) => [name, nets[names.length * block + i]])) as Nets<N>
    )
  }
}

type FlowInput = Parameters<ReturnType<typeof flowOf>['forward']>[0]

/** Effective parameters as the architecture's flow takes them, each weight's norm taken to be at most the bound given. */
export const flowInput = (
  architecture: Architecture,
  tensors: readonly Tensor[],
  norms: readonly Tensor[]
): FlowInput => {
  const layout = layoutOf(architecture)
  const weights = layout.segments.filter(({ kind }) => kind === 'weight')
  const nets = netsOf(layout, tensors).map(
    (net, n): Normed => ({ ...net, norms: norms.filter((_, i) => weights[i]?.net === n) })
  )
  const every = (kind: Segment['kind']) => tensors.filter((_, i) => layout.segments[i]?.kind === kind)
  const scales = every('logScale')
  const actNorms = every('shift').map((shift, k) => ({ shift, logScale: scales[k] as Tensor }))
  return { ...flowParameters(architecture, nets), actNorms } as FlowInput
}

/** The flat parameters of every block by itself, as a flow of that one block has them. */
export interface BlockLayout {
  /** The flow of one block. */
  readonly one: Architecture
  /** The parameters of block b. */
  readonly pick: <A extends Float32Array | Float64Array>(flat: A, b: number) => A
  /** The parameters of the flow, from those of its blocks in their order. */
  readonly join: <A extends Float32Array | Float64Array>(parts: readonly A[], zeros: (length: number) => A) => A
}

/** Cuts an architecture without ActNorms into its blocks. */
export const blockLayoutOf = (architecture: Architecture): BlockLayout => {
  const one = { ...architecture, blocks: 1 }
  const [whole, part] = [layoutOf(architecture), layoutOf(one)]
  const places = part.segments.map(({ net, kind, layer, offset, shape }) => ({
    offset,
    size: sizeOf(shape),
    of: range(architecture.blocks).map(
      b =>
        whole.segments.find(s => s.net === b * part.nets + net && s.kind === kind && s.layer === layer)
          ?.offset as number
    )
  }))
  return {
    one,
    pick: (flat, b) => {
      const picked = flat.slice(0, part.size) as typeof flat
      for (const { offset, size, of } of places)
        picked.set(flat.subarray(of[b] as number, (of[b] as number) + size), offset)
      return picked
    },
    join: (parts, zeros) => {
      const flat = zeros(whole.size)
      parts.forEach((from, b) => {
        for (const { offset, size, of } of places) flat.set(from.subarray(offset, offset + size), of[b] as number)
      })
      return flat
    }
  }
}
