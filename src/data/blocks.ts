import type { Points } from './points.js'

/** A fixed number of rows of a table, as programs take them. */
export interface Block<A extends Float32Array | Float64Array> {
  /** Feature-major [d size], padded with the block's first row. */
  readonly points: A
  /** 1 for every row of the table, 0 for padding. */
  readonly weights: A
  /** Rows of the table in the block. */
  readonly rows: number
}

/** Cuts a table into blocks of equal size. */
export const blocksOf = <A extends Float32Array | Float64Array>(
  { rows, columns, values }: Points,
  size: number,
  zeros: (length: number) => A
): readonly Block<A>[] =>
  Array.from({ length: Math.ceil(rows / size) }, (_, b) => {
    const points = zeros(columns * size)
    const weights = zeros(size)
    for (let i = 0; i < size; i++) {
      const row = b * size + i
      const from = row < rows ? row : b * size
      weights[i] = row < rows ? 1 : 0
      for (let j = 0; j < columns; j++) points[j * size + i] = values[from * columns + j] as number
    }
    return { points, weights, rows: Math.min(size, rows - b * size) }
  })
