import onnxProto from 'onnx-proto'
import type { Model as Lowered } from '../../interpret/onnx/lower.js'

const { onnx } = onnxProto
type Node = onnxProto.onnx.INodeProto
type Info = onnxProto.onnx.IValueInfoProto

const { INT, INTS, GRAPH } = onnx.AttributeProto.AttributeType

const node = (
  opType: string,
  input: readonly string[],
  output: string,
  attribute: onnxProto.onnx.IAttributeProto[] = []
): Node => ({ opType, input: [...input], output: [output], attribute })

const transpose = (input: string, output: string): Node =>
  node('Transpose', [input], output, [{ name: 'perm', type: INTS, ints: [1, 0] }])

const shapeOf = ({ type }: Info): readonly number[] =>
  (type?.tensorType?.shape?.dim ?? []).map(({ dimValue }) => Number(dimValue))

/** A name with axes, of which a text is one of any length. */
const info = (name: string, like: Info, axes: readonly (number | string)[]): Info => ({
  name,
  type: {
    tensorType: {
      elemType: like.type?.tensorType?.elemType ?? 0,
      shape: { dim: axes.map(axis => (typeof axis === 'number' ? { dimValue: axis } : { dimParam: axis })) }
    }
  }
})

const integers = (name: string, values: readonly number[]): onnxProto.onnx.ITensorProto => ({
  name,
  dims: [values.length],
  dataType: onnx.TensorProto.DataType.INT64,
  rawData: new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer)
})

/**
 * A program of columns [d rows] made one of any number of rows [n d]: padded with zeros to whole blocks, a Scan over the
 * blocks, the padding cut off. Results that were [k rows] become [n k], those that were [rows] become [n].
 * @param inputName the one input's name; `outputNames` the outputs' in their order
 */
export const inBlocks = (
  { bytes }: Lowered,
  inputName: string,
  outputNames: readonly string[],
  metadata: Readonly<Record<string, string>>
): Uint8Array => {
  const model = onnx.ModelProto.decode(bytes)
  const graph = model.graph as onnxProto.onnx.IGraphProto
  const [columns] = graph.input as [Info]
  const results = graph.output as Info[]
  const [d, rows] = shapeOf(columns) as [number, number]
  const inner = (name: string): string => `block.${name}`
  const body: onnxProto.onnx.IGraphProto = {
    ...graph,
    name: 'block',
    node: [
      transpose(inner(inputName), columns.name as string),
      ...(graph.node ?? []),
      ...results.map((result, i) => {
        const [from, to] = [result.name as string, inner(outputNames[i] as string)]
        return shapeOf(result).length === 2 ? transpose(from, to) : node('Identity', [from], to)
      })
    ],
    input: [info(inner(inputName), columns, [rows, d])],
    output: results.map((result, i) =>
      info(
        inner(outputNames[i] as string),
        result,
        shapeOf(result).length === 2 ? [rows, shapeOf(result)[0] as number] : [rows]
      )
    )
  }
  const scan: Node = {
    opType: 'Scan',
    input: ['blocks'],
    output: outputNames.map(name => `blocks.${name}`),
    attribute: [
      { name: 'num_scan_inputs', type: INT, i: 1 },
      { name: 'body', type: GRAPH, g: body }
    ]
  }
  const outer: onnxProto.onnx.IGraphProto = {
    name: 'impflow',
    initializer: [
      integers('zero', [0]),
      integers('one', [1]),
      integers('size', [rows]),
      integers('less', [rows - 1]),
      integers('blocks.shape', [-1, rows, d]),
      ...results.map((result, i) =>
        integers(`rows.${outputNames[i]}`, shapeOf(result).length === 2 ? [-1, shapeOf(result)[0] as number] : [-1])
      )
    ],
    node: [
      node('Shape', [inputName], 'shape'),
      node('Slice', ['shape', 'zero', 'one', 'zero'], 'n'),
      node('Add', ['n', 'less'], 'n.more'),
      node('Div', ['n.more', 'size'], 'count'),
      node('Max', ['count', 'one'], 'count.least'),
      node('Mul', ['count.least', 'size'], 'n.padded'),
      node('Sub', ['n.padded', 'n'], 'missing'),
      node('Concat', ['zero', 'zero', 'missing', 'zero'], 'pads', [{ name: 'axis', type: INT, i: 0 }]),
      node('Pad', [inputName, 'pads'], 'padded'),
      node('Reshape', ['padded', 'blocks.shape'], 'blocks'),
      scan,
      ...outputNames.flatMap(name => [
        node('Reshape', [`blocks.${name}`, `rows.${name}`], `all.${name}`),
        node('Slice', [`all.${name}`, 'zero', 'n', 'zero'], name)
      ])
    ],
    input: [info(inputName, columns, ['n', d])],
    output: results.map((result, i) =>
      info(outputNames[i] as string, result, shapeOf(result).length === 2 ? ['n', shapeOf(result)[0] as number] : ['n'])
    )
  }
  const metadataProps = Object.entries(metadata).map(([key, value]) => ({ key, value }))
  return onnx.ModelProto.encode({ ...model, graph: outer, metadataProps }).finish()
}
