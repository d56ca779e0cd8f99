import { either as E } from 'fp-ts'
import { defect } from '../prelude/defect.js'
import { tangents as tangentRows } from '../rewrite/derivatives.js'
import { linearize } from '../rewrite/linearize.js'
import { pushforward } from '../rewrite/pushforward.js'
import { type Body, close, open } from '../tensor/body.js'
import { topological } from '../tensor/graph.js'
import { asTensor } from '../tensor/primitives/constant.js'
import { neg } from '../tensor/primitives/neg.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { solve } from '../tensor/primitives/solve.js'
import { notLinear } from '../tensor/rules.js'
import { sameShape, showShape, sizeOf } from '../tensor/shape.js'
import { apply, isA, type Like, type Primitive, type Tensor } from '../tensor/tensor.js'
import { defaultSolver, eliminates } from './defaultSolver.js'
import { along, flat, type Level, withLevels } from './levels.js'
import { linearRoot } from './linearRoot.js'
import { safeguarded } from './safeguard.js'
import type { Solver } from './solver.js'

interface Stated {
  /** F of one sample and, if it is known, the transposed Jacobian of F. */
  readonly body: Body
  readonly levels: readonly Level[]
  readonly solver: Solver
  readonly tolerance: number
  readonly limit: number
  /** Whether the starting point is the root, found before. */
  readonly known: boolean
}

/** What F is a function of. */
export const unknownOf = (body: Body): Tensor => body.bound[0] as Tensor

/** The residual of one sample as a function of a flat unknown. */
export const residualOf =
  (body: Body, free: readonly Tensor[]) =>
  (z: Tensor): Tensor =>
    flat(open(body, [reshape(z, unknownOf(body).shape)], free)[0] as Tensor)

/** The transposed Jacobian of the residual as a function of a flat unknown: as given, or by differentiation. */
export const slopesOf =
  (body: Body, free: readonly Tensor[]) =>
  (z: Tensor): Tensor => {
    const given = open(body, [reshape(z, unknownOf(body).shape)], free)[1]
    const n = sizeOf(z.shape)
    return given === undefined ? tangentRows(residualOf(body, free))(z)[1] : reshape(given, [n, n])
  }

/** Inputs: the starting point, the contraction, the captured tensors. */
const rootPrimitive: Primitive<Stated> = {
  name: 'root',
  domain: [],
  shape: ({ body, levels }) => {
    const [unknown, result] = [unknownOf(body).shape, (body.results[0] as Tensor).shape]
    return sameShape(unknown, result)
      ? E.right(withLevels(levels, unknown))
      : E.left(`F maps ${showShape(unknown)} to ${showShape(result)}, not to its own shape`)
  },
  jvp: (node, tangents) => {
    const { body, levels } = node.parameters
    const captured = node.inputs.slice(2)
    const moving = body.free.map((_, i) => i).filter(i => tangents[i + 2] !== undefined)
    const rows = levels.map(({ size, side, mapped }) => ({
      size,
      side,
      mapped: [true, ...mapped.slice(2), ...moving.map(i => mapped[i + 2] === true)]
    }))
    const tangentOfRoot = (...xs: readonly Tensor[]): readonly Tensor[] => {
      const z = xs[0] as Tensor
      const free = xs.slice(1, captured.length + 1)
      const directions = xs.slice(captured.length + 1)
      const [moved] = pushforward(
        open(body, [z], body.free).slice(0, 1),
        moving.map(i => body.free[i] as Tensor),
        directions
      )
      if (moved === undefined) return []
      const right = open({ bound: [], free: body.free, results: [moved] }, [], free)[0] as Tensor
      return [neg(reshape(solvedBySlopes(node, z, free, flat(right)), z.shape))]
    }
    return along(rows, tangentOfRoot, [node, ...captured, ...moving.map(i => tangents[i + 2] as Tensor)])
  },
  transpose: node => notLinear(node),
  vectorize: ({ parameters }, { inputs, mapped, size, side }) =>
    apply(rootPrimitive, { ...parameters, levels: [{ size, side, mapped }, ...parameters.levels] }, ...inputs),
  expand: node =>
    node.parameters.known
      ? (along(node.parameters.levels, start => [start as Tensor], node.inputs)[0] as Tensor)
      : solved(node).value
}

/** J^-1 b at a root: by elimination, or for many unknowns without forming J. */
const solvedBySlopes = (node: Tensor<Stated>, z: Tensor, free: readonly Tensor[], b: Tensor): Tensor => {
  const { body, tolerance, limit } = node.parameters
  const n = sizeOf(z.shape)
  if (eliminates(n)) return solve(slopesOf(body, free)(flat(z)), reshape(b, [n, 1]), { transpose: true })
  const [, jacobian] = linearize(residualOf(body, free))(flat(z))
  return linearRoot(t => jacobian.apply(t), b, { tolerance, limit })
}

/** A root as an expression node. */
export type RootNode = Tensor<Stated>

/** Whether a tensor is a root. */
export const isRoot = (tensor: Tensor): tensor is RootNode => isA(rootPrimitive, tensor)

/** The roots that some outputs depend on, in the order they are computed in. */
export const rootsOf = (outputs: readonly Tensor[]): readonly RootNode[] => topological(outputs).filter(isRoot)

/**
 * The same root, found before: it has the given value, its derivatives are those of the root there, and
 * F is not evaluated for the value. Whoever found it has judged it.
 */
export const knownAs = (node: RootNode, value: Tensor): RootNode =>
  apply(node.primitive, { ...node.parameters, known: true }, value, ...node.inputs.slice(1)) as RootNode

/**
 * Applies a function of one sample to every row of a root: to the rows of `own`, flat, then to the contraction and what
 * the root captured.
 */
export const alongRows = (
  { parameters: { levels }, inputs }: RootNode,
  f: (z: Tensor, found: Tensor, contraction: Tensor, ...free: readonly Tensor[]) => readonly Tensor[],
  own: readonly [Tensor, Tensor]
): readonly Tensor[] =>
  along(
    levels.map(level => ({ ...level, mapped: [true, true, ...level.mapped.slice(1)] })),
    (z, found, ...rest) => f(flat(z as Tensor), flat(found as Tensor), ...(rest as [Tensor, ...Tensor[]])),
    [...own, ...inputs.slice(1)]
  )

/** The iteration that finds a root: its value and how it went, a row a sample. */
export interface Solved {
  readonly value: Tensor
  /** Steps taken, each one evaluation of F. */
  readonly iterations: Tensor
  /** F at the value. */
  readonly residual: Tensor
}

/** The solver of a root, written out as an iteration. */
export const solved = (node: Tensor<Stated>): Solved => {
  const { body, levels, solver, tolerance, limit } = node.parameters
  const sample = (...xs: readonly Tensor[]): readonly Tensor[] => {
    const [start, contraction, ...free] = xs as readonly [Tensor, Tensor, ...Tensor[]]
    const problem = { residual: residualOf(body, free), slopes: slopesOf(body, free), contraction }
    const { value, iterations, residual } = safeguarded(solver, { tolerance, limit })(problem, flat(start))
    return [reshape(value, start.shape), iterations, reshape(residual, start.shape)]
  }
  const [value, iterations, residual] = along(levels, sample, node.inputs) as [Tensor, Tensor, Tensor]
  return { value, iterations, residual }
}

/** How a root is to be found. */
export interface RootOptions {
  readonly start: Tensor
  /** Lipschitz constant of z -> F(z) - z, proved to be below 1. */
  readonly contraction: Like
  /** The transposed Jacobian of F, where there is a cheaper way to it than differentiating F; it must be the same. */
  readonly slopes?: (z: Tensor) => Tensor
  /** `defaultSolver` of the dimension, unless told. */
  readonly solver?: Solver | undefined
  /** A sample is done when |F| <= tolerance (1 + |z|). */
  readonly tolerance?: number
  /** Largest number of steps. */
  readonly limit?: number
}

/**
 * The z with F(z) = 0. Its derivative is that of the implicit function theorem, J dz = -dF, never the solver's; it does
 * not depend on the starting point. Problem, solver and derivative are independent of one another.
 * shape    F: [...s] -> [...s]; for one sample, vectorize it for many
 * @throws TypeError if F changes the shape, or a contraction given as a number is not in [0, 1)
 * @example root(z => sub(add(z, mul(0.5, z)), 3), { start: scalar(0), contraction: 0.5 }) // => 2
 */
export const root = (
  f: (z: Tensor) => Tensor,
  {
    start,
    contraction,
    slopes,
    solver = defaultSolver(sizeOf(start.shape)),
    tolerance = 1e-14,
    limit = 500
  }: RootOptions
): Tensor => {
  if (typeof contraction === 'number' && !(contraction >= 0 && contraction < 1))
    return defect(`root: the contraction must be in [0, 1), not ${contraction}`)
  const { body, captured } = close(['z'], [start.shape], z =>
    slopes === undefined ? [f(z as Tensor)] : [f(z as Tensor), slopes(z as Tensor)]
  )
  return apply(
    rootPrimitive,
    { body, levels: [], solver, tolerance, limit, known: false },
    start,
    asTensor(contraction),
    ...captured
  )
}
