import type { Points } from '../../data/points.js'

/** One column of a table, as a new array. */
export const column =
  (j: number) =>
  ({ rows, columns, values }: Points): Float64Array =>
    Float64Array.from({ length: rows }, (_, i) => values[i * columns + j] as number)
