import fc from 'fast-check'
import { anderson } from '../../../src/solve/anderson.js'
import { broyden } from '../../../src/solve/broyden.js'
import { limitedBroyden } from '../../../src/solve/limitedBroyden.js'
import { newton } from '../../../src/solve/newton.js'
import { newtonKrylov } from '../../../src/solve/newtonKrylov.js'
import { picard } from '../../../src/solve/picard.js'
import { isRoot, type RootOptions, root, solved } from '../../../src/solve/root.js'
import { fromArray } from '../../../src/tensor/constructors.js'
import { add } from '../../../src/tensor/primitives/add.js'
import { sub } from '../../../src/tensor/primitives/sub.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import { constantOfNet, type NetOptions, type NetSample, nets, points, smoothOf } from '../../net/support/nets.js'
import { numbers } from './certificate.js'

/** Every solver. */
export const solvers = {
  picard,
  newton,
  broyden: broyden(),
  'broyden from the Jacobian': broyden({ start: 'jacobian' }),
  anderson: anderson(),
  limitedBroyden: limitedBroyden(),
  newtonKrylov: newtonKrylov()
} as const

/** z + g(z) = y, as data. */
export interface ProblemSample {
  readonly net: NetSample
  readonly y: readonly number[]
}

export const problems = (
  options: NetOptions & { readonly maxD?: number; readonly wild?: boolean } = {}
): fc.Arbitrary<ProblemSample> =>
  fc
    .integer({ min: 1, max: options.maxD ?? 5 })
    .chain(d => fc.record({ net: nets(d, options), y: points(d, { wild: options.wild ?? true }) }))

/** A problem with points of its dimension beside it. */
export const problemsAnd = (
  count: number,
  options: Parameters<typeof problems>[0] = {}
): fc.Arbitrary<readonly [ProblemSample, readonly (readonly number[])[]]> =>
  problems(options).chain(problem =>
    fc.tuple(
      fc.constant(problem),
      fc.array(points(problem.y.length, { wild: false }), { minLength: count, maxLength: count })
    )
  )

/** F(z) = z + g(z) - y. */
export const residualOf =
  ({ net, y }: ProblemSample) =>
  (z: Tensor): Tensor =>
    sub(add(z, smoothOf(net).value(z)), fromArray(y))

export const constantOfProblem = ({ net }: ProblemSample): number => constantOfNet(net)

export const rootOf = (problem: ProblemSample, options: Partial<RootOptions> = {}): Tensor =>
  root(residualOf(problem), { start: fromArray(problem.y), contraction: constantOfProblem(problem), ...options })

/** What a root's solver found, and how. */
export const found = (
  tensor: Tensor
): { readonly z: Float64Array; readonly iterations: number; readonly residual: Float64Array } => {
  if (!isRoot(tensor)) throw new Error('not a root')
  const { value, iterations, residual } = solved(tensor)
  const [z, steps, f] = numbers(value, iterations, residual) as [Float64Array, Float64Array, Float64Array]
  return { z, iterations: steps[0] as number, residual: f }
}
