import { defect } from '../../prelude/defect.js'
import { expand } from '../../rewrite/expand.js'
import { topological } from '../../tensor/graph.js'
import { numbersOf } from '../../tensor/primitives/constant.js'
import { componentPrimitive, iteratePrimitive } from '../../tensor/primitives/iterate.js'
import { lineFor, primitives } from '../../tensor/primitives.js'
import { sameShape, showShape } from '../../tensor/shape.js'
import { isA, type Tensor } from '../../tensor/tensor.js'
import type { Numbers } from './arrays.js'
import { table } from './table.js'

/** The value of a tensor, or the states that an iteration ends with. */
type Value = Numbers | readonly Numbers[]

/** A step of a program: computes one slot from others and lets go of values that nothing needs any more. */
interface Step {
  readonly slot: number
  readonly compute: (values: readonly Value[]) => Value
  readonly finished: readonly number[]
}

/** Numbers for the inputs, in their order -> numbers of the outputs, in theirs. */
type Run = (inputs: readonly Numbers[]) => readonly Numbers[]

const iteration = (tensor: Tensor): ((values: readonly Numbers[]) => readonly Numbers[]) => {
  if (!isA(iteratePrimitive, tensor)) return defect(`${tensor.primitive.name} is no iteration`)
  const { body, states, limit } = tensor.parameters
  const run = plan([...body.bound, ...body.free], body.results)
  const count = states.length
  return inputs => {
    const free = inputs.slice(count + 1)
    let current = inputs.slice(0, count)
    let going = (inputs[count] as Numbers).get() > 0
    for (let step = 0; going && step < limit; step++) {
      const next = run([...current, ...free])
      current = next.slice(0, count)
      going = (next[count] as Numbers).get() > 0
    }
    return current
  }
}

const compile = (tensor: Tensor, slots: readonly number[]): ((values: readonly Value[]) => Value) => {
  if (isA(componentPrimitive, tensor)) {
    const { index } = tensor.parameters
    return values => (values[slots[0] as number] as readonly Numbers[])[index] as Numbers
  }
  const constant = numbersOf(tensor)
  if (constant !== undefined) return () => constant
  if (isA(iteratePrimitive, tensor)) {
    const run = iteration(tensor)
    return values => run(slots.map(slot => values[slot] as Numbers))
  }
  const line = lineFor<Numbers>(table, tensor) ?? defect(`reference cannot interpret ${tensor.primitive.name}`)
  return values =>
    line(
      slots.map(slot => values[slot] as Numbers),
      tensor
    )
}

/** Orders the graph once, so that it can be run many times. */
const plan = (inputs: readonly Tensor[], outputs: readonly Tensor[]): Run => {
  const given = new Set(inputs)
  const order = topological(outputs, tensor => !given.has(tensor))
  const slotOf = new Map([...new Set([...inputs, ...order])].map((tensor, slot) => [tensor, slot] as const))
  const last = new Map<number, Tensor>()
  for (const tensor of order) for (const x of tensor.inputs) last.set(slotOf.get(x) as number, tensor)
  const kept = new Set(outputs.map(output => slotOf.get(output) as number))
  const steps = order
    .filter(tensor => !given.has(tensor))
    .map((tensor): Step => {
      const slots = tensor.inputs.map(x => slotOf.get(x) as number)
      const finished = [...new Set(slots)].filter(slot => last.get(slot) === tensor && !kept.has(slot))
      return { slot: slotOf.get(tensor) as number, compute: compile(tensor, slots), finished }
    })
  const released: readonly Numbers[] = []
  return values => {
    const held: Value[] = [...values]
    for (const { slot, compute, finished } of steps) {
      held[slot] = compute(held)
      for (const done of finished) held[done] = released
    }
    return outputs.map(output => held[slotOf.get(output) as number] as Numbers)
  }
}

/**
 * Prepares the outputs for float64 evaluation by ndarray and ndarray-ops: the definition of correct.
 * @param inputs the variables, in the order in which their numbers will be given
 * @throws TypeError if the outputs use an input that is not listed, or numbers have another shape than declared
 */
export const program = (inputs: readonly Tensor[], outputs: readonly Tensor[]): Run => {
  const expanded = expand(name => name in primitives)(outputs)
  const given = new Set(inputs)
  const missing = topological(expanded).find(x => x.primitive.name === 'input' && !given.has(x))
  if (missing !== undefined) return defect(`the input ${(missing.parameters as { name: string }).name} has no numbers`)
  const run = plan(inputs, expanded)
  return values => {
    inputs.forEach((x, i) => {
      const shape = (values[i] as Numbers).shape
      if (!sameShape(shape, x.shape)) defect(`an input of shape ${showShape(x.shape)} was given ${showShape(shape)}`)
    })
    return run(values)
  }
}
