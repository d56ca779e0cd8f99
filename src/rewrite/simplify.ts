import { close, open } from '../tensor/body.js'
import { rebuilt, topological } from '../tensor/graph.js'
import { iteratePrimitive } from '../tensor/primitives/iterate.js'
import { apply, isA, type Tensor } from '../tensor/tensor.js'
import { simpler } from './algebra.js'
import { numbering, parametersKey } from './listing.js'

/** The iteration with its body rewritten; what no longer depends on its variables moves outside. */
export const mapLoop = (loop: Tensor, rewrite: (outputs: readonly Tensor[]) => readonly Tensor[]): Tensor => {
  if (!isA(iteratePrimitive, loop)) return loop
  const { body, states, limit } = loop.parameters
  const names = body.bound.map(v => (v.parameters as { readonly name: string }).name)
  const { body: rewritten, captured } = close(names, states, (...bound) =>
    rewrite(open(body, bound, loop.inputs.slice(states.length + 1)))
  )
  const first = loop.inputs.slice(0, states.length + 1)
  return apply(iteratePrimitive, { body: rewritten, states, limit }, ...first, ...captured)
}

/** A rewriter that remembers what it has seen, so that equal tensors become identical, in bodies too. */
const rewriter = (): ((outputs: readonly Tensor[]) => readonly Tensor[]) => {
  const simplified = new Map<Tensor, Tensor>()
  const byKey = new Map<string, Tensor>()
  const identity = numbering()
  const shared = (tensor: Tensor): Tensor => {
    const key = `${tensor.primitive.name}(${tensor.inputs.map(identity)})${tensor.shape}:${parametersKey(tensor, identity)}`
    const known = byKey.get(key)
    if (known !== undefined) return known
    byKey.set(key, tensor)
    return tensor
  }
  const run = (outputs: readonly Tensor[]): readonly Tensor[] => {
    for (const tensor of topological(outputs, x => !simplified.has(x))) {
      if (simplified.has(tensor)) continue
      const inputs = tensor.inputs.map(x => simplified.get(x) as Tensor)
      const current = mapLoop(rebuilt(tensor, inputs), run)
      const better = simpler(current)
      simplified.set(tensor, better === undefined ? shared(current) : (run([better])[0] as Tensor))
    }
    return outputs.map(output => simplified.get(output) as Tensor)
  }
  return run
}

/**
 * The same values by fewer operations: common subexpressions once, constants computed, reshapes and transpositions
 * merged, what a loop repeats without need taken out of it, what is not used gone. Idempotent up to names.
 */
export const simplify = (outputs: readonly Tensor[]): readonly Tensor[] => rewriter()(outputs)
