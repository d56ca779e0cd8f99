import { taskEither as TE } from 'fp-ts'
import { logProb } from '../distribution/pushforward.js'
import { type Architecture, flowOf } from '../flow/architecture.js'
import { flowInput, layoutOf, packed, unpacked } from '../flow/layout.js'
import type { Method } from '../flow/residual.js'
import type { Backend, BackendError, Compiled } from '../interpret/backend.js'
import { valueAndGrad } from '../rewrite/derivatives.js'
import { simplify } from '../rewrite/simplify.js'
import { vectorizeOver } from '../rewrite/vectorize.js'
import { isRoot, solved } from '../solve/root.js'
import { norm } from '../solve/safeguard.js'
import { topological } from '../tensor/graph.js'
import { add } from '../tensor/primitives/add.js'
import { stack } from '../tensor/primitives/concat.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { input } from '../tensor/primitives/input.js'
import { lessEqual } from '../tensor/primitives/less.js'
import { max } from '../tensor/primitives/max.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'

/** Euclidean norm of every row of [d size]. */
const rowNorms = (rows: Tensor): Tensor =>
  vectorizeOver(x => [norm(x as Tensor)], [rows], [true], rows.shape.at(-1) as number, 'last')[0] as Tensor

/** What a block of rows contributes to a training step. */
export interface RowsProgram {
  readonly size: number
  /**
   * Inputs: flat effective parameters, points [d size], weights [size] (0 for padding). Outputs: sum of weighted
   * negative log-likelihoods (nats), its flat gradient, and for every root the rows not converged and the most steps.
   */
  readonly run: Compiled
}

/**
 * The loss of a fixed number of rows and its gradient, compiled.
 * @param size rows in a block: kernels may round differently for other sizes, so it never varies
 */
export const rowsProgram = (
  backend: Backend,
  architecture: Architecture,
  method: Method,
  size: number
): TE.TaskEither<BackendError, RowsProgram> => {
  const layout = layoutOf(architecture)
  const flat = input('effective', [layout.size])
  const points = input('points', [architecture.dimension, size])
  const weights = input('weights', [size])
  const norms = layout.segments.filter(({ kind }) => kind === 'weight').map(() => constantOf(architecture.coefficient))
  const density = logProb(flowOf(architecture, method))
  const loss = (tensors: readonly Tensor[]): Tensor => {
    const parameters = flowInput(architecture, tensors, norms)
    const [nats] = vectorizeOver(
      x => [neg(density(parameters)(x as Tensor).logDensity)],
      [points],
      [true],
      size,
      'last'
    )
    return simplify([sum(mul(weights, nats as Tensor))])[0] as Tensor
  }
  const [value, gradient] = valueAndGrad(loss)(unpacked(layout, flat))
  const roots = topological([value]).filter(isRoot)
  const unconverged = roots.map(node => {
    const { residual } = solved(node)
    const goal = mul(method.tolerance, add(1, rowNorms(node)))
    return sum(mul(weights, sub(1, lessEqual(rowNorms(residual), goal))))
  })
  const steps = roots.map(node => max(solved(node).iterations))
  const outputs = [value, packed(gradient), ...(roots.length === 0 ? [] : [stack(unconverged), stack(steps)])]
  return TE.map((run: Compiled) => ({ size, run }))(backend.compile([flat, points, weights], outputs))
}
