import type { Layout } from '../flow/layout.js'
import { foldIn, type Key } from '../random/key.js'
import { normal } from '../random/normal.js'
import { uniform } from '../random/uniform.js'
import { sizeOf } from '../tensor/shape.js'

/**
 * Raw parameters at the start: weights and biases uniform within 1 / sqrt(inputs), the last layer's weight divided by
 * 1000, so that every block is nearly the identity; betas 0.5.
 * Source: the published implementation of Lu et al. 2021.
 */
export const initialParameters = (key: Key, { segments, size, widths }: Layout): Float64Array => {
  const flat = new Float64Array(size)
  segments.forEach(({ kind, layer, shape, offset }, i) => {
    const bound = 1 / Math.sqrt(widths[layer] as number)
    const shrink = kind === 'weight' && layer === widths.length - 2 ? 1e-3 : 1
    const draws = uniform(foldIn(key, i))(sizeOf(shape))
    flat.set(kind === 'beta' ? draws.map(() => 0.5) : draws.map(x => (2 * x - 1) * bound * shrink), offset)
  })
  return flat
}

/** Where the norm state of stack l lies in its flat array: u [nets out], v [nets in], excess [nets]. */
export const vectorOffsets = ({
  nets,
  widths
}: Layout): readonly { readonly u: number; readonly v: number; readonly excess: number }[] => {
  let offset = 0
  return widths.slice(1).map((out, l) => {
    const u = offset
    const v = u + nets * out
    const excess = v + nets * (widths[l] as number)
    offset = excess + nets
    return { u, v, excess }
  })
}

/** Length of the flat norm state: singular vectors and excesses of all weights. */
export const vectorSize = ({ nets, widths }: Layout): number =>
  widths.slice(1).reduce((sum, out, l) => sum + nets * (out + (widths[l] as number) + 1), 0)

/** A random norm state: the first preparation measures the excesses and turns vectors towards singular ones. */
export const initialVectors = (key: Key, layout: Layout): Float64Array => normal(key)(vectorSize(layout))
