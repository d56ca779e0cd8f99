import { type Architecture, flowOf } from '../flow/architecture.js'
import type { Method } from '../flow/residual.js'
import type { Compiled } from '../interpret/backend.js'
import type { Machine } from '../interpret/runningError/machine.js'
import { neumannSeries } from '../logdet/powerSeries.js'
import { linearRootsOf, solvedLinear } from '../solve/linearRoot.js'
import { reportOf, withinTolerance } from '../solve/report.js'
import { type RootNode, solved } from '../solve/root.js'
import { add } from '../tensor/primitives/add.js'
import { stack } from '../tensor/primitives/concat.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { input } from '../tensor/primitives/input.js'
import { max } from '../tensor/primitives/max.js'
import { mul } from '../tensor/primitives/mul.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'

/** What a block of rows contributes to a training step. */
export interface RowsProgram {
  readonly size: number
  /**
   * Inputs: flat effective parameters, points [d size], weights [size] (0 for padding), and the noise of estimated
   * log-determinants if there is any: probes and coefficients. Outputs: sum of weighted negative log-likelihoods (nats),
   * its flat gradient, the rows of linear systems behind it that did not converge [1], and if there are roots, of every one
   * the rows with |F| above the tolerance, and the most steps.
   */
  readonly run: Compiled
  /**
   * The same inputs -> for every root, the rows not converged where rounding is allowed for: |F| above twice the
   * rounding error of evaluating F as well. Compiled when it is first needed.
   */
  readonly judge: Compiled
}

/** The inputs of estimated log-determinants: a probe of every row [d size] and coefficients [terms]; none if exact. */
export const noiseInputs = (d: number, size: number, terms: number | null): readonly Tensor[] =>
  terms === null ? [] : [input('probes', [d, size]), input('coefficients', [terms])]

/** The flow whose log-determinants one sample's noise estimates: its probe [d] and the coefficients; exact without. */
export const noisyFlow = (
  architecture: Architecture,
  method: Method,
  probe: Tensor | undefined,
  coefficients: Tensor | undefined
) =>
  flowOf(
    architecture,
    probe === undefined || coefficients === undefined
      ? method
      : { ...method, logDet: neumannSeries({ probes: reshape(probe, [1, architecture.dimension]), coefficients }) }
  )

/** Rows, by weight, for which an indicator is 0. */
const missing = (weights: Tensor, indicator: Tensor): Tensor => sum(mul(weights, sub(1, indicator)))

/** A list of tensors of one shape that may be empty, as one or none. */
export const stacked = (tensors: readonly Tensor[]): readonly Tensor[] => (tensors.length === 0 ? [] : [stack(tensors)])

/** Of every root, the rows with |F| above the tolerance, and the most steps; nothing without roots. */
export const rootCounts = (roots: readonly RootNode[], weights: Tensor): readonly Tensor[] => [
  ...stacked(roots.map(node => missing(weights, withinTolerance(node)))),
  ...stacked(roots.map(node => max(solved(node).iterations)))
]

/** Rows, by weight, of all linear systems behind some outputs that have not converged, [1]. */
export const linearCounts = (outputs: readonly Tensor[], weights: Tensor): Tensor =>
  reshape(
    linearRootsOf(outputs)
      .map(node => missing(weights, solvedLinear(node).converged))
      .reduce((total, one) => add(total, one), constantOf(0)),
    [1]
  )

/** Of every root, the rows that have not converged, rounding allowed for; nothing without roots. */
export const rootJudgement = (roots: readonly RootNode[], machine: Machine, weights: Tensor): readonly Tensor[] =>
  stacked(roots.map(node => missing(weights, reportOf(machine, node).converged)))
