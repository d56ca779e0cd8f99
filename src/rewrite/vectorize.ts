import { defect } from '../prelude/defect.js'
import { dependents } from '../tensor/graph.js'
import { broadcastLeading } from '../tensor/primitives/broadcast.js'
import { input } from '../tensor/primitives/input.js'
import { showShape } from '../tensor/shape.js'
import type { Tensor, VectorizeBody } from '../tensor/tensor.js'

/** Vectorizes a function over the leading axis of the arguments marked as mapped; the others are shared by all rows. */
export const vectorizeOver: VectorizeBody = (f, xs, mapped, size) => {
  const variables = xs.map((x, i) => (mapped[i] ? input(`row${i}`, x.shape.slice(1)) : x))
  const outputs = f(...variables)
  const rows = new Map<Tensor, Tensor>()
  xs.forEach((x, i) => {
    if (mapped[i]) rows.set(variables[i] as Tensor, x)
  })
  for (const node of dependents(outputs, [...rows.keys()])) {
    if (rows.has(node)) continue
    const inputs = node.inputs.map(x => rows.get(x) ?? x)
    const flags = node.inputs.map(x => rows.has(x))
    const all = (): readonly Tensor[] => inputs.map((x, i) => (flags[i] ? x : broadcastLeading(x, size)))
    rows.set(node, node.primitive.vectorize(node, { inputs, mapped: flags, size, all, vectorize: vectorizeOver }))
  }
  return outputs.map(output => rows.get(output) ?? broadcastLeading(output, size))
}

/**
 * Applies a function of one sample to every row of a tensor. What it captures is shared by all rows; rows never meet.
 * shape    ([...s] -> [...t]) -> [n ...s] -> [n ...t]
 * @throws TypeError if the argument is a scalar
 */
export const vectorize =
  (f: (x: Tensor) => Tensor) =>
  (xs: Tensor): Tensor => {
    const [size = defect(`vectorize needs a leading axis, not ${showShape(xs.shape)}`)] = xs.shape
    return vectorizeOver(x => [f(x as Tensor)], [xs], [true], size)[0] as Tensor
  }
