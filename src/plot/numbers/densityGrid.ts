import type { Points } from '../../data/points.js'
import { defect } from '../../prelude/defect.js'
import type { Interval } from './interval.js'

/** A rectangle of the plane cut into equal cells. */
export interface Grid {
  readonly x: Interval
  readonly y: Interval
  readonly columns: number
  readonly rows: number
}

/** A density on a grid: log density in nats per cell centre, row-major [rows columns], row 0 at the lowest y. */
export interface DensityGrid {
  readonly grid: Grid
  readonly logDensity: Float64Array
}

/** The square [low, high]² cut into n x n cells. */
export const squareGrid = ([low, high]: Interval, n: number): Grid => ({
  x: [low, high],
  y: [low, high],
  columns: n,
  rows: n
})

/** The cell centres as points [rows*columns 2], in the order of `DensityGrid`: evaluate a model's log density there. */
export const cellCentres = ({ x, y, columns, rows }: Grid): Points => {
  const values = new Float64Array(rows * columns * 2)
  for (let i = 0; i < rows * columns; i++) {
    values[2 * i] = x[0] + (((i % columns) + 0.5) / columns) * (x[1] - x[0])
    values[2 * i + 1] = y[0] + ((Math.floor(i / columns) + 0.5) / rows) * (y[1] - y[0])
  }
  return { rows: rows * columns, columns: 2, values }
}

/**
 * How many points fall into each cell, row-major, row 0 at the lowest y; points outside the grid count nowhere.
 * @param first, second  the columns of the points that are drawn along x and along y
 */
export const cellCounts =
  ({ x, y, columns, rows }: Grid, first = 0, second = 1) =>
  (points: Points): Float64Array => {
    const counts = new Float64Array(rows * columns)
    for (let i = 0; i < points.rows; i++) {
      const across = (((points.values[i * points.columns + first] as number) - x[0]) / (x[1] - x[0])) * columns
      const up = (((points.values[i * points.columns + second] as number) - y[0]) / (y[1] - y[0])) * rows
      if (across < 0 || across > columns || up < 0 || up > rows) continue
      const cell = Math.min(rows - 1, Math.floor(up)) * columns + Math.min(columns - 1, Math.floor(across))
      counts[cell] = (counts[cell] as number) + 1
    }
    return counts
  }

/** The histogram density of 2-D points: log(count / (points * cell area)), -Infinity in empty cells. */
export const histogramDensity =
  (grid: Grid) =>
  (points: Points): DensityGrid => {
    if (points.columns !== 2) return defect(`histogramDensity wants points with 2 columns, got ${points.columns}`)
    const area = ((grid.x[1] - grid.x[0]) / grid.columns) * ((grid.y[1] - grid.y[0]) / grid.rows)
    return { grid, logDensity: cellCounts(grid)(points).map(count => Math.log(count / (points.rows * area))) }
  }
