import type { Table } from '../../tensor/primitives.js'
import { joined, padded, permuted, repeated, reshaped, windowed } from '../reference/axes.js'
import { largest, moved, summed } from './axes.js'
import {
  abs,
  add,
  cos,
  div,
  exp,
  expm1,
  hull,
  type Interval,
  interval,
  log,
  log1p,
  maximum,
  minimum,
  mul,
  neg,
  power,
  sigmoid,
  sin,
  softplus,
  sqrt,
  sub,
  tanh
} from './interval.js'
import { type Intervals, intervalAt, tabulated } from './intervals.js'
import { logDeterminantsOf, solutionsOf } from './linearSystems.js'
import { product } from './matrices.js'

type Line = (inputs: readonly Intervals[]) => Intervals

const each =
  (f: (...xs: readonly [Interval, Interval, Interval]) => Interval): Line =>
  inputs =>
    tabulated((inputs[0] as Intervals).shape, i => {
      const [a, b, c] = inputs.map(x => intervalAt(x, i))
      return f(a as Interval, b as Interval, c as Interval)
    })

/** 1 where a relation holds for certain, 0 where it certainly does not, else from 0 to 1. */
const indicator = (holds: boolean, fails: boolean): Interval => interval(holds ? 1 : 0, fails ? 0 : 1)

/** Whether a > b. Nothing compared may be NaN, and then the answer is 0; it is in [0, 1] in any case. */
const greater = (a: Interval, b: Interval): Interval => indicator(a.lo > b.hi, a.hi <= b.lo)
const greaterEqual = (a: Interval, b: Interval): Interval => indicator(a.lo >= b.hi, a.hi < b.lo)
const equal = (a: Interval, b: Interval): Interval =>
  indicator(a.lo === a.hi && b.lo === b.hi && a.lo === b.lo, a.hi < b.lo || b.hi < a.lo)

const sign = (a: Interval): Interval => interval(Math.sign(a.lo), Math.sign(a.hi))

/** The branch that is taken for certain, else both. */
const select = (condition: Interval, a: Interval, b: Interval): Interval => {
  if (condition.lo > 0 || condition.hi < 0) return a
  return condition.lo === 0 && condition.hi === 0 ? b : hull(a, b)
}

const first = (inputs: readonly Intervals[]): Intervals => inputs[0] as Intervals

/**
 * One line a primitive: enclosures of the results from enclosures of the arguments. A comparison that is not decided is
 * in [0, 1], and a choice that is not takes in both branches. A product of a tensor with itself is a square.
 */
export const table: Table<Intervals> = {
  abs: each(abs),
  add: each(add),
  broadcast: (inputs, { parameters: { shape, axes } }) => moved(shape, x => repeated(x, shape, axes))(inputs),
  concat: (inputs, { parameters: { axis }, shape }) => moved(shape, (...xs) => joined(xs, axis, shape))(inputs),
  cos: each(cos),
  div: each(div),
  equal: each(equal),
  exp: each(exp),
  expm1: each(expm1),
  greater: each(greater),
  greaterEqual: each(greaterEqual),
  log: each(log),
  log1p: each(log1p),
  logAbsDet: inputs => logDeterminantsOf(first(inputs)),
  matmul: ([a, b], { parameters, shape }) => product(a as Intervals, b as Intervals, parameters, shape),
  max: (inputs, { parameters: { axes } }) => largest(first(inputs), axes),
  maximum: each(maximum),
  minimum: each(minimum),
  mul: (inputs, { inputs: [a, b] }) => each(a === b ? x => power(x, 2) : mul)(inputs),
  neg: each(neg),
  pad: (inputs, { parameters: { before }, shape }) => moved(shape, x => padded(x, before, shape))(inputs),
  permute: (inputs, { parameters: { axes }, shape }) => moved(shape, x => permuted(x, axes))(inputs),
  power: (inputs, { parameters: { exponent } }) => each(a => power(a, exponent))(inputs),
  reshape: (inputs, { parameters: { shape } }) => moved(shape, x => reshaped(x, shape))(inputs),
  select: each(select),
  sigmoid: each(sigmoid),
  sign: each(sign),
  sin: each(sin),
  slice: (inputs, { parameters: { start, shape } }) => moved(shape, x => windowed(x, start, shape))(inputs),
  softplus: each(softplus),
  solve: ([m, b], { parameters: { transpose } }) => solutionsOf(m as Intervals, b as Intervals, transpose),
  sqrt: each(sqrt),
  stopGradient: first,
  sub: each(sub),
  sum: (inputs, { parameters: { axes } }) => summed(first(inputs), axes),
  tanh: each(tanh)
}
