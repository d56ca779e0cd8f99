import { either as E } from 'fp-ts'
import { notLinear } from '../rules.js'
import { type Shape, sameShape, showShape } from '../shape.js'
import { apply, type Primitive, type Tensor } from '../tensor.js'
import { eliminatedSolve } from './elimination.js'
import { matmul } from './matmul.js'
import { neg } from './neg.js'
import { alongFirst, transposed } from './permute.js'

/**
 * What is known of a square matrix: `nearIdentity` is I + A with spectral norm of A below 1, `general` nothing. The first
 * needs no pivoting: its symmetric part is positive definite, as is that of every Schur complement, whose norm stays
 * below (1 + c) + (1 + c)^2 / (1 - c), so elimination cannot break down (Golub, Van Loan, Matrix Computations, 4.3.2). It
 * does for any matrix whose symmetric part is positive definite.
 */
export type Kind = 'nearIdentity' | 'general'

/** Whether a shape is that of square matrices. */
export const square = (m: Shape): boolean => m.length >= 2 && m.at(-1) === m.at(-2)

export const solvePrimitive: Primitive<{ readonly kind: Kind; readonly transpose: boolean }> = {
  name: 'solve',
  domain: ['nearIdentity', 'real'],
  shape: (_, [m = [], b = []]) =>
    square(m) && m.length === b.length && sameShape(m.slice(0, -1), b.slice(0, -1))
      ? E.right(b)
      : E.left(`needs square matrices and as many rows on the right, not ${showShape(b)}`),
  jvp: (node, [dm, db]) => {
    const solved = (right: Tensor): Tensor => solve(node.inputs[0] as Tensor, right, node.parameters)
    return [
      ...(db === undefined ? [] : [solved(db)]),
      ...(dm === undefined ? [] : [neg(solved(matmul(dm, node, { transposeA: node.parameters.transpose })))])
    ]
  },
  transpose: (node, ct, argument) =>
    argument === 1
      ? solve(node.inputs[0] as Tensor, ct, { ...node.parameters, transpose: !node.parameters.transpose })
      : notLinear(node),
  vectorize: ({ parameters }, lanes) => alongFirst(lanes, xs => apply(solvePrimitive, parameters, ...xs)),
  expand: (node, vectorize) => {
    const [m, b] = node.inputs as readonly [Tensor, Tensor]
    const { kind, transpose } = node.parameters
    return kind === 'general' ? node : eliminatedSolve(transpose ? transposed(m) : m, b, vectorize)
  }
}

/**
 * Solves M y = b (or M' y = b) for every pair of matrices.
 * shape    [...s n n], [...s n k] -> [...s n k]
 * tangent  M dy = db - dM y
 * @param kind what is known of M; the interpreters for speed know `nearIdentity` only
 * @example solve(fromNested([[1, 0.5], [0, 1]]), fromNested([[2], [1]])) // => [[1.5], [1]]
 */
export const solve = (
  m: Tensor,
  b: Tensor,
  { kind = 'nearIdentity', transpose = false }: { readonly kind?: Kind; readonly transpose?: boolean } = {}
): Tensor => apply(solvePrimitive, { kind, transpose }, m, b)
