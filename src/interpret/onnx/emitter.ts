import onnxProto from 'onnx-proto'
import { range, type Shape, sameShape } from '../../tensor/shape.js'
import type { Precision } from '../backend.js'

const { onnx } = onnxProto

/** A value in the graph being built. */
export interface Lowered {
  /** Name of the value as numbers. */
  readonly name: () => string
  /** Name of the value as booleans, where it is an indicator; cast if need be. */
  readonly truth: () => string
  /** The value's shape in the graph: axes along which it repeats may be missing in front, or of length 1. */
  readonly shape: Shape
}

type Attribute = number | readonly number[] | string | Emitted

/** A graph as emitted, for a model or for the body of a loop. */
export interface Emitted {
  readonly graph: onnxProto.onnx.IGraphProto
}

const attribute = (name: string, value: Attribute): onnxProto.onnx.IAttributeProto => {
  const { AttributeType } = onnx.AttributeProto
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: new TextEncoder().encode(value) }
  if (typeof value === 'number')
    return Number.isInteger(value)
      ? { name, type: AttributeType.INT, i: value }
      : { name, type: AttributeType.FLOAT, f: value }
  if (Array.isArray(value)) return { name, type: AttributeType.INTS, ints: [...value] }
  return { name, type: AttributeType.GRAPH, g: (value as Emitted).graph }
}

const bytesOf = (values: Float32Array | Float64Array | BigInt64Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength)

/** Collects the nodes of one graph; graphs of loop bodies share the constants and the counter of the whole model. */
export interface Emitter {
  readonly precision: Precision
  readonly node: (
    op: string,
    inputs: readonly string[],
    attributes?: Readonly<Record<string, Attribute>>,
    options?: { readonly outputs?: number; readonly domain?: string }
  ) => readonly string[]
  readonly numbers: (values: ArrayLike<number>, shape: Shape) => string
  readonly integers: (values: readonly number[]) => string
  readonly fresh: () => string
  /** An emitter for a body, and the graph once it is done. */
  readonly nested: () => { readonly emitter: Emitter; readonly finish: Finish }
  /** Adds a term to a matrix product of this graph, which moves to its end; the caller knows that nothing else uses it. */
  readonly addToProduct: (product: string, term: string) => string | undefined
}

export type Finish = (
  inputs: readonly (readonly [name: string, shape: Shape, kind: 'number' | 'integer' | 'truth'])[],
  outputs: readonly (readonly [name: string, shape: Shape, kind: 'number' | 'truth'])[]
) => Emitted

/** The emitter of a new model. */
export const emitter = (precision: Precision): { readonly emitter: Emitter; readonly finish: Finish } => {
  const initializers: onnxProto.onnx.ITensorProto[] = []
  const named = new Map<string, string>()
  const { DataType } = onnx.TensorProto
  const numberType = precision === 'float32' ? DataType.FLOAT : DataType.DOUBLE
  const types = { number: numberType, integer: DataType.INT64, truth: DataType.BOOL }
  let counter = 0
  const fresh = (): string => `t${counter++}`

  const stored = (key: string | undefined, tensor: onnxProto.onnx.ITensorProto): string => {
    const known = key === undefined ? undefined : named.get(key)
    if (known !== undefined) return known
    const name = fresh()
    initializers.push({ ...tensor, name })
    if (key !== undefined) named.set(key, name)
    return name
  }
  const numbers = (values: ArrayLike<number>, shape: Shape): string => {
    const typed = precision === 'float32' ? Float32Array.from(values) : Float64Array.from(values)
    const key = typed.length === 1 ? `${shape}:${Object.is(typed[0], -0) ? '-0' : typed[0]}` : undefined
    return stored(key, { dims: [...shape], dataType: numberType, rawData: bytesOf(typed) })
  }
  const integers = (values: readonly number[]): string =>
    stored(`i${values}`, {
      dims: [values.length],
      dataType: DataType.INT64,
      rawData: bytesOf(BigInt64Array.from(values.map(BigInt)))
    })

  const graphOf = (outer: boolean): { readonly emitter: Emitter; readonly finish: Finish } => {
    const nodes: onnxProto.onnx.INodeProto[] = []
    const node: Emitter['node'] = (opType, inputs, attributes = {}, { outputs = 1, domain = '' } = {}) => {
      const output = range(outputs).map(fresh)
      const list = Object.entries(attributes).map(([name, value]) => attribute(name, value))
      nodes.push({ opType, domain, input: [...inputs], output, attribute: list })
      return output
    }
    const addToProduct = (product: string, term: string): string | undefined => {
      const place = nodes.findLastIndex(({ output }) => output?.[0] === product)
      const found = nodes[place]
      if (found?.opType !== 'Gemm' || found.input?.length !== 2) return undefined
      nodes.splice(place, 1)
      nodes.push({ ...found, input: [...found.input, term] })
      return product
    }
    const info = (name: string, shape: Shape, elemType: number): onnxProto.onnx.IValueInfoProto => ({
      name,
      type: { tensorType: { elemType, shape: { dim: shape.map(dimValue => ({ dimValue })) } } }
    })
    const finish: Finish = (inputs, outputs) => ({
      graph: {
        name: outer ? 'impflow' : 'step',
        node: nodes,
        initializer: outer ? initializers : [],
        input: inputs.map(([name, shape, kind]) => info(name, shape, types[kind])),
        output: outputs.map(([name, shape, kind]) => info(name, shape, types[kind]))
      }
    })
    return {
      emitter: { precision, node, numbers, integers, fresh, nested: () => graphOf(false), addToProduct },
      finish
    }
  }
  return graphOf(true)
}

/** The bytes of a model with one graph. */
export const modelBytes = ({ graph }: Emitted): Uint8Array =>
  onnx.ModelProto.encode({
    irVersion: 8,
    producerName: 'impflow',
    opsetImport: [
      { domain: '', version: 18 },
      { domain: 'com.microsoft', version: 1 }
    ],
    graph
  }).finish()

/** A value whose name is known. */
export const value = (name: string, shape: Shape, emit: Emitter): Lowered => {
  let truth: string | undefined
  return {
    name: () => name,
    truth: () => {
      truth ??= emit.node('Cast', [name], { to: onnx.TensorProto.DataType.BOOL })[0] as string
      return truth
    },
    shape
  }
}

/** An indicator, whose numbers are made only if something needs them. */
export const indicator = (truth: string, shape: Shape, emit: Emitter): Lowered => {
  const { DataType } = onnx.TensorProto
  let name: string | undefined
  return {
    name: () => {
      const to = emit.precision === 'float32' ? DataType.FLOAT : DataType.DOUBLE
      name ??= emit.node('Cast', [truth], { to })[0] as string
      return name
    },
    truth: () => truth,
    shape
  }
}

/** The value with every axis at its full length. */
export const full = (x: Lowered, shape: Shape, emit: Emitter): string =>
  sameShape(x.shape, shape) ? x.name() : (emit.node('Expand', [x.name(), emit.integers(shape)])[0] as string)
