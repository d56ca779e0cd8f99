import type { Row, Rows } from './question.js'

/** a + t b, entry by entry. */
export const along = (a: Row, b: Row, t: number): Row => a.map((x, i) => x + t * (b[i] as number))

/** The rows of the unit matrix. */
export const unit = (d: number): Rows =>
  Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_, j) => (i === j ? 1 : 0)))
