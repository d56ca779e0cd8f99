import type { Points } from '../../data/points.js'
import { column } from './column.js'
import { hull, type Interval, padded, robustExtent } from './interval.js'

const around = (tables: ReadonlyArray<Points>, j: number, outside: number): Interval =>
  tables.map(t => robustExtent(outside)(column(j)(t))).reduce(hull)

/**
 * A square frame, equal units on both axes, around the first two columns of all tables.
 * @param outside  the fraction of outliers left out on either side of a column, 0.1 % by default
 */
export const squareAround = (tables: ReadonlyArray<Points>, outside = 0.001): readonly [Interval, Interval] => {
  const [x, y] = [around(tables, 0, outside), around(tables, 1, outside)]
  const half = Math.max(x[1] - x[0], y[1] - y[0], Number.MIN_VALUE) / 2
  const about = ([low, high]: Interval): Interval => padded(0.04)([(low + high) / 2 - half, (low + high) / 2 + half])
  return [about(x), about(y)]
}
