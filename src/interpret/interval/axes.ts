import ndarray from 'ndarray'
import { range, type Shape, sizeOf } from '../../tensor/shape.js'
import { type Numbers, rowMajor } from '../reference/arrays.js'
import { add, type Interval, maximum } from './interval.js'
import { type Intervals, intervalAt, tabulated } from './intervals.js'

/** Moves lower and upper bounds alike, as `reference` moves numbers. */
export const moved =
  (shape: Shape, move: (...xs: readonly Numbers[]) => Numbers) =>
  (inputs: readonly Intervals[]): Intervals => {
    const bounds = (side: 'lo' | 'hi'): Float64Array =>
      rowMajor(move(...inputs.map(x => ndarray(x[side], [...x.shape]))))
    const lo = bounds('lo')
    return { shape, lo, hi: inputs.every(x => x.lo === x.hi) ? lo : bounds('hi') }
  }

/** Folds the entries along the axes, which vanish; there is a first one unless there is a start. */
const folded = (
  x: Intervals,
  axes: readonly number[],
  f: (sofar: Interval, entry: Interval) => Interval,
  start?: Interval
): Intervals => {
  const kept = range(x.shape.length).filter(axis => !axes.includes(axis))
  const shape = kept.map(axis => x.shape[axis] as number)
  const length = sizeOf(axes.map(axis => x.shape[axis] as number))
  const ordered = moved([...shape, length], y => y.transpose(...kept, ...axes))([x])
  return tabulated(
    shape,
    i =>
      range(length).reduce<Interval | undefined>((sofar, j) => {
        const entry = intervalAt(ordered, i * length + j)
        return sofar === undefined ? entry : f(sofar, entry)
      }, start) as Interval
  )
}

/** Sums along axes. */
export const summed = (x: Intervals, axes: readonly number[]): Intervals => folded(x, axes, add, { lo: 0, hi: 0 })

/** Maxima along axes. */
export const largest = (x: Intervals, axes: readonly number[]): Intervals => folded(x, axes, maximum)
