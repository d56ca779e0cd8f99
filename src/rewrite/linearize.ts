import { substitute } from '../tensor/graph.js'
import { zerosLike } from '../tensor/primitives/constant.js'
import { input } from '../tensor/primitives/input.js'
import type { Tensor } from '../tensor/tensor.js'
import { leaves, type Tree, withLeaves } from '../tensor/tree.js'
import { pullback } from './pullback.js'
import { pushforward } from './pushforward.js'

/** A linear map between parameter trees and its transpose, both as functions on expressions. */
export interface LinearMap<X extends Tree, Y extends Tree> {
  readonly apply: (dx: X) => Y
  readonly transpose: (ct: Y) => X
}

const variablesFor = (xs: readonly Tensor[]): readonly Tensor[] => xs.map((x, i) => input(`x${i}`, x.shape))

const pairs = (from: readonly Tensor[], to: readonly Tensor[]): ReadonlyMap<Tensor, Tensor> =>
  new Map(from.map((v, i) => [v, to[i] as Tensor]))

/**
 * The value of a function and its derivative, a linear map, at a point. The function is called with fresh variables, so
 * what it captures counts as constant, whatever it is made of.
 * @example const [y, J] = linearize(sin)(scalar(0)); J.apply(scalar(2)) // => 2
 */
export const linearize =
  <X extends Tree, Y extends Tree>(f: (x: X) => Y) =>
  (x: X): readonly [Y, LinearMap<X, Y>] => {
    const point = leaves(x)
    const variables = variablesFor(point)
    const result = f(withLeaves(x, variables))
    const outputs = leaves(result)
    const tangents = variablesFor(point)
    const pushed = pushforward(outputs, variables, tangents)
    const here = pairs(variables, point)
    const values = substitute([...outputs, ...pushed.filter(dy => dy !== undefined)], here)
    const linear = values.slice(outputs.length)
    let next = 0
    const moved = pushed.map(dy => (dy === undefined ? undefined : (linear[next++] as Tensor)))
    return [
      withLeaves(result, values.slice(0, outputs.length)),
      {
        apply: dx => {
          const at = substitute(
            moved.map((dy, i) => dy ?? zerosLike(outputs[i] as Tensor)),
            pairs(tangents, leaves(dx))
          )
          return withLeaves(result, at)
        },
        transpose: ct => withLeaves(x, pullback(moved, tangents, leaves(ct)))
      }
    ]
  }
