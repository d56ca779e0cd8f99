import { either as E } from 'fp-ts'
import { notLinear } from '../rules.js'
import { range } from '../shape.js'
import { apply, type Primitive, rankOf, type Tensor } from '../tensor.js'
import { broadcast } from './broadcast.js'
import { eliminatedLogDet } from './elimination.js'
import { mul } from './mul.js'
import { eye } from './oneHot.js'
import { alongFirst } from './permute.js'
import { type Kind, solve, square } from './solve.js'
import { sum } from './sum.js'

export const logAbsDetPrimitive: Primitive<{ readonly kind: Kind }> = {
  name: 'logAbsDet',
  domain: ['nearIdentity'],
  shape: (_, [m = []]) => (square(m) ? E.right(m.slice(0, -2)) : E.left('needs square matrices')),
  jvp: ({ parameters: { kind }, inputs: [x] }, [dm]) => {
    if (dm === undefined) return []
    const m = x as Tensor
    const rank = rankOf(m)
    const identity = broadcast(eye(m.shape.at(-1) as number), m.shape, [rank - 2, rank - 1])
    return [sum(mul(dm, solve(m, identity, { kind, transpose: true })), range(rank).slice(-2))]
  },
  transpose: node => notLinear(node),
  vectorize: ({ parameters }, lanes) => alongFirst(lanes, xs => apply(logAbsDetPrimitive, parameters, ...xs)),
  expand: (node, vectorize) =>
    node.parameters.kind === 'general' ? node : eliminatedLogDet(node.inputs[0] as Tensor, vectorize)
}

/**
 * ln |det M| of every matrix; -Infinity where M is singular.
 * shape    [...s n n] -> [...s]
 * tangent  tr(M^-1 dM)
 * @param kind what is known of M; the interpreters for speed know `nearIdentity` only
 * @example logAbsDet(fromNested([[1, 0.5], [0.5, 1]])) // => Math.log(0.75)
 */
export const logAbsDet = (m: Tensor, { kind = 'nearIdentity' }: { readonly kind?: Kind } = {}): Tensor =>
  apply(logAbsDetPrimitive, { kind }, m)
