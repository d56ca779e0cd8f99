import { defect } from '../prelude/defect.js'
import { dependents } from '../tensor/graph.js'
import { broadcastLeading, broadcastTrailing } from '../tensor/primitives/broadcast.js'
import { input } from '../tensor/primitives/input.js'
import { showShape } from '../tensor/shape.js'
import type { Lanes, Side, Tensor, VectorizeBody } from '../tensor/tensor.js'

/** Vectorizes a function over an axis of the arguments marked as mapped; the others are shared by all rows. */
export const vectorizeOver: VectorizeBody = (f, xs, mapped, size, side) => {
  const first = side === 'first'
  const spread = (x: Tensor): Tensor => (first ? broadcastLeading : broadcastTrailing)(x, size)
  const variables = xs.map((x, i) =>
    mapped[i] ? input(`row${i}`, first ? x.shape.slice(1) : x.shape.slice(0, -1)) : x
  )
  const outputs = f(...variables)
  const rows = new Map<Tensor, Tensor>()
  xs.forEach((x, i) => {
    if (mapped[i]) rows.set(variables[i] as Tensor, x)
  })
  const position: Pick<Lanes, 'size' | 'side' | 'insert' | 'axis' | 'vectorize'> = {
    size,
    side,
    insert: (list, entry) => (first ? [entry, ...list] : [...list, entry]),
    axis: axis => (first ? axis + 1 : axis),
    vectorize: vectorizeOver
  }
  for (const node of dependents(outputs, [...rows.keys()])) {
    if (rows.has(node)) continue
    const inputs = node.inputs.map(x => rows.get(x) ?? x)
    const flags = node.inputs.map(x => rows.has(x))
    const all = (): readonly Tensor[] => inputs.map((x, i) => (flags[i] ? x : spread(x)))
    rows.set(node, node.primitive.vectorize(node, { ...position, inputs, mapped: flags, all }))
  }
  return outputs.map(output => rows.get(output) ?? spread(output))
}

/**
 * Applies a function of one sample to every row of a tensor. What it captures is shared by all rows; rows never meet.
 * shape    ([...s] -> [...t]) -> [n ...s] -> [n ...t]; with the side `last`, [...s n] -> [...t n]
 * @throws TypeError if the argument is a scalar
 * @example vectorize(x => sum(x))(fromNested([[1, 2], [3, 4]])) // => [3, 7]
 */
export const vectorize =
  (f: (x: Tensor) => Tensor, { side = 'first' }: { readonly side?: Side } = {}) =>
  (xs: Tensor): Tensor => {
    const size = xs.shape.at(side === 'first' ? 0 : -1) ?? defect(`vectorize needs an axis, not ${showShape(xs.shape)}`)
    return vectorizeOver(x => [f(x as Tensor)], [xs], [true], size, side)[0] as Tensor
  }
