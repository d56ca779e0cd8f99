import type { Body } from '../tensor/body.js'
import { topological } from '../tensor/graph.js'
import { numbersOf } from '../tensor/primitives/constant.js'
import { iteratePrimitive } from '../tensor/primitives/iterate.js'
import { isA, type Tensor } from '../tensor/tensor.js'

/** Numbers for things by their identity, given out in the order in which they are first asked for. */
export const numbering = (): ((thing: object) => number) => {
  const numbers = new Map<object, number>()
  return thing => {
    const known = numbers.get(thing)
    if (known !== undefined) return known
    numbers.set(thing, numbers.size)
    return numbers.size - 1
  }
}

/** What an application is, but for its inputs: equal texts mean equal primitives and parameters. */
export const parametersKey = (tensor: Tensor, identity: (thing: object) => number): string => {
  const values = numbersOf(tensor)
  if (values !== undefined)
    return values.size > 4096
      ? `#${identity(values)}`
      : Array.from(values.data, x => (Object.is(x, -0) ? '-0' : x)).join()
  if (tensor.primitive.name === 'input') return `#${identity(tensor)}`
  if (isA(iteratePrimitive, tensor)) return `${tensor.parameters.limit} ${bodyKey(tensor.parameters.body, identity)}`
  const parameters = tensor.parameters as Record<string, unknown>
  const opaque = Object.values(parameters).some(value => typeof value === 'function' || isRecord(value))
  return opaque ? `#${identity(parameters)}` : JSON.stringify(parameters)
}

const isRecord = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value)

/** A body as text, with its variables numbered: equal texts mean equal functions. */
const bodyKey = (body: Body, identity: (thing: object) => number): string => {
  const local = numbering()
  const variables = [...body.bound, ...body.free]
  for (const v of variables) local(v)
  const known = new Set(variables)
  const lines = topological(body.results)
    .filter(x => !known.has(x))
    .map(x => `${local(x)}=${x.primitive.name}(${x.inputs.map(local)})${parametersKey(x, identity)}`)
  return `{${variables.map(v => v.shape.join('x'))};${lines.join(';')};${body.results.map(local)}}`
}
