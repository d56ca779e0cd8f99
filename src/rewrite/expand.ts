import { rebuilt, topological } from '../tensor/graph.js'
import type { Tensor } from '../tensor/tensor.js'
import { mapLoop } from './simplify.js'
import { vectorizeOver } from './vectorize.js'

/**
 * The outputs in terms of primitives that an interpreter knows.
 * @param knows whether the interpreter has the primitive of that name
 */
export const expand =
  (knows: (name: string) => boolean) =>
  (outputs: readonly Tensor[]): readonly Tensor[] => {
    const done = new Map<Tensor, Tensor>()
    const run = (tensors: readonly Tensor[]): readonly Tensor[] => {
      for (const tensor of topological(tensors, x => !done.has(x))) {
        if (done.has(tensor)) continue
        const inputs = tensor.inputs.map(x => done.get(x) as Tensor)
        const current = mapLoop(rebuilt(tensor, inputs), run)
        const expanded = knows(current.primitive.name) ? current : current.primitive.expand?.(current, vectorizeOver)
        done.set(tensor, expanded === undefined || expanded === current ? current : (run([expanded])[0] as Tensor))
      }
      return tensors.map(tensor => done.get(tensor) as Tensor)
    }
    return run(outputs)
  }
