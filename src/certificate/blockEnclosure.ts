import { intervalProgram } from '../interpret/interval/evaluate.js'
import { type Interval, meet, point, sub as subIntervals } from '../interpret/interval/interval.js'
import {
  exactIntervals,
  type Intervals,
  intervalAt,
  intervalsAround,
  midpoints,
  tabulated
} from '../interpret/interval/intervals.js'
import { addDown } from '../interpret/interval/rounding.js'
import { toArray } from '../interpret/reference/reference.js'
import { fromArray } from '../tensor/constructors.js'
import { abs } from '../tensor/primitives/abs.js'
import { add } from '../tensor/primitives/add.js'
import { div } from '../tensor/primitives/div.js'
import { input } from '../tensor/primitives/input.js'
import { logAbsDet } from '../tensor/primitives/logAbsDet.js'
import { matmul } from '../tensor/primitives/matmul.js'
import { mul } from '../tensor/primitives/mul.js'
import { eye } from '../tensor/primitives/oneHot.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { solve } from '../tensor/primitives/solve.js'
import { sqrt } from '../tensor/primitives/sqrt.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'
import type { EnclosedNet } from './netEnclosure.js'

/** A box [d] that holds a block's result, and an interval of its ln |det|. */
export interface EnclosedImage {
  readonly value: Intervals
  readonly logDet: Interval
}

/** Encloses a block's map: from a box to what the block makes of any point in it. */
export type EnclosedBlock = (box: Intervals) => EnclosedImage

const column = (x: Tensor): Tensor => reshape(x, [x.shape[0] as number, 1])
const times = (m: Tensor, x: Tensor): Tensor => reshape(matmul(m, column(x)), [m.shape[0] as number])

/** The formulas of a block in d dimensions, by intervals. Slopes are transposed Jacobians. */
const formulas = (d: number) => {
  const [x, dx, v, vx] = [input('x', [d]), input('x around', [d]), input('gx', [d]), input('slopes of gx', [d, d])]
  const [z, dz, w, wz] = [input('z', [d]), input('z around', [d]), input('gz', [d]), input('slopes of gz', [d, d])]
  const [inverse, gap] = [input('inverse', [d, d]), input('gap', [])]
  const plusIdentity = (slopes: Tensor): Tensor => add(eye(d), slopes)
  const transposed = (m: Tensor, y: Tensor): Tensor => reshape(matmul(m, column(y), { transposeA: true }), [d])
  const y = add(add(x, v), transposed(plusIdentity(vx), dx))
  const residual = sub(add(z, w), y)
  const here = sub(add(z, w), add(x, v))
  const slope = sub(eye(d), matmul(inverse, plusIdentity(wz), { transposeB: true }))
  const spread = times(matmul(inverse, plusIdentity(vx), { transposeB: true }), dx)
  const krawczyk = add(add(sub(z, times(inverse, here)), spread), times(slope, dz))
  return {
    /** x + gx(x) over a box, by the mean value form. */
    moved: intervalProgram([x, dx, v, vx], [y]),
    /** |z + gz(z) - x - gx(x)| / (1 - c): how far a z may be from the root, for all x of a box. */
    radius: intervalProgram([x, dx, v, vx, z, w, gap], [div(sqrt(sum(mul(abs(residual), abs(residual)))), gap)]),
    krawczyk: intervalProgram([x, dx, v, vx, z, dz, w, wz, inverse], [krawczyk]),
    logDet: intervalProgram([vx], [logAbsDet(plusIdentity(vx))])
  }
}

const zeros = (...shape: readonly number[]): Intervals =>
  exactIntervals(new Float64Array(shape.reduce((a, b) => a * b, 1)), shape)

/** A box around its middle: the middle, and the box less the middle. */
const centred = (box: Intervals): readonly [Float64Array, Intervals] => {
  const middle = midpoints(box)
  return [middle, tabulated(box.shape, i => subIntervals(intervalAt(box, i), point(middle[i] as number)))]
}

const meets = (a: Intervals, b: Intervals): Intervals =>
  tabulated(a.shape, i => meet(intervalAt(a, i), intervalAt(b, i)))

/** The inverse of I + J, about, from an enclosure of J'. */
const inverseNear = (slopes: Intervals): Intervals => {
  const d = slopes.shape[0] as number
  const m = add(eye(d), fromArray(midpoints(slopes), slopes.shape))
  return exactIntervals(toArray(solve(m, eye(d), { transpose: true })), [d, d])
}

const refinements = 2

/**
 * Encloses (Id + gz)^-1 after (Id + gx), either net possibly zero. The root for any x of a box lies within
 * |F| / (1 - c) of a point near it (Lu et al. 2021, Theorem 1); Krawczyk's operator, with mean value forms in z and in x
 * together, then tightens the box. `enclosedRoot` encloses the root of any F, known only as an expression: there inputs
 * that are intervals enter F as they are. Here F is known to be the difference of two halves, and the mean value form in x
 * keeps the box of one block from growing more in the next than the block's own slopes make it grow.
 * Source: Krawczyk 1969; Neumaier, Interval Methods for Systems of Equations, 5.1.
 */
export const enclosedBlock = (gx: EnclosedNet | null, gz: EnclosedNet | null, d: number): EnclosedBlock => {
  const { moved, radius, krawczyk, logDet } = formulas(d)
  const none: readonly [Intervals, Intervals] = [zeros(d), zeros(d, d)]
  const first = ([x]: readonly Intervals[]): Intervals => x as Intervals
  return box => {
    const [x, dx] = centred(box)
    const [v, vx] = gx === null ? none : gx.at(x, box)
    const start = [exactIntervals(x), dx, v, vx]
    const y = first(moved(start))
    const gained = gx === null ? point(0) : intervalAt(first(logDet([vx])), 0)
    if (gz === null) return { value: y, logDet: gained }
    const gap = exactIntervals([addDown(1, -gz.lipschitz)], [])
    let z = gz.rootNear(midpoints(y))
    const [near] = gz.at(z, exactIntervals(z))
    const r = first(radius([...start, exactIntervals(z), near, gap])).hi[0] as number
    let value = intervalsAround(z, r)
    let slopes = none[1]
    for (let i = 0; i < refinements; i++) {
      const [middle, dz] = centred(value)
      const [w, wz] = gz.at(middle, value)
      z = middle
      slopes = wz
      value = meets(value, first(krawczyk([...start, exactIntervals(z), dz, w, wz, inverseNear(wz)])))
    }
    return { value, logDet: subIntervals(gained, intervalAt(first(logDet([slopes])), 0)) }
  }
}
