import { either as E } from 'fp-ts'
import { tangents } from '../rewrite/derivatives.js'
import { pullback } from '../rewrite/pullback.js'
import { pushforward } from '../rewrite/pushforward.js'
import { type Body, close, open } from '../tensor/body.js'
import { topological } from '../tensor/graph.js'
import { add } from '../tensor/primitives/add.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { div } from '../tensor/primitives/div.js'
import { greater } from '../tensor/primitives/greater.js'
import { input } from '../tensor/primitives/input.js'
import { iterate } from '../tensor/primitives/iterate.js'
import { lessEqual } from '../tensor/primitives/less.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { select } from '../tensor/primitives/select.js'
import { solve } from '../tensor/primitives/solve.js'
import { sub } from '../tensor/primitives/sub.js'
import { notLinear } from '../tensor/rules.js'
import { sameShape, showShape } from '../tensor/shape.js'
import { apply, isA, type Primitive, type Tensor } from '../tensor/tensor.js'
import { along, type Level, withLevels } from './levels.js'
import { norm } from './safeguard.js'
import { dot, remembered, times, timesTransposed } from './vectors.js'

interface Stated {
  /** t -> A t of one sample, a vector. */
  readonly body: Body
  readonly levels: readonly Level[]
  readonly tolerance: number
  readonly limit: number
}

/** The map as a function of a vector. */
const mapOf =
  (body: Body, free: readonly Tensor[]) =>
  (t: Tensor): Tensor =>
    open(body, [t], free)[0] as Tensor

/** Inputs: the right-hand side, which has all axes of rows, and the captured tensors. */
const linearRootPrimitive: Primitive<Stated> = {
  name: 'linearRoot',
  domain: [],
  shape: ({ body, levels }, [right = []]) => {
    const [sample, image] = [(body.bound[0] as Tensor).shape, (body.results[0] as Tensor).shape]
    return sameShape(sample, image) && sameShape(right, withLevels(levels, sample))
      ? E.right(right)
      : E.left(
          `A maps ${showShape(sample)} to ${showShape(image)}, not to its own shape, or not that of the right side`
        )
  },
  jvp: (node, dxs) => {
    const { body, levels } = node.parameters
    const captured = node.inputs.slice(1)
    const moving = body.free.map((_, i) => i).filter(i => dxs[i + 1] !== undefined)
    const rows = levels.map(({ size, side, mapped }) => ({
      size,
      side,
      mapped: [true, ...mapped.slice(1), ...moving.map(i => mapped[i + 1] === true)]
    }))
    const changed = (t: Tensor, ...xs: readonly Tensor[]): readonly Tensor[] => {
      const free = xs.slice(0, captured.length)
      const inside = open(body, [t], body.free)
      const [moved] = pushforward(
        inside,
        moving.map(i => body.free[i] as Tensor),
        xs.slice(captured.length)
      )
      if (moved === undefined) return []
      return [neg(open({ bound: [], free: body.free, results: [moved] }, [], free)[0] as Tensor)]
    }
    const [right] = along(rows, changed, [node, ...captured, ...moving.map(i => dxs[i + 1] as Tensor)])
    return [dxs[0], right].flatMap(b => (b === undefined ? [] : [withRight(node, b)]))
  },
  transpose: (node, ct, argument) => (argument === 0 ? withRight(transposed(node), ct) : notLinear(node)),
  vectorize: ({ parameters }, { inputs, mapped, size, side, all }) =>
    apply(
      linearRootPrimitive,
      { ...parameters, levels: [{ size, side, mapped: [true, ...mapped.slice(1)] }, ...parameters.levels] },
      all()[0] as Tensor,
      ...inputs.slice(1)
    ),
  expand: node => solvedLinear(node).value
}

/** The same map, another right-hand side. */
const withRight = (node: Tensor<Stated>, right: Tensor): Tensor<Stated> =>
  apply(linearRootPrimitive, node.parameters, right, ...node.inputs.slice(1))

/** The node with the transposed map. */
const transposed = (node: Tensor<Stated>): Tensor<Stated> => {
  const { body } = node.parameters
  const [t] = body.bound as readonly [Tensor]
  const cotangent = input('u', t.shape)
  const [image] = pullback(body.results, [t], [cotangent]) as readonly [Tensor]
  const turned = { bound: [cotangent], free: body.free, results: [image] }
  return apply(linearRootPrimitive, { ...node.parameters, body: turned }, ...node.inputs)
}

/** Vectors of earlier directions that a step is kept apart from. */
const memory = 3

/** The iteration that solves the equation: its value and how it went, a row a sample. */
export interface SolvedLinear {
  readonly value: Tensor
  /** Products with A. */
  readonly iterations: Tensor
  /** 1 where |b - A t| <= tolerance |b|, by the residual that the iteration carries; else 0. */
  readonly converged: Tensor
}

/** A step's vectors of length 1, or 0 where nothing is left. */
const unit = (x: Tensor, length: Tensor): Tensor =>
  mul(greater(length, 0), div(x, select(greater(length, 0), length, 1)))

/**
 * The solution written out: generalised conjugate residuals that keep the last few directions (Orthomin). Every product takes
 * |b - A t| to at most c times what it was, as the symmetric part of A is at least 1 - c; so it cannot break down.
 * Source: Eisenstat, Elman, Schultz 1983, algorithm Orthomin(k) and theorem 3.3.
 */
export const solvedLinear = (node: Tensor<Stated>): SolvedLinear => {
  const { body, levels, tolerance, limit } = node.parameters
  const sample = (b: Tensor, ...free: readonly Tensor[]): readonly Tensor[] => {
    const product = mapOf(body, free)
    const none = constantOf(0, [memory, b.shape[0] as number])
    const goal = mul(tolerance, norm(b))
    const [value, , size, steps] = iterate({
      names: ['t', 'r', 'size', 'steps', 'directions', 'images'],
      start: [mul(0, b), b, norm(b), constantOf(0), none, none],
      limit,
      going: (_t, _r, size) => greater(size as Tensor, goal),
      step: (...state) => {
        const [t, r, , steps, directions, images] = state as readonly [Tensor, Tensor, Tensor, Tensor, Tensor, Tensor]
        const image = product(r)
        const shares = times(images, image)
        const [p, q] = [sub(r, timesTransposed(directions, shares)), sub(image, timesTransposed(images, shares))]
        const length = norm(q)
        const [newP, newQ] = [unit(p, length), unit(q, length)]
        const step = dot(r, newQ)
        const rest = sub(r, mul(step, newQ))
        return [
          add(t, mul(step, newP)),
          rest,
          norm(rest),
          add(steps, 1),
          remembered(directions, newP),
          remembered(images, newQ)
        ]
      }
    }) as readonly [Tensor, Tensor, Tensor, Tensor]
    return [value, steps, lessEqual(size, goal)]
  }
  const [value, iterations, converged] = along(levels, (b, ...xs) => sample(b as Tensor, ...xs), node.inputs) as [
    Tensor,
    Tensor,
    Tensor
  ]
  return { value, iterations, converged }
}

/** A linear root as an expression node. */
export type LinearRootNode = Tensor<Stated>

/** The linear roots that some outputs depend on, in the order they are computed in. */
export const linearRootsOf = (outputs: readonly Tensor[]): readonly LinearRootNode[] =>
  topological(outputs).filter((x): x is LinearRootNode => isA(linearRootPrimitive, x))

/** The same by elimination, with the matrix of A: what intervals can make bounds of. */
export const eliminated = (node: LinearRootNode): Tensor => {
  const { body, levels } = node.parameters
  const [value] = along(
    levels,
    (b, ...free) => {
      const [right, n] = [b as Tensor, (b as Tensor).shape[0] as number]
      const rows = tangents(mapOf(body, free))(right)[1]
      return [reshape(solve(rows, reshape(right, [n, 1]), { kind: 'general', transpose: true }), [n])]
    },
    node.inputs
  )
  return value as Tensor
}

/**
 * The t with A t = b, A a linear map given as a function whose distance from the identity is below 1 in the spectral norm. No
 * matrix is formed: a product with A is one call of the function. A sample is done when |b - A t| <= tolerance |b|.
 * shape    A: [n] -> [n], b [n]; for one sample, vectorize it for many
 * tangent  A dt = db - dA t
 * @throws TypeError if A changes the shape
 * @example linearRoot(t => add(t, mul(0.5, t)), fromArray([3, 6]), { tolerance: 1e-15 }) // => [2, 4]
 */
export const linearRoot = (
  map: (t: Tensor) => Tensor,
  b: Tensor,
  { tolerance = 1e-14, limit = 500 }: { readonly tolerance?: number; readonly limit?: number } = {}
): Tensor => {
  const { body, captured } = close(['t'], [b.shape], t => [map(t as Tensor)])
  return apply(linearRootPrimitive, { body, levels: [], tolerance, limit }, b, ...captured)
}
