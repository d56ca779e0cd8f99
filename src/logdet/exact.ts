import type { Smooth } from '../lipschitz/contractive.js'
import { add } from '../tensor/primitives/add.js'
import { logAbsDet } from '../tensor/primitives/logAbsDet.js'
import { eye } from '../tensor/primitives/oneHot.js'
import type { Tensor } from '../tensor/tensor.js'

/**
 * A way to find ln |det(I + J)|, J the Jacobian of a contraction at a point: interchangeable in every block. Where the transposed J,
 * as `g.tangents` has it, is formed anyway, it is given, too, and estimators may take products from it.
 */
export type LogDet = (g: Smooth) => (x: Tensor, jacobian?: Tensor) => Tensor

/**
 * ln |det(I + J)| from the full Jacobian, by one forward pass with d tangents. Exact but for rounding, for any d.
 * Source: Lu et al. 2021, eq. 13.
 */
export const exact: LogDet = g => x => logAbsDet(add(eye(x.shape[0] as number), g.tangents(x)[1]))
