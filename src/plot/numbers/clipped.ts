import type { Interval } from './interval.js'

/** A vertex of a curve; y is null where the curve breaks. */
export interface Vertex {
  readonly x: number
  readonly y: number | null
}

/** Where the segment from (x0, y0) to (x1, y1), which crosses `level`, does so. */
const crossing = (x0: number, y0: number, x1: number, y1: number, level: number): Vertex => ({
  x: x0 + ((level - y0) / (y1 - y0)) * (x1 - x0),
  y: level
})

/**
 * The curve through (x[i], y[i]) cut off at both ends of an interval of y, exactly where it crosses them. Numbers that
 * are not finite break it. The drawing library must never see far outside the frame: it aborts the process there.
 */
export const clipped =
  ([low, high]: Interval) =>
  (x: ArrayLike<number>, y: ArrayLike<number>): ReadonlyArray<Vertex> => {
    const side = (value: number): -1 | 0 | 1 => (value < low ? -1 : value > high ? 1 : 0)
    return Array.from(x, (at, i): ReadonlyArray<Vertex> => {
      const here = y[i] ?? NaN
      if (!Number.isFinite(here)) return [{ x: at, y: null }]
      const outside = side(here)
      if (outside === 0) return [{ x: at, y: here }]
      const level = outside < 0 ? low : high
      const towards = (j: number): ReadonlyArray<Vertex> => {
        const there = y[j] ?? NaN
        return Number.isFinite(there) && side(there) !== outside
          ? [crossing(at, here, x[j] as number, there, level)]
          : []
      }
      return [...towards(i - 1), { x: at, y: null }, ...towards(i + 1)]
    }).flat()
  }
