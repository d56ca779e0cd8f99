import ndarray, { type NdArray } from 'ndarray'
import ops from 'ndarray-ops'
import { type Shape, sizeOf } from '../../tensor/shape.js'

/** What reference computes with: float64, possibly a view; nothing is written after it is made. */
export type Numbers = NdArray<Float64Array>

/** An array of zeros. */
export const fresh = (shape: Shape): Numbers => ndarray(new Float64Array(sizeOf(shape)), [...shape])

/** The entries as a row-major array, copied only if they are not one already. Not to be written to. */
export const rowMajor = (x: Numbers): Float64Array => {
  let stride = 1
  let contiguous = x.offset === 0 && x.data.length === x.size
  for (let axis = x.shape.length - 1; axis >= 0; axis--) {
    contiguous &&= x.shape[axis] === 1 || x.stride[axis] === stride
    stride *= x.shape[axis] as number
  }
  if (contiguous) return x.data
  const copy = fresh(x.shape)
  ops.assign(copy, x)
  return copy.data
}

export const withShape = (values: Float64Array, shape: Shape): Numbers => ndarray(values, [...shape])

/** Applies a function of a number to every entry. */
export const mapNumbers =
  (f: (x: number) => number) =>
  ([x]: readonly Numbers[]): Numbers => {
    const values = rowMajor(x as Numbers)
    const result = new Float64Array(values.length)
    for (let i = 0; i < values.length; i++) result[i] = f(values[i] as number)
    return withShape(result, (x as Numbers).shape)
  }

/** Applies a function of two numbers to corresponding entries. */
export const zipNumbers =
  (f: (a: number, b: number) => number) =>
  ([x, y]: readonly Numbers[]): Numbers => {
    const [a, b] = [rowMajor(x as Numbers), rowMajor(y as Numbers)]
    const result = new Float64Array(a.length)
    for (let i = 0; i < a.length; i++) result[i] = f(a[i] as number, b[i] as number)
    return withShape(result, (x as Numbers).shape)
  }
