import { elementwise, none } from '../rules.js'
import { apply, type Like, type Tensor } from '../tensor.js'
import { aligned } from './broadcast.js'

export const addPrimitive = elementwise('add', ['real', 'real'], [dx => dx, dx => dx], [ct => ct, ct => ct])

/**
 * Elementwise a + b. Shapes broadcast from the last axis.
 * tangent  dy = da + db
 */
export const add = (a: Like, b: Like): Tensor => apply(addPrimitive, none, ...aligned(a, b))
