import ndarray from 'ndarray'
import ops from 'ndarray-ops'
import { range, type Shape, sizeOf } from '../../tensor/shape.js'
import { fresh, type Numbers, rowMajor, withShape } from './arrays.js'

/** Folds the entries along the axes, which vanish. */
export const reduce = (
  x: Numbers,
  axes: readonly number[],
  start: number,
  f: (sofar: number, entry: number) => number
): Numbers => {
  const kept = range(x.shape.length).filter(axis => !axes.includes(axis))
  const shape = kept.map(axis => x.shape[axis] as number)
  const values = rowMajor(x.transpose(...kept, ...axes))
  const result = new Float64Array(sizeOf(shape)).fill(start)
  const length = sizeOf(axes.map(axis => x.shape[axis] as number))
  for (let i = 0; i < result.length; i++)
    for (let j = 0; j < length; j++) result[i] = f(result[i] as number, values[i * length + j] as number)
  return withShape(result, shape)
}

/** A view that repeats x along new axes: they have stride 0. */
export const repeated = (x: Numbers, shape: Shape, axes: readonly number[]): Numbers => {
  const stride = shape.map((_, axis) => (axes.includes(axis) ? (x.stride[axes.indexOf(axis)] as number) : 0))
  return ndarray(x.data, [...shape], stride, x.offset)
}

export const reshaped = (x: Numbers, shape: Shape): Numbers => withShape(rowMajor(x), shape)

export const permuted = (x: Numbers, axes: readonly number[]): Numbers => x.transpose(...axes)

export const windowed = (x: Numbers, start: readonly number[], shape: Shape): Numbers =>
  start.length === 0 ? x : x.lo(...start).hi(...shape)

export const padded = (x: Numbers, before: readonly number[], shape: Shape): Numbers => {
  const result = fresh(shape)
  ops.assign(windowed(result, before, x.shape), x)
  return result
}

export const joined = (xs: readonly Numbers[], axis: number, shape: Shape): Numbers => {
  const result = fresh(shape)
  let offset = 0
  for (const x of xs) {
    const start = shape.map((_, i) => (i === axis ? offset : 0))
    ops.assign(windowed(result, start, x.shape), x)
    offset += x.shape[axis] as number
  }
  return result
}
