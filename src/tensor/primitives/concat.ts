import { either as E } from 'fp-ts'
import { defect } from '../../prelude/defect.js'
import { sameShape, showShape } from '../shape.js'
import { apply, type Primitive, type Tensor } from '../tensor.js'
import { zerosLike } from './constant.js'
import { reshape } from './reshape.js'
import { slice } from './slice.js'

export const concatPrimitive: Primitive<{ readonly axis: number }> = {
  name: 'concat',
  domain: ['real', 'real'],
  shape: ({ axis }, inputs) => {
    const [first] = inputs
    if (first === undefined || axis < 0 || axis >= first.length) return E.left(`there is no axis ${axis} to join along`)
    const other = (x: readonly number[]) => x.filter((_, i) => i !== axis)
    return inputs.every(x => x.length === first.length && sameShape(other(x), other(first)))
      ? E.right(first.map((n, i) => (i === axis ? inputs.reduce((sum, x) => sum + (x[axis] as number), 0) : n)))
      : E.left(`shapes ${inputs.map(showShape).join(', ')} differ off axis ${axis}`)
  },
  jvp: (node, tangents) =>
    tangents.every(dx => dx === undefined)
      ? []
      : [apply(concatPrimitive, node.parameters, ...node.inputs.map((x, i) => tangents[i] ?? zerosLike(x)))],
  transpose: ({ parameters: { axis }, inputs }, ct, argument) => {
    const offset = inputs.slice(0, argument).reduce((sum, x) => sum + (x.shape[axis] as number), 0)
    const x = inputs[argument] as Tensor
    return slice(
      ct,
      x.shape.map((_, i) => (i === axis ? offset : 0)),
      x.shape
    )
  },
  vectorize: ({ parameters: { axis } }, lanes) => concat(lanes.all(), lanes.axis(axis))
}

/**
 * Tensors joined along an axis.
 * @throws TypeError with the shapes, if they differ off the axis
 */
export const concat = (xs: readonly Tensor[], axis: number): Tensor =>
  xs.length === 1 ? (xs[0] as Tensor) : apply(concatPrimitive, { axis }, ...xs)

/** Tensors of one shape along a new leading axis. */
export const stack = (xs: readonly Tensor[]): Tensor =>
  xs.length === 0
    ? defect('stack needs at least one tensor')
    : concat(
        xs.map(x => reshape(x, [1, ...x.shape])),
        0
      )
