import { dependents } from '../tensor/graph.js'
import { add } from '../tensor/primitives/add.js'
import { zerosLike } from '../tensor/primitives/constant.js'
import type { Tensor } from '../tensor/tensor.js'

/**
 * The transpose of a linear expression: cotangents of the variables, from those of the outputs.
 * @param outputs linear in the variables, as `pushforward` makes them
 * @throws TypeError naming the primitive, if an output is not linear
 */
export const pullback = (
  outputs: readonly (Tensor | undefined)[],
  variables: readonly Tensor[],
  cotangents: readonly Tensor[]
): readonly Tensor[] => {
  const gathered = new Map<Tensor, Tensor>()
  const give = (x: Tensor, ct: Tensor): void => {
    const sofar = gathered.get(x)
    gathered.set(x, sofar === undefined ? ct : add(sofar, ct))
  }
  outputs.forEach((output, i) => {
    if (output !== undefined) give(output, cotangents[i] as Tensor)
  })
  const linear = dependents(
    outputs.filter(output => output !== undefined),
    variables
  )
  for (const node of [...linear].reverse()) {
    const ct = gathered.get(node)
    if (ct === undefined || variables.includes(node)) continue
    node.inputs.forEach((x, i) => {
      if (linear.has(x)) give(x, node.primitive.transpose(node, ct, i))
    })
  }
  return variables.map(v => gathered.get(v) ?? zerosLike(v))
}
