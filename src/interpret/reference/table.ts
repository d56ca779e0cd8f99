import type { NdArray } from 'ndarray'
import ops from 'ndarray-ops'
import type { Table } from '../../tensor/primitives.js'
import { fresh, mapNumbers, type Numbers, rowMajor, withShape, zipNumbers } from './arrays.js'
import { joined, padded, permuted, reduce, repeated, reshaped, windowed } from './axes.js'
import { logDeterminants, product, solutions } from './matrices.js'

const unary =
  (f: (result: NdArray, x: NdArray) => unknown) =>
  ([x]: readonly Numbers[]): Numbers => {
    const result = fresh((x as Numbers).shape)
    f(result, x as Numbers)
    return result
  }

const binary =
  (f: (result: NdArray, a: NdArray, b: NdArray) => unknown) =>
  ([a, b]: readonly Numbers[]): Numbers => {
    const result = fresh((a as Numbers).shape)
    f(result, a as Numbers, b as Numbers)
    return result
  }

const powerOf = (exponent: number) => (x: number) => {
  let result = 1
  let square = x
  for (let n = Math.abs(exponent); n > 0; n = Math.floor(n / 2)) {
    if (n % 2 === 1) result *= square
    square *= square
  }
  return exponent < 0 ? 1 / result : result
}

const chosen = ([condition, a, b]: readonly Numbers[]): Numbers => {
  const [c, x, y] = [rowMajor(condition as Numbers), rowMajor(a as Numbers), rowMajor(b as Numbers)]
  const result = new Float64Array(c.length)
  for (let i = 0; i < c.length; i++) result[i] = (c[i] !== 0 ? x[i] : y[i]) as number
  return withShape(result, (a as Numbers).shape)
}

const first = (inputs: readonly Numbers[]): Numbers => inputs[0] as Numbers

/** One line a primitive: how float64 arrays are computed with ndarray and ndarray-ops. */
export const table: Table<Numbers> = {
  abs: unary(ops.abs),
  add: binary(ops.add),
  broadcast: (inputs, { parameters: { shape, axes } }) => repeated(first(inputs), shape, axes),
  concat: (inputs, { parameters: { axis }, shape }) => joined(inputs, axis, shape),
  cos: unary(ops.cos),
  div: binary(ops.div),
  equal: zipNumbers((a, b) => (a === b ? 1 : 0)),
  exp: unary(ops.exp),
  expm1: mapNumbers(Math.expm1),
  greater: zipNumbers((a, b) => (a > b ? 1 : 0)),
  greaterEqual: zipNumbers((a, b) => (a >= b ? 1 : 0)),
  log: unary(ops.log),
  log1p: mapNumbers(Math.log1p),
  logAbsDet: (inputs, { parameters: { kind } }) => logDeterminants(first(inputs), kind === 'general'),
  matmul: ([a, b], { parameters: { transposeA, transposeB } }) =>
    product(a as Numbers, b as Numbers, transposeA, transposeB),
  max: (inputs, { parameters: { axes } }) => reduce(first(inputs), axes, -Infinity, Math.max),
  maximum: zipNumbers(Math.max),
  minimum: zipNumbers(Math.min),
  mul: binary(ops.mul),
  neg: unary(ops.neg),
  pad: (inputs, { parameters: { before }, shape }) => padded(first(inputs), before, shape),
  permute: (inputs, { parameters: { axes } }) => permuted(first(inputs), axes),
  power: (inputs, { parameters: { exponent } }) => mapNumbers(powerOf(exponent))(inputs),
  reshape: (inputs, { parameters: { shape } }) => reshaped(first(inputs), shape),
  select: chosen,
  sigmoid: mapNumbers(x => 1 / (1 + Math.exp(-x))),
  sign: mapNumbers(Math.sign),
  sin: unary(ops.sin),
  slice: (inputs, { parameters: { start, shape } }) => windowed(first(inputs), start, shape),
  softplus: mapNumbers(x => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)))),
  solve: ([m, b], { parameters: { kind, transpose } }) =>
    solutions(m as Numbers, b as Numbers, transpose, kind === 'general'),
  sqrt: unary(ops.sqrt),
  stopGradient: first,
  sub: binary(ops.sub),
  sum: (inputs, { parameters: { axes } }) => reduce(first(inputs), axes, 0, (sum, entry) => sum + entry),
  tanh: mapNumbers(Math.tanh)
}
