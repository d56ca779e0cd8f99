import type { Like, Tensor } from '../tensor.js'
import { greater } from './greater.js'
import { greaterEqual } from './greaterEqual.js'

/** 1 where a < b, else 0 (also at NaN). */
export const less = (a: Like, b: Like): Tensor => greater(b, a)

/** 1 where a <= b, else 0 (also at NaN). */
export const lessEqual = (a: Like, b: Like): Tensor => greaterEqual(b, a)
