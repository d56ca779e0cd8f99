import { taskEither as TE } from 'fp-ts'
import { logProb } from '../distribution/pushforward.js'
import type { Architecture } from '../flow/architecture.js'
import { flowInput, layoutOf, packed, unpacked } from '../flow/layout.js'
import type { Method } from '../flow/residual.js'
import type { Backend, BackendError, Compiled } from '../interpret/backend.js'
import { once } from '../prelude/once.js'
import { valueAndGrad } from '../rewrite/derivatives.js'
import { simplify } from '../rewrite/simplify.js'
import { vectorizeOver } from '../rewrite/vectorize.js'
import { rootsOf } from '../solve/root.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { input } from '../tensor/primitives/input.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'
import { linearCounts, noiseInputs, noisyFlow, type RowsProgram, rootCounts, rootJudgement } from './rowsProgram.js'

/** The inputs of a block of rows, and its loss: the sum of weighted negative log-likelihoods, nats. */
const lossOf = (architecture: Architecture, method: Method, size: number, terms: number | null) => {
  const layout = layoutOf(architecture)
  const flat = input('effective', [layout.size])
  const points = input('points', [architecture.dimension, size])
  const weights = input('weights', [size])
  const norms = layout.segments.filter(({ kind }) => kind === 'weight').map(() => constantOf(architecture.coefficient))
  const noise = noiseInputs(architecture.dimension, size, terms)
  const [probes, coefficients] = noise
  const loss = (tensors: readonly Tensor[]): Tensor => {
    const parameters = flowInput(architecture, tensors, norms)
    const mapped = probes === undefined ? [points] : [points, probes]
    const [nats] = vectorizeOver(
      (x, probe) => {
        const density = logProb(noisyFlow(architecture, method, probe, coefficients))
        return [neg(density(parameters)(x as Tensor).logDensity)]
      },
      mapped,
      mapped.map(() => true),
      size,
      'last'
    )
    return simplify([sum(mul(weights, nats as Tensor))])[0] as Tensor
  }
  return { inputs: [flat, points, weights, ...noise], parts: unpacked(layout, flat), weights, loss }
}

/** The flow as one program: its loss and gradient share all they can, at a time of compiling quadratic in the blocks. */
export const wholeFlowRows = (
  backend: Backend,
  architecture: Architecture,
  method: Method,
  size: number,
  threads: number,
  terms: number | null
): TE.TaskEither<BackendError, RowsProgram> => {
  const { inputs, parts, weights, loss } = lossOf(architecture, method, size, terms)
  const [value, gradient] = valueAndGrad(loss)(parts)
  const slope = packed(gradient)
  const counts = rootCounts(rootsOf([value]), weights)
  const outputs = [value, slope, linearCounts([slope], weights), ...counts]
  const judge = once((): ReturnType<TE.TaskEither<BackendError, Compiled>> => {
    const judgement = rootJudgement(rootsOf([loss(parts)]), backend.machine, weights)
    return backend.compile(inputs, judgement)()
  })
  return TE.map(
    (run: Compiled): RowsProgram => ({
      size,
      run,
      judge: values => TE.flatMap(judge, program => program(values))
    })
  )(backend.compile(inputs, outputs, threads))
}

/** The loss alone, of the same inputs. */
export const wholeFlowLoss = (
  backend: Backend,
  architecture: Architecture,
  method: Method,
  size: number,
  threads: number
): TE.TaskEither<BackendError, Compiled> => {
  const { inputs, parts, loss } = lossOf(architecture, method, size, null)
  return backend.compile(inputs, [loss(parts)], threads)
}
