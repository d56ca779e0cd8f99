import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { aligned } from './broadcast.js'
import { zerosLike } from './constant.js'

export const selectPrimitive = elementwise(
  'select',
  ['indicator', 'real', 'real'],
  [
    null,
    (da, [condition]) => select(condition as Tensor, da, zerosLike(da)),
    (db, [condition]) => select(condition as Tensor, zerosLike(db), db)
  ],
  [
    null,
    (ct, [condition]) => select(condition as Tensor, ct, zerosLike(ct)),
    (ct, [condition]) => select(condition as Tensor, zerosLike(ct), ct)
  ]
)

/**
 * Elementwise choice: a where the condition is not 0, else b. The branch not taken has no influence, whatever its value.
 * Shapes broadcast from the last axis.
 * @example select(greater(fromArray([1, -1]), 0), 5, 7) // => [5, 7]
 */
export const select = (condition: Like, a: Like, b: Like): Tensor =>
  apply(selectPrimitive, none, ...aligned(condition, a, b))
