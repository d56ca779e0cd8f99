import { topological } from '../../tensor/graph.js'
import { showShape } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { bodyOf, describeNode, namer } from './describe.js'

const quoted = (text: string): string => `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`

const edge = (from: string, to: string, style = ''): string => `${quoted(from)} -> ${quoted(to)}${style};`

/** What names tensors, and those that are drawn already. */
interface Drawing {
  readonly name: (tensor: Tensor) => string
  readonly drawn: Set<Tensor>
}

const cluster = (owner: Tensor, drawing: Drawing): readonly string[] => {
  const { name } = drawing
  const body = bodyOf(owner)
  if (body === undefined) return []
  const captured = owner.inputs.slice(owner.inputs.length - body.free.length)
  return [
    `subgraph ${quoted(`cluster ${name(owner)}`)} {`,
    `label=${quoted(`${owner.primitive.name} ${name(owner)}`)};`,
    ...statements([...body.bound, ...body.free, ...body.results], drawing),
    '}',
    ...captured.map((x, i) => edge(name(x), name(body.free[i] as Tensor), ' [style=dotted]')),
    ...body.results.map(result => edge(name(result), name(owner), ' [style=dashed]'))
  ]
}

const statements = (outputs: readonly Tensor[], drawing: Drawing): readonly string[] => {
  const { name, drawn } = drawing
  return topological(outputs, x => !drawn.has(x)).flatMap(tensor => {
    if (drawn.has(tensor)) return []
    drawn.add(tensor)
    const label = `${name(tensor)}: ${describeNode(tensor)} ${showShape(tensor.shape)}`
    return [
      `${quoted(name(tensor))} [label=${quoted(label)}];`,
      ...tensor.inputs.map(x => edge(name(x), name(tensor))),
      ...cluster(tensor, drawing)
    ]
  })
}

/** The expressions as a graph in the DOT language of Graphviz; bodies of iterations and roots are clusters. */
export const dot = (outputs: readonly Tensor[]): string => {
  const name = namer()
  const lines = statements(outputs, { name, drawn: new Set() })
  const results = outputs.map(output => `${quoted(name(output))} [shape=box];`)
  return ['digraph expression {', ...lines, ...results, '}'].join('\n')
}
