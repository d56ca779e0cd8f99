import { intervalProgram } from '../interpret/interval/evaluate.js'
import type { Intervals } from '../interpret/interval/intervals.js'
import { defect } from '../prelude/defect.js'
import { input } from '../tensor/primitives/input.js'
import { apply, type Tensor } from '../tensor/tensor.js'
import { enclosedRoot } from './enclosedRoot.js'
import { eliminated, linearRootsOf } from './linearRoot.js'
import { isRoot } from './root.js'

/** By elimination with intervals, which needs no more than the equation. */
const enclosedLinearRoot = (xs: readonly Intervals[], node: Tensor): Intervals => {
  const variables = xs.map((x, i) => input(`b${i}`, x.shape))
  const stated = apply(node.primitive, node.parameters, ...variables)
  const [value] = linearRootsOf([stated]).slice(-1).map(eliminated)
  return intervalProgram(variables, [value as Tensor])(xs)[0] as Intervals
}

/**
 * Prepares the outputs for evaluation by intervals: whatever numbers within their intervals the inputs are, the exact
 * real values of the outputs lie in the results. Rounded outward from + - * / and square roots only, which are the
 * operations whose rounding ECMAScript fixes; the elementary functions are this package's own. Roots are enclosed
 * as such, not as what their solver finds; iterations in exact arithmetic, over all steps that they may end with.
 * Where an operation may be undefined the bounds are NaN: nothing is claimed.
 * @param inputs the variables, in the order in which their intervals will be given
 * @throws TypeError if the outputs use an input that is not listed, or intervals have another shape than declared
 * @example enclosures([], [exp(scalar(1))])([])[0].lo[0] <= Math.E // => true
 */
export const enclosures = (
  inputs: readonly Tensor[],
  outputs: readonly Tensor[]
): ((values: readonly Intervals[]) => readonly Intervals[]) =>
  intervalProgram(inputs, outputs, {
    root: (xs, node) => (isRoot(node) ? enclosedRoot(xs, node) : defect(`${node.primitive.name} is no root`)),
    linearRoot: enclosedLinearRoot
  })
