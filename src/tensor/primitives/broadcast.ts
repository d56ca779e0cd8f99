import { either as E } from 'fp-ts'
import { defect } from '../../prelude/defect.js'
import { linear } from '../rules.js'
import { broadcastShapes, range, type Shape, sameShape, showShape } from '../shape.js'
import { apply, type Like, rankOf, type Tensor } from '../tensor.js'
import { asTensor } from './constant.js'
import { reshape } from './reshape.js'
import { sum } from './sum.js'

/** The shape to reach, and the axis of it that each axis of the input becomes (ascending). */
export interface Target {
  readonly shape: Shape
  readonly axes: readonly number[]
}

export const broadcastPrimitive = linear<Target>({
  name: 'broadcast',
  shape: ({ shape, axes }, x) =>
    axes.length === x.length &&
    axes.every((axis, i) => shape[axis] === x[i] && (i === 0 || axis > (axes[i - 1] as number)))
      ? E.right(shape)
      : E.left(`cannot become ${showShape(shape)} by axes ${showShape(axes)}`),
  transpose: ({ shape, axes }, ct) =>
    sum(
      ct,
      range(shape.length).filter(axis => !axes.includes(axis))
    ),
  vectorize: ({ shape, axes }, x, { insert, axis, size, side }) =>
    broadcast(x, insert(shape, size), insert(axes.map(axis), side === 'first' ? 0 : shape.length))
})

/**
 * Repeats a tensor along new axes: axis i of it becomes `axes[i]` of `shape`. The transpose of `sum`.
 * @example broadcast(fromArray([1, 2]), [2, 3], [0]) // => [[1, 1, 1], [2, 2, 2]]
 */
export const broadcast = (x: Tensor, shape: Shape, axes: readonly number[]): Tensor =>
  axes.length === shape.length && sameShape(x.shape, shape) ? x : apply(broadcastPrimitive, { shape, axes }, x)

/** Repeats a tensor along a new first axis. */
export const broadcastLeading = (x: Tensor, size: number): Tensor =>
  broadcast(
    x,
    [size, ...x.shape],
    x.shape.map((_, axis) => axis + 1)
  )

/** Repeats a tensor along a new last axis. */
export const broadcastTrailing = (x: Tensor, size: number): Tensor => broadcast(x, [...x.shape, size], range(rankOf(x)))

/**
 * Repeats a tensor to a shape that its own broadcasts to, aligned at the last axis.
 * @throws TypeError with both shapes, if they do not fit
 */
export const broadcastTo = (x: Tensor, shape: Shape): Tensor => {
  if (sameShape(x.shape, shape)) return x
  const lead = shape.length - rankOf(x)
  const kept = range(rankOf(x)).filter(axis => x.shape[axis] === shape[lead + axis])
  const squeezable = lead >= 0 && x.shape.every((n, axis) => n === 1 || n === shape[lead + axis])
  if (!squeezable) return defect(`broadcast of ${showShape(x.shape)}: does not fit ${showShape(shape)}`)
  const squeezed = reshape(
    x,
    kept.map(axis => x.shape[axis] as number)
  )
  return broadcast(
    squeezed,
    shape,
    kept.map(axis => axis + lead)
  )
}

/**
 * Brings arguments to one shape, aligned at the last axis.
 * @throws TypeError with the shapes, if they do not fit
 */
export const aligned = (...xs: readonly Like[]): readonly Tensor[] => {
  const tensors = xs.map(asTensor)
  const shape = tensors
    .map(x => x.shape)
    .reduce(
      (a, b) => broadcastShapes(a, b) ?? defect(`shapes ${showShape(a)} and ${showShape(b)} do not broadcast together`)
    )
  return tensors.map(x => broadcastTo(x, shape))
}
