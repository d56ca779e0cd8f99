import type { Points } from '../../data/points.js'
import type { Interval } from './interval.js'

/** A polyline [points 2] of a grid: where `along` is 'y', every point had x equal to `coordinate` before the map. */
export interface GridLine {
  readonly along: 'x' | 'y'
  readonly coordinate: number
  readonly points: Points
}

const straight = (along: 'x' | 'y', coordinate: number, [low, high]: Interval, vertices: number): GridLine => {
  const values = new Float64Array(2 * vertices)
  for (let i = 0; i < vertices; i++) {
    const running = low + ((high - low) * i) / (vertices - 1)
    values.set(along === 'x' ? [running, coordinate] : [coordinate, running], 2 * i)
  }
  return { along, coordinate, points: { rows: vertices, columns: 2, values } }
}

/** The regular grid of a rectangle: `count` lines each way, each a polyline of `vertices` points. */
export const regularGrid = (x: Interval, y: Interval, count = 21, vertices = 200): ReadonlyArray<GridLine> => {
  const coordinates = ([low, high]: Interval) =>
    Array.from({ length: count }, (_, i) => low + ((high - low) * i) / (count - 1))
  return [
    ...coordinates(x).map(c => straight('y', c, y, vertices)),
    ...coordinates(y).map(c => straight('x', c, x, vertices))
  ]
}

/** The image of every line under a map of points; the map sees one line at a time and keeps rows in order. */
export const mapLines =
  (map: (points: Points) => Points) =>
  (lines: ReadonlyArray<GridLine>): ReadonlyArray<GridLine> =>
    lines.map(line => ({ ...line, points: map(line.points) }))
