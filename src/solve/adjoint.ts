import type { Machine } from '../interpret/runningError/machine.js'
import { roundingErrors } from '../interpret/runningError/runningError.js'
import { vjp } from '../rewrite/derivatives.js'
import { add } from '../tensor/primitives/add.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { div } from '../tensor/primitives/div.js'
import { sub } from '../tensor/primitives/sub.js'
import type { Tensor } from '../tensor/tensor.js'
import { norm } from './safeguard.js'

/** How good the solution of an adjoint system is. */
export interface AdjointReport {
  /** |v - J' y|. */
  readonly residual: Tensor
  /** An upper bound of the rounding error of evaluating v - J' y, on the machine that does. */
  readonly rounding: Tensor
  /** An upper bound of |y - y*|, y* the exact solution of J' y* = v at the z given: (residual + rounding) / (1 - c). */
  readonly errorBound: Tensor
}

/**
 * Judges an adjoint of a root, whoever solved for it: y with J' y = v, J the Jacobian of F at z, v the cotangent of the
 * root. The gradient of v . z in all that F captures is that of -y . F. As F - Id contracts by c, |J' w| >= (1 - c) |w|
 * for every w, so that |y - y*| <= |v - J' y| / (1 - c). The residual is evaluated by reverse mode, not from a matrix that
 * a solver may have used.
 * shape    f: [n] -> [n]; z, cotangent, adjoint [n], one sample
 * Source: Lu et al. 2021, eq. 16; the bound is that of Theorem 1 for the transposed linear map.
 * @param contraction c, proved to be below 1
 * @example adjointReport(referenceBackend.machine, z => mul(1.5, z), { z: fromArray([1]), cotangent: fromArray([3]), adjoint: fromArray([2]), contraction: scalar(0.5) }).residual // => 0
 */
export const adjointReport = (
  machine: Machine,
  f: (z: Tensor) => Tensor,
  {
    z,
    cotangent,
    adjoint,
    contraction
  }: { readonly z: Tensor; readonly cotangent: Tensor; readonly adjoint: Tensor; readonly contraction: Tensor }
): AdjointReport => {
  const missed = sub(cotangent, vjp(f)(z)[1](adjoint))
  const exact = new Map([z, cotangent, adjoint].map(x => [x, constantOf(0, x.shape)]))
  const rounding = norm(roundingErrors(machine, { known: exact })([missed])[0] as Tensor)
  const residual = norm(missed)
  return { residual, rounding, errorBound: div(add(residual, rounding), sub(1, contraction)) }
}
