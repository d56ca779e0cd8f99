import type { DataError } from './dataError.js'

/** A table of points: one row a point, one column a dimension; float64, row-major, never written after construction. */
export interface Points {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

/** The first value of an array that is no finite number, if there is one. */
export const firstNotFinite = (file: string, { values, columns }: Points): DataError | undefined => {
  const i = values.findIndex(value => !Number.isFinite(value))
  if (i < 0) return undefined
  const at = { unit: 'row', row: Math.floor(i / columns) + 1, column: (i % columns) + 1 } as const
  return { _tag: 'NotFinite', file, at, text: `${values[i]}` }
}

/** The columns listed, in that order, as a new table. */
export const selectColumns = (points: Points, columns: readonly number[]): Points => ({
  rows: points.rows,
  columns: columns.length,
  values: Float64Array.from({ length: points.rows * columns.length }, (_, k) => {
    const row = Math.floor(k / columns.length)
    return points.values[row * points.columns + (columns[k % columns.length] as number)] as number
  })
})

/** The rows listed, in that order, as a new table. */
export const selectRows = (points: Points, rows: ArrayLike<number>): Points => {
  const { columns } = points
  const values = new Float64Array(rows.length * columns)
  for (let i = 0; i < rows.length; i++)
    values.set(points.values.subarray((rows[i] as number) * columns, ((rows[i] as number) + 1) * columns), i * columns)
  return { rows: rows.length, columns, values }
}
