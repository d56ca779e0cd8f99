import type { Points } from '../points.js'

/** A table of points of the plane, the i-th given by a function of i. */
export const plane =
  (count: number) =>
  (point: (i: number) => readonly [x: number, y: number]): Points => {
    const values = new Float64Array(2 * count)
    for (let i = 0; i < count; i++) values.set(point(i), 2 * i)
    return { rows: count, columns: 2, values }
  }
