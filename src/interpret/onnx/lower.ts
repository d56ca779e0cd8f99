import { defect } from '../../prelude/defect.js'
import { expand } from '../../rewrite/expand.js'
import { simplify } from '../../rewrite/simplify.js'
import { topological } from '../../tensor/graph.js'
import { numbersOf } from '../../tensor/primitives/constant.js'
import { componentPrimitive, iteratePrimitive } from '../../tensor/primitives/iterate.js'
import { lineFor, primitives } from '../../tensor/primitives.js'
import { isA, type Tensor } from '../../tensor/tensor.js'
import type { Precision } from '../backend.js'
import { type Emitter, emitter, full, type Lowered, modelBytes, value } from './emitter.js'
import { tableFor } from './table.js'

type Result = Lowered | readonly Lowered[]

const lowerLoop = (loop: Tensor, inputs: readonly Lowered[], emit: Emitter): readonly Lowered[] => {
  if (!isA(iteratePrimitive, loop)) return defect(`${loop.primitive.name} is no iteration`)
  const { body, states, limit } = loop.parameters
  const count = states.length
  const free = inputs.slice(count + 1)
  const goingOn = (x: Lowered, into: Emitter): string =>
    into.node('Greater', [x.name(), into.numbers([0], [])])[0] as string
  const { emitter: inside, finish } = emit.nested()
  const names = states.map(() => inside.fresh())
  const known = new Map<Tensor, Result>([
    ...body.bound.map((v, i) => [v, value(names[i] as string, v.shape, inside)] as const),
    ...body.free.map((v, i) => [v, value((free[i] as Lowered).name(), (free[i] as Lowered).shape, inside)] as const)
  ])
  const results = lowerInto(inside, body.results, known)
  const goes = goingOn(results[count] as Lowered, inside)
  const next = states.map(
    (shape, i) => inside.node('Identity', [full(results[i] as Lowered, shape, inside)])[0] as string
  )
  const graph = finish(
    [
      [inside.fresh(), [], 'integer'],
      [inside.fresh(), [], 'truth'],
      ...states.map((shape, i) => [names[i] as string, shape, 'number'] as const)
    ],
    [[goes, [], 'truth'], ...states.map((shape, i) => [next[i] as string, shape, 'number'] as const)]
  )
  const start = states.map((shape, i) => full(inputs[i] as Lowered, shape, emit))
  const outputs = emit.node(
    'Loop',
    [emit.integers([limit]), goingOn(inputs[count] as Lowered, emit), ...start],
    { body: graph },
    { outputs: count }
  )
  return states.map((shape, i) => value(outputs[i] as string, shape, emit))
}

/** Emits the nodes of the outputs into a graph. */
const lowerInto = (
  emit: Emitter,
  outputs: readonly Tensor[],
  known: ReadonlyMap<Tensor, Result>
): readonly Lowered[] => {
  const results = new Map<Tensor, Result>(known)
  const order = topological(outputs, x => !known.has(x))
  const uses = new Map<Tensor, number>()
  for (const x of [...order.filter(tensor => !known.has(tensor)).flatMap(tensor => tensor.inputs), ...outputs])
    uses.set(x, (uses.get(x) ?? 0) + 1)
  const table = tableFor(emit, tensor => uses.get(tensor) ?? 0)
  for (const tensor of order) {
    if (results.has(tensor)) continue
    const inputs = tensor.inputs.map(x => results.get(x) as Lowered)
    const constant = numbersOf(tensor)
    if (constant !== undefined)
      results.set(tensor, value(emit.numbers(constant.data, tensor.shape), tensor.shape, emit))
    else if (isA(iteratePrimitive, tensor)) results.set(tensor, lowerLoop(tensor, inputs, emit))
    else if (isA(componentPrimitive, tensor))
      results.set(
        tensor,
        (results.get(tensor.inputs[0] as Tensor) as readonly Lowered[])[tensor.parameters.index] as Lowered
      )
    else {
      const line = lineFor<Lowered>(table, tensor) ?? defect(`onnx cannot interpret ${tensor.primitive.name}`)
      results.set(tensor, line(inputs, tensor))
    }
  }
  return outputs.map(output => results.get(output) as Lowered)
}

const knows = (name: string): boolean => name in primitives && name !== 'solve' && name !== 'logAbsDet'

/** What an ONNX program is made from: outputs simplified and in terms that ONNX Runtime knows. */
export const prepared = (outputs: readonly Tensor[]): readonly Tensor[] => simplify(expand(knows)(outputs))

/** A model's bytes, and the names under which it takes its inputs and gives its outputs. */
export interface Model {
  readonly bytes: Uint8Array
  readonly inputs: readonly string[]
  readonly outputs: readonly string[]
}

/**
 * Lowers outputs to an ONNX model (opset 18, and FusedMatMul of com.microsoft for batched transposed products).
 * @throws TypeError for a primitive that ONNX has not: solve and logAbsDet of general matrices
 */
export const lower = (inputs: readonly Tensor[], outputs: readonly Tensor[], precision: Precision): Model => {
  const { emitter: emit, finish } = emitter(precision)
  const names = inputs.map(() => emit.fresh())
  const known = new Map(inputs.map((x, i) => [x, value(names[i] as string, x.shape, emit)] as const))
  const results = lowerInto(emit, outputs, known)
  const last = results.map(
    (result, i) => emit.node('Identity', [full(result, (outputs[i] as Tensor).shape, emit)])[0] as string
  )
  const graph = finish(
    inputs.map((x, i) => [names[i] as string, x.shape, 'number'] as const),
    outputs.map((x, i) => [last[i] as string, x.shape, 'number'] as const)
  )
  return { bytes: modelBytes(graph), inputs: names, outputs: last }
}
