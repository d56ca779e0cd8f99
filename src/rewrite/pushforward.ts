import { dependents } from '../tensor/graph.js'
import { add } from '../tensor/primitives/add.js'
import type { Tensor } from '../tensor/tensor.js'

/** Sum of the terms; undefined if there are none. */
const total = (terms: readonly Tensor[]): Tensor | undefined =>
  terms.length === 0 ? undefined : terms.reduce((sum, term) => add(sum, term))

/**
 * Tangents of the outputs, from those of the variables; undefined where the tangent is zero because the output does not
 * depend on a variable (differentiably).
 */
export const pushforward = (
  outputs: readonly Tensor[],
  variables: readonly Tensor[],
  tangents: readonly (Tensor | undefined)[]
): readonly (Tensor | undefined)[] => {
  const found = new Map<Tensor, Tensor | undefined>(variables.map((v, i) => [v, tangents[i]]))
  for (const node of dependents(outputs, variables))
    if (!found.has(node))
      found.set(
        node,
        total(
          node.primitive.jvp(
            node,
            node.inputs.map(x => found.get(x))
          )
        )
      )
  return outputs.map(output => found.get(output))
}
