import { either as E } from 'fp-ts'
import { linear } from '../rules.js'
import { type Shape, sameShape, showShape } from '../shape.js'
import { apply, type Tensor } from '../tensor.js'
import { pad } from './pad.js'
import { reshape } from './reshape.js'

/** First index and length along each axis. */
export interface Window {
  readonly start: readonly number[]
  readonly shape: Shape
}

export const slicePrimitive = linear<Window>({
  name: 'slice',
  shape: ({ start, shape }, x) =>
    start.length === x.length &&
    shape.length === x.length &&
    x.every(
      (n, i) =>
        (start[i] as number) >= 0 && (shape[i] as number) >= 0 && (start[i] as number) + (shape[i] as number) <= n
    )
      ? E.right(shape)
      : E.left(`no window of shape ${showShape(shape)} starts at ${showShape(start)}`),
  transpose: ({ start, shape }, ct, x) =>
    pad(
      ct,
      start,
      x.map((n, i) => n - (start[i] as number) - (shape[i] as number))
    ),
  vectorize: ({ start, shape }, x, { insert, size }) => slice(x, insert(start, 0), insert(shape, size))
})

/**
 * The window of a given shape whose first entry is at `start`. The transpose of `pad`.
 * @example slice(fromArray([1, 2, 3, 4]), [1], [2]) // => [2, 3]
 */
export const slice = (x: Tensor, start: readonly number[], shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : apply(slicePrimitive, { start, shape }, x)

/** The entries at one index of an axis, which vanishes. */
export const at = (x: Tensor, axis: number, index: number): Tensor => {
  const window = slice(
    x,
    x.shape.map((_, i) => (i === axis ? index : 0)),
    x.shape.map((n, i) => (i === axis ? 1 : n))
  )
  return reshape(
    window,
    x.shape.filter((_, i) => i !== axis)
  )
}
