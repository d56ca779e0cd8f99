import type { Machine } from '../interpret/runningError/machine.js'
import { roundingErrors } from '../interpret/runningError/runningError.js'
import { add } from '../tensor/primitives/add.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { div } from '../tensor/primitives/div.js'
import { lessEqual } from '../tensor/primitives/less.js'
import { maximum } from '../tensor/primitives/maximum.js'
import { mul } from '../tensor/primitives/mul.js'
import { sub } from '../tensor/primitives/sub.js'
import type { Tensor } from '../tensor/tensor.js'
import { alongRows, type RootNode, residualOf, solved } from './root.js'
import { norm } from './safeguard.js'

/** How a root was found, a number for every sample. */
export interface RootReport {
  /** Solver steps. */
  readonly iterations: Tensor
  /** |F| at the value found. */
  readonly residual: Tensor
  /** An upper bound of the rounding error of evaluating F there, on the machine that does. */
  readonly rounding: Tensor
  /** An upper bound of the distance from the exact root: (|F| + rounding) / (1 - c). Lu et al. 2021, Theorem 1. */
  readonly errorBound: Tensor
  /** 1 where |F| <= max(tolerance (1 + |z|), 2 rounding), else 0, also where F is not finite. */
  readonly converged: Tensor
}

/** |F| up to which a root counts as found, rounding apart: tolerance (1 + |z|). */
const goalAt = (tolerance: number, z: Tensor): Tensor => mul(tolerance, add(1, norm(z)))

/**
 * 1 for every sample with |F| <= tolerance (1 + |z|), else 0: converged by itself. Where it is 0, a report decides, which
 * allows for rounding and takes about as long as an evaluation of F.
 */
export const withinTolerance = (node: RootNode): Tensor =>
  alongRows(node, (z, f) => [lessEqual(norm(f), goalAt(node.parameters.tolerance, z))], [
    node,
    solved(node).residual
  ])[0] as Tensor

/** The report of a root, as expressions of the machine's own values. */
export const reportOf = (machine: Machine, node: RootNode): RootReport => {
  const { body, tolerance } = node.parameters
  const { residual: found, iterations } = solved(node)
  const judge = (z: Tensor, f: Tensor, contraction: Tensor, ...free: readonly Tensor[]): readonly Tensor[] => {
    const residual = residualOf(body, free)(z)
    const exact = new Map([z, ...free].map(x => [x, constantOf(0, x.shape)]))
    const rounding = norm(roundingErrors(machine, { known: exact })([residual])[0] as Tensor)
    const size = norm(f)
    const goal = maximum(goalAt(tolerance, z), mul(2, rounding))
    return [size, rounding, div(add(size, rounding), sub(1, contraction)), lessEqual(size, goal)]
  }
  const [residual, rounding, errorBound, converged] = alongRows(node, judge, [node, found]) as [
    Tensor,
    Tensor,
    Tensor,
    Tensor
  ]
  return { iterations, residual, rounding, errorBound, converged }
}
