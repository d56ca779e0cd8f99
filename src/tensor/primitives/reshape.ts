import { either as E } from 'fp-ts'
import { linear } from '../rules.js'
import { type Shape, sameShape, showShape, sizeOf } from '../shape.js'
import { apply, type Tensor } from '../tensor.js'

export const reshapePrimitive = linear<{ readonly shape: Shape }>({
  name: 'reshape',
  shape: ({ shape }, x) =>
    sizeOf(shape) === sizeOf(x) ? E.right(shape) : E.left(`${showShape(shape)} has another number of entries`),
  transpose: (_, ct, x) => reshape(ct, x),
  vectorize: ({ shape }, x, { insert, size }) => reshape(x, insert(shape, size))
})

/** The same entries in row-major order under another shape. */
export const reshape = (x: Tensor, shape: Shape): Tensor =>
  sameShape(x.shape, shape) ? x : apply(reshapePrimitive, { shape }, x)
