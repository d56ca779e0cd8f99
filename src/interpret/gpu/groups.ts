import { matmulPrimitive } from '../../tensor/primitives/matmul.js'
import { sizeOf } from '../../tensor/shape.js'
import { isA, type Tensor } from '../../tensor/tensor.js'
import { lineOf, literalOf } from './table.js'

/** What one kernel computes: a tensor from its leaves. */
export interface Group {
  readonly leaves: ReadonlySet<Tensor>
  /** Multiplications, additions and functions that it takes, roughly. */
  readonly work: number
}

/** Array arguments that a kernel may have: WebGPU allows eight buffers, of which one is the result, and gpu.js takes one. */
const mostLeaves = 6

/** Operations of a tensor itself, its inputs given. */
const workOf = (tensor: Tensor): number => {
  if (isA(matmulPrimitive, tensor)) {
    const [a] = tensor.inputs as readonly [Tensor]
    return sizeOf(tensor.shape) * (a.shape.at(tensor.parameters.transposeA ? -2 : -1) as number)
  }
  const line = lineOf(tensor)
  if (line.how === 'reference' || line.as === 'indices') return 0
  return sizeOf((line.as === 'loop' ? (tensor.inputs[0] as Tensor) : tensor).shape)
}

interface Place {
  /** The entry is where the result's is, but for a reshape: a loop may be fused. */
  readonly aligned: boolean
  /** Every entry is read many times, so nothing is computed here that can be given. */
  readonly givenOnly: boolean
}

/**
 * What is computed inside the kernel of a tensor: chains of entrywise operations that nothing else uses, changes of
 * indices, and one loop (a product of matrices, a sum, a maximum) whose result is used once.
 * @param usedOnce whether a tensor has one use, and is no output
 */
export const groupOf = (root: Tensor, usedOnce: (tensor: Tensor) => boolean): Group => {
  const kept = new Set<Tensor>()
  for (;;) {
    const leaves = new Set<Tensor>()
    const inside = new Map<Tensor, ReadonlySet<Tensor>>()
    let work = 0
    let loops = 0
    const visit = (tensor: Tensor, { aligned, givenOnly }: Place): ReadonlySet<Tensor> => {
      if (literalOf(tensor) !== undefined) return new Set()
      const leaf = (): ReadonlySet<Tensor> => {
        leaves.add(tensor)
        return new Set([tensor])
      }
      const line = lineOf(tensor)
      const single = tensor === root || usedOnce(tensor)
      if (line.how === 'reference' || kept.has(tensor)) return leaf()
      if (line.as === 'indices') {
        const again = givenOnly || !single || tensor.primitive.name === 'broadcast'
        return visit(tensor.inputs[0] as Tensor, {
          aligned: aligned && tensor.primitive.name === 'reshape',
          givenOnly: again
        })
      }
      if (!single || givenOnly) return leaf()
      if (line.as === 'loop' && (!aligned || loops > 0)) return leaf()
      work += workOf(tensor)
      if (line.as === 'loop') loops++
      const place =
        line.as === 'loop' ? { aligned: false, givenOnly: isA(matmulPrimitive, tensor) } : { aligned, givenOnly }
      const below = new Set(tensor.inputs.flatMap(x => [...visit(x, place)]))
      if (line.as === 'entries' && tensor !== root) inside.set(tensor, below)
      return below
    }
    visit(root, { aligned: true, givenOnly: false })
    if (leaves.size <= mostLeaves) return { leaves, work }
    const [largest] = [...inside]
      .filter(([, below]) => below.size > 1 && below.size <= mostLeaves)
      .sort(([, a], [, b]) => b.size - a.size)
    if (largest === undefined) return { leaves: new Set(root.inputs), work: workOf(root) }
    kept.add(largest[0])
  }
}
