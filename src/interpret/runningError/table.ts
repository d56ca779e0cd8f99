import { abs } from '../../tensor/primitives/abs.js'
import { constantOf, zerosLike } from '../../tensor/primitives/constant.js'
import { div } from '../../tensor/primitives/div.js'
import { equal } from '../../tensor/primitives/equal.js'
import { greater } from '../../tensor/primitives/greater.js'
import { less } from '../../tensor/primitives/less.js'
import { max } from '../../tensor/primitives/max.js'
import { maximum } from '../../tensor/primitives/maximum.js'
import { mul } from '../../tensor/primitives/mul.js'
import { select } from '../../tensor/primitives/select.js'
import { sub } from '../../tensor/primitives/sub.js'
import { sum } from '../../tensor/primitives/sum.js'
import type { Table } from '../../tensor/primitives.js'
import { sizeOf } from '../../tensor/shape.js'
import { apply, type Tensor } from '../../tensor/tensor.js'
import { elementaryLine, powerLine } from './elementary.js'
import type { Elementary, Machine } from './machine.js'
import { atLeast, certain, gamma, isZero, margin, over, plus, scaled, times, tinyOf } from './magnitudes.js'
import { logAbsDetLine, matmulLine, solveLine } from './matrices.js'

type Line = (bounds: readonly Tensor[], node: Tensor) => Tensor

/** A primitive that only moves entries moves their bounds likewise. */
const likewise: Line = (bounds, { primitive, parameters, shape }) =>
  bounds.every(isZero) ? constantOf(0, shape) : apply(primitive, parameters, ...bounds)

const unchanged: Line = ([e]) => e as Tensor

/** The larger of the bounds: maxima and minima are 1-Lipschitz in the sup norm. */
const larger: Line = ([a, b]) =>
  isZero(a as Tensor) ? (b as Tensor) : isZero(b as Tensor) ? (a as Tensor) : maximum(a as Tensor, b as Tensor)

/** 1 where numbers this far apart, each off by its bound, may compare otherwise than computed; 1 if a bound is NaN. */
const mayFlip = (distance: Tensor, bound: Tensor): Tensor =>
  isZero(bound) ? zerosLike(distance) : select(equal(bound, 0), 0, sub(1, greater(distance, scaled(bound, margin))))

const comparison: Line = ([ea, eb], { inputs: [a, b] }) =>
  mayFlip(abs(sub(a as Tensor, b as Tensor)), plus(ea as Tensor, eb as Tensor))

/** The lines of the running error: from the bounds of a node's inputs to that of the node. */
export const tableFor = (machine: Machine): Table<Tensor> => {
  const u = machine.unitRoundoff
  const elementary = (name: Elementary): Line => elementaryLine(machine, name)
  const sumOfTwo: Line = ([ea, eb], node) => plus(scaled(abs(node), machine.addition * u), ea as Tensor, eb as Tensor)
  return {
    abs: unchanged,
    add: sumOfTwo,
    broadcast: likewise,
    concat: likewise,
    cos: elementary('cos'),
    div: ([ea, eb], node) => {
      const own = plus(scaled(abs(node), machine.division * u), tinyOf(machine))
      const quotient = plus(abs(node), tinyOf(machine))
      const moved = plus(ea as Tensor, times(quotient, eb as Tensor))
      return plus(own, over(moved, atLeast(node.inputs[1] as Tensor, eb as Tensor), div))
    },
    equal: comparison,
    exp: elementary('exp'),
    expm1: elementary('expm1'),
    greater: comparison,
    greaterEqual: comparison,
    log: elementary('log'),
    log1p: elementary('log1p'),
    logAbsDet: logAbsDetLine(machine),
    matmul: matmulLine(machine),
    max: ([e], { parameters: { axes }, shape }) =>
      isZero(e as Tensor) ? constantOf(0, shape) : max(certain(e as Tensor), axes),
    maximum: larger,
    minimum: larger,
    mul: ([ea, eb], node) => {
      const [a, b] = node.inputs as readonly [Tensor, Tensor]
      const [errorA, errorB] = [ea as Tensor, eb as Tensor]
      const own = plus(scaled(abs(node), u), tinyOf(machine))
      const left = isZero(errorB) ? errorB : times(plus(abs(a), errorA), errorB)
      return plus(own, left, times(abs(b), errorA))
    },
    neg: unchanged,
    pad: likewise,
    permute: likewise,
    power: powerLine(machine),
    reshape: likewise,
    select: ([ec, ea, eb], node) => {
      const [condition, a, b] = node.inputs as readonly [Tensor, Tensor, Tensor]
      const [errorA, errorB] = [ea as Tensor, eb as Tensor]
      const taken = isZero(errorA) && isZero(errorB) ? errorA : select(condition, errorA, errorB)
      if (isZero(ec as Tensor)) return taken
      const either = plus(abs(sub(a, b)), larger([errorA, errorB], node))
      return select(less(ec as Tensor, 0.5), taken, either)
    },
    sigmoid: elementary('sigmoid'),
    sign: ([e], node) => mul(mayFlip(abs(node.inputs[0] as Tensor), e as Tensor), 2),
    sin: elementary('sin'),
    slice: likewise,
    softplus: elementary('softplus'),
    solve: solveLine(machine),
    sqrt: elementary('sqrt'),
    stopGradient: unchanged,
    sub: sumOfTwo,
    sum: ([e], node) => {
      const x = node.inputs[0] as Tensor
      const { axes } = node.parameters
      const count = sizeOf(axes.map(axis => x.shape[axis] as number))
      const own = scaled(abs(x), gamma(machine, Math.max(0, count - 1)))
      const entries = plus(own, e as Tensor)
      return isZero(entries) ? constantOf(0, node.shape) : sum(entries, axes)
    },
    tanh: elementary('tanh')
  }
}
