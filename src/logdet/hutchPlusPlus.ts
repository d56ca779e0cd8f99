import { vectorizeOver } from '../rewrite/vectorize.js'
import { dot } from '../solve/vectors.js'
import { add } from '../tensor/primitives/add.js'
import { stack } from '../tensor/primitives/concat.js'
import { div } from '../tensor/primitives/div.js'
import { stopGradient } from '../tensor/primitives/stopGradient.js'
import { range } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import type { LogDet } from './exact.js'
import { orthonormal, withoutPartsAlong } from './orthonormal.js'
import { type SeriesNoise, seriesWeights } from './powerSeries.js'
import { held, powerSums, pullbackAt, rowAt } from './powers.js'

/** Noise of `hutchPlusPlus`: a sketch, r vectors with random directions, independent of the probes; r < d. [r d] */
export interface SketchNoise extends SeriesNoise {
  readonly sketch: Tensor
}

const rowsOf = (matrix: Tensor): readonly Tensor[] => range(matrix.shape[0] as number).map(j => rowAt(matrix, j))

/**
 * The trace of A = sum over k of (-1)^(k+1) / k c_k J^k, an estimate of ln det(I + J) as unbiased as `powerSeries` with the
 * same coefficients: exact on the span Q of A applied to the sketch, by probes on what is orthogonal to it,
 * tr(Q' A Q) + mean v' (I - QQ') A (I - QQ') v. It takes 2 r + m products with A of as many terms each; worth it where few
 * singular values of J are large (a net with a narrow layer), not where J is near a multiple of an orthogonal matrix. For
 * values only: it has no derivative.
 * Source: Meyer, Musco, Musco and Woodruff 2021, Hutch++, algorithm 1.
 */
export const hutchPlusPlus =
  ({ sketch, probes, coefficients }: SketchNoise): LogDet =>
  g =>
  x => {
    const along = held(pullbackAt(g, x), x.shape)
    const weights = stack([seriesWeights(coefficients)])
    const product = (vectors: Tensor): Tensor =>
      vectorizeOver(
        v => [rowAt(powerSums(along, weights, v as Tensor), 0)],
        [vectors],
        [true],
        vectors.shape[0] as number,
        'first'
      )[0] as Tensor
    const span = orthonormal(rowsOf(product(sketch)))
    const inside = stack(span)
    const outside = stack(rowsOf(probes).map(v => withoutPartsAlong(span, v)))
    const probed = div(dot(product(outside), outside), probes.shape[0] as number)
    return stopGradient(add(dot(product(inside), inside), probed))
  }
