/** A table of points: one row a point, one column a dimension; float64, row-major, never written after construction. */
export interface Points {
  readonly rows: number
  readonly columns: number
  readonly values: Float64Array
}

/** The rows listed, in that order, as a new table. */
export const selectRows = (points: Points, rows: ArrayLike<number>): Points => {
  const { columns } = points
  const values = new Float64Array(rows.length * columns)
  for (let i = 0; i < rows.length; i++)
    values.set(points.values.subarray((rows[i] as number) * columns, ((rows[i] as number) + 1) * columns), i * columns)
  return { rows: rows.length, columns, values }
}
