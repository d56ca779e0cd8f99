import { fromArray } from '../tensor/constructors.js'
import { type AffineParameters, affine } from './affine.js'

/** An affine map whose parameters start from data, so that its first output has mean 0 and variance 1 in every coordinate. */
export const actNorm = affine

/**
 * The data-dependent start of an ActNorm: to be used once, before training; never on loaded parameters.
 * Source: Kingma, Dhariwal 2018.
 * @param values what enters the layer, row-major [rows columns], at least one row; a variance below `floor` counts as it
 */
export const actNormStart = (
  values: ArrayLike<number>,
  columns: number,
  { floor = 1e-6 }: { readonly floor?: number } = {}
): AffineParameters => {
  const rows = values.length / columns
  const mean = new Float64Array(columns)
  const square = new Float64Array(columns)
  for (let i = 0; i < rows * columns; i++)
    mean[i % columns] = (mean[i % columns] as number) + (values[i] as number) / rows
  for (let i = 0; i < rows * columns; i++)
    square[i % columns] =
      (square[i % columns] as number) + ((values[i] as number) - (mean[i % columns] as number)) ** 2 / rows
  return {
    shift: fromArray(mean.map(x => -x)),
    logScale: fromArray(square.map(x => -0.5 * Math.log(Math.max(x, floor))))
  }
}
