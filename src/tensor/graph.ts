import { apply, type Tensor } from './tensor.js'

/**
 * Every tensor that the outputs are made of, inputs before their users. `enter` may stop at a tensor (it is listed, what
 * it is made of is not). Iterative: graphs may be deeper than the stack.
 */
export const topological = (
  outputs: readonly Tensor[],
  enter: (tensor: Tensor) => boolean = () => true
): readonly Tensor[] => {
  const order: Tensor[] = []
  const seen = new Set<Tensor>()
  const stack: { readonly tensor: Tensor; next: number }[] = []
  const visit = (tensor: Tensor): void => {
    if (seen.has(tensor)) return
    seen.add(tensor)
    stack.push({ tensor, next: enter(tensor) ? 0 : tensor.inputs.length })
  }
  for (const output of outputs) {
    visit(output)
    while (stack.length > 0) {
      const top = stack[stack.length - 1] as { readonly tensor: Tensor; next: number }
      if (top.next < top.tensor.inputs.length) visit(top.tensor.inputs[top.next++] as Tensor)
      else {
        order.push(top.tensor)
        stack.pop()
      }
    }
  }
  return order
}

/**
 * Folds a graph from its leaves: `f` sees each tensor once, after its inputs, with their results.
 * @param known results given beforehand, which are not entered
 */
export const fold = <A>(
  outputs: readonly Tensor[],
  f: (tensor: Tensor, inputs: readonly A[]) => A,
  known: ReadonlyMap<Tensor, A> = new Map()
): readonly A[] => {
  const results = new Map<Tensor, A>(known)
  for (const tensor of topological(outputs, tensor => !known.has(tensor)))
    if (!results.has(tensor))
      results.set(
        tensor,
        f(
          tensor,
          tensor.inputs.map(x => results.get(x) as A)
        )
      )
  return outputs.map(output => results.get(output) as A)
}

/** The tensor itself if its inputs are unchanged, else the same primitive applied to the new ones. */
export const rebuilt = (tensor: Tensor, inputs: readonly Tensor[]): Tensor =>
  inputs.every((x, i) => x === tensor.inputs[i]) ? tensor : apply(tensor.primitive, tensor.parameters, ...inputs)

/** The outputs with some tensors replaced. */
export const substitute = (outputs: readonly Tensor[], replacements: ReadonlyMap<Tensor, Tensor>): readonly Tensor[] =>
  fold(outputs, rebuilt, replacements)

/** The tensors that the outputs are made of and that are made of the variables, inputs before their users. */
export const dependents = (outputs: readonly Tensor[], variables: readonly Tensor[]): ReadonlySet<Tensor> => {
  const found = new Set<Tensor>(variables)
  for (const tensor of topological(outputs, tensor => !found.has(tensor)))
    if (tensor.inputs.some(x => found.has(x))) found.add(tensor)
  return found
}
