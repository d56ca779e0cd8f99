import { defect } from '../../prelude/defect.js'
import { type Shape, showShape, sizeOf } from '../../tensor/shape.js'
import type { Interval } from './interval.js'
import { addDown, addUp } from './rounding.js'

/** An array of intervals: lower and upper bounds in row-major order; nothing is written after it is made. */
export interface Intervals {
  readonly shape: Shape
  readonly lo: Float64Array
  readonly hi: Float64Array
}

const filling = (values: ArrayLike<number>, shape: Shape): Float64Array =>
  values.length === sizeOf(shape)
    ? Float64Array.from(values)
    : defect(`${values.length} numbers do not fill shape ${showShape(shape)}`)

/**
 * Numbers as they are: intervals of width 0.
 * @throws TypeError if their number is not that of the shape
 * @example exactIntervals([1, 2]).hi // => [1, 2]
 */
export const exactIntervals = (values: ArrayLike<number>, shape: Shape = [values.length]): Intervals => {
  const owned = filling(values, shape)
  return { shape, lo: owned, hi: owned }
}

/**
 * Intervals from bounds; one whose bounds are not in order claims nothing.
 * @throws TypeError if the number of lower or of upper bounds is not that of the shape
 */
export const intervalsBetween = (
  lo: ArrayLike<number>,
  hi: ArrayLike<number>,
  shape: Shape = [lo.length]
): Intervals => {
  const [lower, upper] = [filling(lo, shape), filling(hi, shape)]
  for (let i = 0; i < lower.length; i++)
    if (!((lower[i] as number) <= (upper[i] as number))) lower[i] = upper[i] = Number.NaN
  return { shape, lo: lower, hi: upper }
}

/**
 * All numbers within a radius of values, rounded outward.
 * @param radii one for all, or one for each
 * @throws TypeError if the number of values or of radii is not that of the shape
 * @example intervalsAround([1], 0.5).lo // => [0.5]
 */
export const intervalsAround = (
  values: ArrayLike<number>,
  radii: ArrayLike<number> | number,
  shape: Shape = [values.length]
): Intervals => {
  const centres = filling(values, shape)
  const sizes = typeof radii === 'number' ? centres.map(() => radii) : filling(radii, shape)
  return intervalsBetween(
    centres.map((x, i) => addDown(x, -(sizes[i] as number))),
    centres.map((x, i) => addUp(x, sizes[i] as number)),
    shape
  )
}

/** One of an array's intervals. */
export const intervalAt = ({ lo, hi }: Intervals, index: number): Interval => ({
  lo: lo[index] as number,
  hi: hi[index] as number
})

/** An array whose intervals a function of the index gives. */
export const tabulated = (shape: Shape, f: (index: number) => Interval): Intervals => {
  const lo = new Float64Array(sizeOf(shape))
  const hi = new Float64Array(lo.length)
  for (let i = 0; i < lo.length; i++) {
    const entry = f(i)
    lo[i] = entry.lo
    hi[i] = entry.hi
  }
  return { shape, lo, hi }
}

/** A float within each interval, near its middle; 0 for unbounded ones, NaN for nothing. */
export const midpoints = ({ lo, hi }: Intervals): Float64Array =>
  lo.map((a, i) => {
    const b = hi[i] as number
    if (a === b || Number.isNaN(a)) return a
    const middle = a / 2 + b / 2
    return Number.isFinite(middle) ? Math.min(Math.max(middle, a), b) : Math.min(Math.max(0, a), b)
  })
