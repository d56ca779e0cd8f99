import { fold, rebuilt } from '../tensor/graph.js'
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
    const run = (tensors: readonly Tensor[]): readonly Tensor[] =>
      fold(
        tensors,
        (tensor, inputs) => {
          const current = mapLoop(rebuilt(tensor, inputs), run)
          const expanded = knows(current.primitive.name) ? current : current.primitive.expand?.(current, vectorizeOver)
          const result = expanded === undefined || expanded === current ? current : (run([expanded])[0] as Tensor)
          done.set(tensor, result)
          return result
        },
        done
      )
    return run(outputs)
  }
