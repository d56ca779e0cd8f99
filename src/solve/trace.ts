import { taskEither as TE } from 'fp-ts'
import type { Backend, BackendError, Reals } from '../interpret/backend.js'
import { input } from '../tensor/primitives/input.js'
import type { Tensor } from '../tensor/tensor.js'
import { along, flat } from './levels.js'
import { type RootNode, residualOf, slopesOf } from './root.js'
import { type Limits, safeguardedIteration } from './safeguard.js'
import type { Solver } from './solver.js'

/** How a solver gets to the roots of some samples. */
export interface Trace {
  readonly solver: string
  /** |F| of every sample before the first step and after every step, until no sample goes on. [steps + 1][rows] */
  readonly sizes: readonly Float64Array[]
  /** Steps that every sample took. */
  readonly steps: Float64Array
}

/** Where |F|, the steps and whether a sample goes on stand among the states of an iteration. */
const places = { size: 2, steps: 4 } as const

/**
 * Follows a solver to the roots of a node with rows along one axis, step by step, in the precision of a backend: the
 * iteration is that of `solved` before it polishes, of which every state is seen.
 * @param variables what the node's inputs are made of, and their numbers
 */
export const traceRoot = (
  backend: Backend,
  node: RootNode,
  solver: Solver,
  limits: Limits,
  [variables, numbers]: readonly [readonly Tensor[], readonly Reals[]]
): TE.TaskEither<BackendError, Trace> => {
  const { body, levels } = node.parameters
  const count = node.inputs.length
  /** The iteration of one sample, and a state of it. */
  const iteration = (inputs: readonly Tensor[]) => {
    const [start, contraction, ...free] = inputs as readonly [Tensor, Tensor, ...Tensor[]]
    const problem = { residual: residualOf(body, free), slopes: slopesOf(body, free), contraction }
    return safeguardedIteration(solver, limits)(problem, flat(start))
  }
  const withGoing = ({ going }: ReturnType<typeof iteration>, states: readonly Tensor[]): readonly Tensor[] => [
    ...states,
    going(...states)
  ]
  const begun = along(
    levels,
    (...xs) => {
      const one = iteration(xs)
      return withGoing(one, one.start)
    },
    node.inputs
  )
  const given = node.inputs.map((x, i) => input(`i${i}`, x.shape))
  const old = begun.slice(0, -1).map((x, i) => input(`s${i}`, x.shape))
  const stepped = along(
    levels.map(level => ({ ...level, mapped: [...level.mapped, ...old.map(() => true)] })),
    (...xs) => {
      const one = iteration(xs.slice(0, count))
      return withGoing(one, one.step(...xs.slice(count)))
    },
    [...given, ...old]
  )
  const following =
    (step: (values: readonly Reals[]) => TE.TaskEither<BackendError, readonly Reals[]>, inputs: readonly Reals[]) =>
    (states: readonly Reals[], sizes: readonly Float64Array[]): TE.TaskEither<BackendError, Trace> => {
      const going = states.at(-1) as Reals
      const seen = [...sizes, Float64Array.from(states[places.size] as Reals)]
      if (sizes.length >= limits.limit || going.every(g => g <= 0))
        return TE.right({ solver: solver.name, sizes: seen, steps: Float64Array.from(states[places.steps] as Reals) })
      return TE.flatMap(step([...inputs, ...states.slice(0, -1)]), next =>
        following(step, inputs)(frozen(going, states, next), seen)
      )
    }
  return TE.flatMap(backend.compile(variables, [...node.inputs, ...begun]), start =>
    TE.flatMap(backend.compile([...given, ...old], stepped), step =>
      TE.flatMap(start(numbers), values => following(step, values.slice(0, count))(values.slice(count), []))
    )
  )
}

/** The next states of the rows that go on, the old ones of those that have ended; rows are along the last axis. */
const frozen = (going: Reals, old: readonly Reals[], next: readonly Reals[]): readonly Reals[] =>
  next.map((values, i) => {
    const before = old[i] as Reals
    return values.map((x, k) => ((going[k % going.length] as number) > 0 ? x : (before[k] as number))) as typeof values
  })
