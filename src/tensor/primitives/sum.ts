import { either as E } from 'fp-ts'
import { linear } from '../rules.js'
import { range, showShape } from '../shape.js'
import { apply, rankOf, type Tensor } from '../tensor.js'
import { broadcast } from './broadcast.js'

export const sumPrimitive = linear<{ readonly axes: readonly number[] }>({
  name: 'sum',
  shape: ({ axes }, x) =>
    axes.every(axis => Number.isInteger(axis) && axis >= 0 && axis < x.length)
      ? E.right(x.filter((_, axis) => !axes.includes(axis)))
      : E.left(`there are no axes ${showShape(axes)}`),
  transpose: ({ axes }, ct, x) =>
    broadcast(
      ct,
      x,
      range(x.length).filter(axis => !axes.includes(axis))
    ),
  vectorize: ({ axes }, x, { axis }) => sum(x, axes.map(axis))
})

/**
 * Sum over the axes (all of them unless told), which vanish; 0 over an empty axis. The transpose of `broadcast`.
 * @example sum(fromNested([[1, 2], [3, 4]]), [0]) // => [4, 6]
 */
export const sum = (x: Tensor, axes: readonly number[] = range(rankOf(x))): Tensor =>
  axes.length === 0 ? x : apply(sumPrimitive, { axes: [...axes].sort((a, b) => a - b) }, x)
