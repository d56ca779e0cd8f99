import fc from 'fast-check'
import type { Points } from '../../src/data/points.js'

const finite = fc.double({ noNaN: true, noDefaultInfinity: true })

/** Tables of finite numbers with at least one row and column. */
export const anyPoints = (maxRows = 12, value: fc.Arbitrary<number> = finite): fc.Arbitrary<Points> =>
  fc
    .tuple(fc.integer({ min: 1, max: maxRows }), fc.integer({ min: 1, max: 4 }))
    .chain(([rows, columns]) =>
      fc
        .array(value, { minLength: rows * columns, maxLength: rows * columns })
        .map(values => ({ rows, columns, values: Float64Array.from(values) }))
    )

export const table = (rows: ReadonlyArray<ReadonlyArray<number>>): Points => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  values: Float64Array.from(rows.flat())
})

export const rowOf = ({ columns, values }: Points, i: number): Float64Array =>
  values.subarray(i * columns, (i + 1) * columns)
