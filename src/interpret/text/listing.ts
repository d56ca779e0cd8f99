import { topological } from '../../tensor/graph.js'
import { showShape } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { bodyOf, describeNode, namer } from './describe.js'

const indented = (lines: readonly string[]): readonly string[] => lines.map(line => `  ${line}`)

const variable = (tensor: Tensor, name: string): string => `${name} ${showShape(tensor.shape)}`

/** Lines of the tensors that are not listed yet. */
const linesOf = (
  outputs: readonly Tensor[],
  name: (tensor: Tensor) => string,
  listed: Set<Tensor>
): readonly string[] => {
  const lines = topological(outputs, x => !listed.has(x)).flatMap(tensor => {
    if (listed.has(tensor)) return []
    listed.add(tensor)
    const inputs = tensor.inputs.map(name)
    const line = [`${name(tensor)} =`, describeNode(tensor), ...inputs, showShape(tensor.shape)].join(' ')
    const body = bodyOf(tensor)
    if (body === undefined) return [line]
    for (const v of [...body.bound, ...body.free]) listed.add(v)
    const captured = body.free.map((v, i) => `${name(v)} = ${inputs[inputs.length - body.free.length + i]}`)
    const header = `for ${[...body.bound.map(v => variable(v, name(v))), ...captured].join(', ')}`
    return [line, ...indented([header, ...linesOf(body.results, name, listed)])]
  })
  return [...lines, `return ${outputs.map(name).join(' ')}`]
}

/**
 * The expressions as text: one line a tensor, inputs before their users, bodies of iterations and roots indented below.
 * @example listing([sin(input('x', [3]))]) // => 'x = input [3]\nt0 = sin x [3]\nreturn t0'
 */
export const listing = (outputs: readonly Tensor[]): string => linesOf(outputs, namer(), new Set()).join('\n')
