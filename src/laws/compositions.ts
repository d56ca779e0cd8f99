import fc from 'fast-check'
import { abs } from '../tensor/primitives/abs.js'
import { add } from '../tensor/primitives/add.js'
import { broadcast } from '../tensor/primitives/broadcast.js'
import { concat } from '../tensor/primitives/concat.js'
import { cos } from '../tensor/primitives/cos.js'
import { div } from '../tensor/primitives/div.js'
import { equal } from '../tensor/primitives/equal.js'
import { exp } from '../tensor/primitives/exp.js'
import { expm1 } from '../tensor/primitives/expm1.js'
import { greater } from '../tensor/primitives/greater.js'
import { greaterEqual } from '../tensor/primitives/greaterEqual.js'
import { log } from '../tensor/primitives/log.js'
import { log1p } from '../tensor/primitives/log1p.js'
import { logAbsDet } from '../tensor/primitives/logAbsDet.js'
import { matmul } from '../tensor/primitives/matmul.js'
import { max } from '../tensor/primitives/max.js'
import { maximum } from '../tensor/primitives/maximum.js'
import { minimum } from '../tensor/primitives/minimum.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { eye } from '../tensor/primitives/oneHot.js'
import { pad } from '../tensor/primitives/pad.js'
import { permute } from '../tensor/primitives/permute.js'
import { power } from '../tensor/primitives/power.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { select } from '../tensor/primitives/select.js'
import { sigmoid } from '../tensor/primitives/sigmoid.js'
import { sign } from '../tensor/primitives/sign.js'
import { sin } from '../tensor/primitives/sin.js'
import { slice } from '../tensor/primitives/slice.js'
import { softplus } from '../tensor/primitives/softplus.js'
import { solve } from '../tensor/primitives/solve.js'
import { sqrt } from '../tensor/primitives/sqrt.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import { tanh } from '../tensor/primitives/tanh.js'
import { broadcastShapes, range, sizeOf } from '../tensor/shape.js'
import { rankOf, type Tensor } from '../tensor/tensor.js'
import { type Mood, type Sample, samples, shapes } from './samples.js'

/** A step of a composition: applied to two tensors made before; n chooses axes, lengths and the like. */
type Operation = (a: Tensor, b: Tensor, n: number) => Tensor

const square = (a: Tensor): Tensor => mul(a, a)
const axisOf = (a: Tensor, n: number): number => n % Math.max(1, rankOf(a))
const along = (a: Tensor, n: number, on: number, off: number): readonly number[] =>
  range(rankOf(a)).map(axis => (axis === axisOf(a, n) ? on : off))

/** Two tensors whose shapes broadcast together. */
const fitting =
  (f: (a: Tensor, b: Tensor) => Tensor): Operation =>
  (a, b) =>
    f(broadcastShapes(a.shape, b.shape) === undefined ? sum(a) : a, b)

/** Any tensor as a matrix of at most three rows. */
const matrix = (a: Tensor): Tensor => {
  const columns = a.shape.at(-1) ?? 1
  const rows = sizeOf(a.shape) / columns
  const all = reshape(a, [rows, columns])
  return slice(all, [0, 0], [Math.min(3, rows), columns])
}

/** I + A with spectral norm of A below 1. */
const contraction = (a: Tensor): Tensor => {
  const m = matrix(a)
  const scale = add(1, sum(square(m)))
  return add(eye(m.shape[0] as number), div(matmul(m, sin(m), { transposeB: true }), scale))
}

const product: Operation = (a, b) => {
  const [left, right] = [matrix(a), matrix(b)]
  return left.shape[1] === right.shape[0] ? matmul(left, right) : matmul(left, cos(left), { transposeB: true })
}

const smooth: readonly Operation[] = [
  fitting(add),
  fitting(sub),
  fitting(mul),
  fitting((a, b) => div(a, add(1, square(b)))),
  a => sin(a),
  a => cos(a),
  a => exp(tanh(a)),
  a => expm1(sin(a)),
  a => log(add(0.5, square(a))),
  a => log1p(square(a)),
  a => sqrt(add(0.5, square(a))),
  a => sigmoid(a),
  a => softplus(a),
  a => tanh(a),
  a => neg(a),
  (a, _, n) => power(a, 1 + (n % 3)),
  (a, _, n) => power(add(1, square(a)), -1 - (n % 3)),
  (a, _, n) => (rankOf(a) === 0 ? a : sum(a, [axisOf(a, n)])),
  (a, _, n) =>
    broadcast(
      a,
      [1 + (n % 3), ...a.shape],
      range(rankOf(a)).map(axis => axis + 1)
    ),
  a => reshape(a, [sizeOf(a.shape)]),
  a => permute(a, [...range(rankOf(a))].reverse()),
  (a, _, n) => {
    const start = along(a, n, 1, 0).map((first, axis) => (a.shape[axis] === 1 ? 0 : first))
    return slice(
      a,
      start,
      a.shape.map((length, axis) => length - (start[axis] as number))
    )
  },
  (a, _, n) => pad(a, along(a, n, 1, 0), along(a, n, 0, n % 2)),
  (a, _, n) => (rankOf(a) === 0 ? a : concat([a, sin(a)], axisOf(a, n))),
  product,
  (a, b) => solve(contraction(a), matrix(sin(fittingRows(b, contraction(a))))),
  a => logAbsDet(contraction(a))
]

const fittingRows = (b: Tensor, m: Tensor): Tensor => {
  const rows = m.shape[0] as number
  const flat = reshape(b, [sizeOf(b.shape)])
  return broadcast(sum(flat), [rows, 2], [])
}

const kinked: readonly Operation[] = [
  a => abs(a),
  a => sign(a),
  (a, _, n) => (rankOf(a) === 0 ? a : max(a, [axisOf(a, n)])),
  fitting(maximum),
  fitting(minimum),
  fitting(greater),
  fitting(greaterEqual),
  fitting(equal),
  fitting((a, b) => select(greater(a, b), sin(a), neg(b)))
]

/** A function of few small tensors, as data: which operation is applied to what, and where it is evaluated. */
export interface Composition {
  readonly steps: readonly (readonly [operation: number, a: number, b: number, n: number])[]
  readonly arguments: readonly Sample[]
  readonly smooth: boolean
}

/** Random compositions of all primitives, or of the smooth ones only. */
export const compositions = ({
  smoothly = true,
  mood = 'ordinary' as Mood,
  steps = 8,
  variables = 2
} = {}): fc.Arbitrary<Composition> => {
  const argument = shapes({ maxRank: 2 }).chain(shape => samples(shape, 'real', mood))
  const step = fc.tuple(fc.nat(997), fc.nat(31), fc.nat(31), fc.nat(5))
  return fc
    .tuple(
      fc.array(step, { minLength: 1, maxLength: steps }),
      fc.array(argument, { minLength: variables, maxLength: variables })
    )
    .map(([chosen, sampled]) => ({ steps: chosen, arguments: sampled, smooth: smoothly }))
}

/** A composition as a function of its arguments: what its last step made; steps use the four tensors made last. */
export const composed =
  ({ steps, smooth: onlySmooth }: Composition) =>
  (xs: readonly Tensor[]): Tensor => {
    const operations = onlySmooth ? smooth : [...smooth, ...kinked]
    const last = steps.reduce<readonly Tensor[]>((recent, [operation, a, b, n]) => {
      const pick = (i: number): Tensor => recent[i % recent.length] as Tensor
      const next = (operations[operation % operations.length] as Operation)(pick(a), pick(b), n)
      return [sizeOf(next.shape) > 40 || rankOf(next) > 4 ? sum(next) : next].concat(recent.slice(0, 3))
    }, xs.toReversed())
    return last[0] as Tensor
  }
