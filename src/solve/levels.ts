import { vectorizeOver } from '../rewrite/vectorize.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { type Shape, sizeOf } from '../tensor/shape.js'
import type { Side, Tensor } from '../tensor/tensor.js'

/** An axis of rows: its length and side, and which of the node's inputs carry it. The first level was added last. */
export interface Level {
  readonly size: number
  readonly side: Side
  readonly mapped: readonly boolean[]
}

/** A function of one sample, applied along all levels. */
export const along = (
  levels: readonly Level[],
  f: (...xs: readonly Tensor[]) => readonly Tensor[],
  xs: readonly Tensor[]
): readonly Tensor[] => {
  const [level, ...rest] = levels
  return level === undefined
    ? f(...xs)
    : vectorizeOver((...rows) => along(rest, f, rows), xs, level.mapped, level.size, level.side)
}

/** The shape of all rows of a sample's shape. */
export const withLevels = (levels: readonly Level[], sample: Shape): Shape =>
  levels.reduceRight<Shape>((shape, { size, side }) => (side === 'first' ? [size, ...shape] : [...shape, size]), sample)

/** All entries as a vector. */
export const flat = (x: Tensor): Tensor => reshape(x, [sizeOf(x.shape)])
