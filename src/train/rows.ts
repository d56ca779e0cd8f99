import { type either as E, taskEither as TE } from 'fp-ts'
import { logProb } from '../distribution/pushforward.js'
import { type Architecture, flowOf } from '../flow/architecture.js'
import { flowInput, layoutOf, packed, unpacked } from '../flow/layout.js'
import type { Method } from '../flow/residual.js'
import type { Backend, BackendError, Compiled } from '../interpret/backend.js'
import { neumannSeries } from '../logdet/powerSeries.js'
import { valueAndGrad } from '../rewrite/derivatives.js'
import { simplify } from '../rewrite/simplify.js'
import { vectorizeOver } from '../rewrite/vectorize.js'
import { reportOf } from '../solve/report.js'
import { isRoot, type Solved, solved } from '../solve/root.js'
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
import { reshape } from '../tensor/primitives/reshape.js'
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
   * Inputs: flat effective parameters, points [d size], weights [size] (0 for padding), and the noise of `lossOf` if
   * there is any. Outputs: sum of weighted
   * negative log-likelihoods (nats), its flat gradient, and for every root the rows with |F| above the tolerance and
   * the most steps.
   */
  readonly run: Compiled
  /**
   * The same inputs -> for every root, the rows not converged where rounding is allowed for: |F| above twice the
   * rounding error of evaluating F as well. Compiled when it is first needed.
   */
  readonly judge: Compiled
}

/**
 * The inputs of a block of rows, and its loss: the sum of weighted negative log-likelihoods, nats. With a number of terms,
 * log-determinants are estimated, and there are two more inputs: probes [d size] and coefficients [terms].
 */
export const lossOf = (architecture: Architecture, method: Method, size: number, terms: number | null = null) => {
  const layout = layoutOf(architecture)
  const flat = input('effective', [layout.size])
  const points = input('points', [architecture.dimension, size])
  const weights = input('weights', [size])
  const norms = layout.segments.filter(({ kind }) => kind === 'weight').map(() => constantOf(architecture.coefficient))
  const noise = terms === null ? [] : [input('probes', [architecture.dimension, size]), input('coefficients', [terms])]
  const [probes, coefficients] = noise
  const densityWith = (probe: Tensor | undefined) =>
    logProb(
      flowOf(
        architecture,
        probe === undefined || coefficients === undefined
          ? method
          : { ...method, logDet: neumannSeries({ probes: reshape(probe, [1, architecture.dimension]), coefficients }) }
      )
    )
  const loss = (tensors: readonly Tensor[]): Tensor => {
    const parameters = flowInput(architecture, tensors, norms)
    const mapped = probes === undefined ? [points] : [points, probes]
    const [nats] = vectorizeOver(
      (x, probe) => [neg(densityWith(probe)(parameters)(x as Tensor).logDensity)],
      mapped,
      mapped.map(() => true),
      size,
      'last'
    )
    return simplify([sum(mul(weights, nats as Tensor))])[0] as Tensor
  }
  return { inputs: [flat, points, weights, ...noise], parts: unpacked(layout, flat), weights, loss }
}

/** Rows, by weight, for which an indicator is 0. */
const missing = (weights: Tensor, indicator: Tensor): Tensor => sum(mul(weights, sub(1, indicator)))

const judgeProgram = (
  backend: Backend,
  architecture: Architecture,
  method: Method,
  size: number,
  terms: number | null
): TE.TaskEither<BackendError, Compiled> => {
  const { inputs, parts, weights, loss } = lossOf(architecture, method, size, terms)
  const counts = topological([loss(parts)])
    .filter(isRoot)
    .map(node => missing(weights, reportOf(backend.machine, node).converged))
  return backend.compile(inputs, counts.length === 0 ? [] : [stack(counts)])
}

/** A task that runs once, when it is first needed. */
const once = <L, A>(task: TE.TaskEither<L, A>): TE.TaskEither<L, A> => {
  let result: Promise<E.Either<L, A>> | undefined
  return () => {
    result ??= task()
    return result
  }
}

/**
 * The loss of a fixed number of rows and its gradient, compiled.
 * @param size rows in a block: kernels may round differently for other sizes, so it never varies
 * @param threads how many blocks may run side by side
 * @param terms of estimated log-determinants; null if they are exact
 */
export const rowsProgram = (
  backend: Backend,
  architecture: Architecture,
  method: Method,
  size: number,
  threads: number,
  terms: number | null = null
): TE.TaskEither<BackendError, RowsProgram> => {
  const { inputs, parts, weights, loss } = lossOf(architecture, method, size, terms)
  const [value, gradient] = valueAndGrad(loss)(parts)
  const roots = topological([value]).filter(isRoot)
  const found = roots.map(node => solved(node))
  const above = roots.map((node, i) => {
    const goal = mul(method.tolerance, add(1, rowNorms(node)))
    return missing(weights, lessEqual(rowNorms((found[i] as Solved).residual), goal))
  })
  const steps = found.map(({ iterations }) => max(iterations))
  const outputs = [value, packed(gradient), ...(roots.length === 0 ? [] : [stack(above), stack(steps)])]
  const judge = once(() => judgeProgram(backend, architecture, method, size, terms)())
  return TE.map(
    (run: Compiled): RowsProgram => ({
      size,
      run,
      judge: values => TE.flatMap(judge, program => program(values))
    })
  )(backend.compile(inputs, outputs, threads))
}
