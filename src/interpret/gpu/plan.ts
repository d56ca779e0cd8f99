import { defect } from '../../prelude/defect.js'
import { topological } from '../../tensor/graph.js'
import { numbersOf } from '../../tensor/primitives/constant.js'
import { componentPrimitive, iteratePrimitive } from '../../tensor/primitives/iterate.js'
import { lineFor } from '../../tensor/primitives.js'
import { type Shape, sizeOf } from '../../tensor/shape.js'
import { isA, type Tensor } from '../../tensor/tensor.js'
import { type Numbers, rowMajor, withShape } from '../reference/arrays.js'
import { table as referenceTable } from '../reference/table.js'
import { type Device, hostNumbers, type Kernel, type Operand } from './gpuJs.js'
import { groupOf } from './groups.js'
import { kernelText } from './kernelText.js'
import { lineOf, literalOf } from './table.js'

/** Numbers of a tensor: in float64 on the host, or as a kernel gave them, or both. */
export interface Value {
  readonly shape: Shape
  host?: Numbers
  operand?: Operand
}

/** What a kernel needs to be worth its transfer. */
export interface Offloading {
  /** Operations from which on a kernel is run; below, `reference` computes. */
  readonly from: number
}

/** Largest tensors that kernels index: see `kernelText`. */
const mostEntries = 2 ** 21

const onHost = async (value: Value): Promise<Numbers> => {
  value.host ??= withShape(new Float64Array(await hostNumbers(value.operand as Operand)), value.shape)
  return value.host
}

const asOperand = (value: Value): Operand => {
  value.operand ??= new Float32Array(rowMajor(value.host as Numbers))
  return value.operand
}

const free = ({ release }: Device, { operand }: Value): void => {
  if (operand !== undefined) release(operand)
}

/** A program: values of the inputs, which it does not free -> values of the outputs, which are the caller's to free. */
export type Run = (inputs: readonly Value[]) => Promise<readonly Value[]>

type Held = Value | readonly Value[]

interface Step {
  readonly tensor: Tensor
  readonly needs: readonly Tensor[]
  readonly compute: (values: readonly Held[]) => Promise<Held>
}

const hostStep = (tensor: Tensor): Step['compute'] => {
  const line = lineFor<Numbers>(referenceTable, tensor) ?? defect(`gpu cannot interpret ${tensor.primitive.name}`)
  return async values => {
    const numbers = await Promise.all(values.map(value => onHost(value as Value)))
    return { shape: tensor.shape, host: line(numbers, tensor) }
  }
}

const kernelStep =
  (kernel: Kernel, shape: Shape): Step['compute'] =>
  async values => ({ shape, operand: await kernel(values.map(value => asOperand(value as Value))) })

const loopStep = (tensor: Tensor, device: Device, offloading: Offloading): Step['compute'] => {
  if (!isA(iteratePrimitive, tensor)) return defect(`${tensor.primitive.name} is no iteration`)
  const { body, states, limit } = tensor.parameters
  const run = plan([...body.bound, ...body.free], body.results, device, offloading)
  const count = states.length
  return async held => {
    const values = held as readonly Value[]
    const outer = new Set(values)
    const going = async (value: Value): Promise<boolean> => (await onHost(value)).get() > 0
    let current = values.slice(0, count)
    let goOn = await going(values[count] as Value)
    for (let step = 0; goOn && step < limit; step++) {
      const next = await run([...current, ...values.slice(count + 1)])
      goOn = await going(next[count] as Value)
      for (const old of new Set([...current, next[count] as Value]))
        if (!outer.has(old) && !next.slice(0, count).includes(old)) free(device, old)
      current = next.slice(0, count)
    }
    return current
  }
}

/** Which tensors a program must have as values, and how each comes about, in order. */
const stepsOf = (
  outputs: readonly Tensor[],
  given: ReadonlySet<Tensor>,
  device: Device,
  offloading: Offloading
): readonly Step[] => {
  const order = topological(outputs, tensor => !given.has(tensor))
  const uses = new Map<Tensor, number>()
  const use = (x: Tensor): void => void uses.set(x, (uses.get(x) ?? 0) + 1)
  for (const tensor of order) if (!given.has(tensor)) tensor.inputs.forEach(use)
  for (const output of outputs) uses.set(output, Infinity)
  const usedOnce = (tensor: Tensor): boolean => uses.get(tensor) === 1 && !given.has(tensor)

  const steps = new Map<Tensor, Step>()
  const wanted = new Set(outputs)
  const stepOf = (tensor: Tensor): Step => {
    const constant = numbersOf(tensor)
    if (constant !== undefined)
      return { tensor, needs: [], compute: async () => ({ shape: tensor.shape, host: constant }) }
    if (isA(componentPrimitive, tensor)) {
      const { index } = tensor.parameters
      return { tensor, needs: tensor.inputs, compute: async ([loop]) => (loop as readonly Value[])[index] as Value }
    }
    if (isA(iteratePrimitive, tensor))
      return { tensor, needs: tensor.inputs, compute: loopStep(tensor, device, offloading) }
    const line = lineOf(tensor)
    if (line.how === 'offloaded' && line.as !== 'indices' && literalOf(tensor) === undefined) {
      const { leaves, work } = groupOf(tensor, usedOnce)
      const small = [tensor, ...leaves].every(({ shape }) => sizeOf(shape) <= mostEntries && sizeOf(shape) > 0)
      if (work >= offloading.from && small && leaves.size > 0) {
        const text = kernelText(tensor, x => leaves.has(x))
        const kernel = device.compile(text.source, sizeOf(tensor.shape))
        return { tensor, needs: text.leaves, compute: kernelStep(kernel, tensor.shape) }
      }
    }
    return { tensor, needs: tensor.inputs, compute: hostStep(tensor) }
  }
  for (const tensor of [...order].reverse()) {
    if (given.has(tensor) || !wanted.has(tensor)) continue
    const step = stepOf(tensor)
    steps.set(tensor, step)
    for (const x of step.needs) wanted.add(x)
  }
  return order.flatMap(tensor => steps.get(tensor) ?? [])
}

/** Orders a graph once, its kernels compiled at their first run, so that it can be run many times. */
export const plan = (
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  device: Device,
  offloading: Offloading
): Run => {
  const given = new Set(inputs)
  const steps = stepsOf(outputs, given, device, offloading)
  const last = new Map<Tensor, Tensor>()
  for (const { tensor, needs } of steps) for (const x of needs) last.set(x, tensor)
  const lasting = new Set([...inputs, ...outputs])
  return async values => {
    const held = new Map<Tensor, Held>(inputs.map((x, i) => [x, values[i] as Value]))
    const shared = (value: Value): boolean =>
      [...held].some(
        ([tensor, other]) => lasting.has(tensor) && (other === value || (Array.isArray(other) && other.includes(value)))
      )
    for (const { tensor, needs, compute } of steps) {
      held.set(tensor, await compute(needs.map(x => held.get(x) as Held)))
      for (const x of new Set(needs)) {
        if (lasting.has(x) || last.get(x) !== tensor) continue
        const done = held.get(x) as Held
        held.delete(x)
        if (isA(componentPrimitive, x) || isA(componentPrimitive, tensor)) continue
        for (const value of Array.isArray(done) ? done : [done as Value]) if (!shared(value)) free(device, value)
      }
    }
    return outputs.map(output => held.get(output) as Value)
  }
}
