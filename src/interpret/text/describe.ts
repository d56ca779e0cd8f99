import type { Body } from '../../tensor/body.js'
import { numbersOf } from '../../tensor/primitives/constant.js'
import { range, sameShape, showShape } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'

/** Constants of more numbers than this are abbreviated. */
const shown = 6

const isRecord = (x: unknown): x is Readonly<Record<string, unknown>> =>
  typeof x === 'object' && x !== null && !Array.isArray(x)

const isBody = (x: unknown): x is Body => isRecord(x) && 'bound' in x && 'free' in x && 'results' in x

const showNumber = (x: number): string => (Object.is(x, -0) ? '-0' : `${Number(x.toPrecision(6))}`)

const constantText = (tensor: Tensor): string | undefined => {
  const numbers = numbersOf(tensor)
  if (numbers === undefined) return undefined
  const some = range(Math.min(numbers.data.length, shown)).map(i => showNumber(numbers.data[i] as number))
  if (tensor.shape.length === 0) return some[0] ?? ''
  return numbers.data.length > shown ? `(${some.slice(0, 3).join(' ')} ...)` : `(${some.join(' ')})`
}

const parameterText = (key: string, value: unknown, tensor: Tensor): readonly string[] => {
  if (
    value === false ||
    isBody(value) ||
    (key === 'levels' && sameShape(value as number[], [])) ||
    (key === 'shape' && sameShape(value as number[], tensor.shape))
  )
    return []
  if (value === true) return [key]
  if (Array.isArray(value)) return value.every(n => typeof n === 'number') ? [`${key}=${showShape(value)}`] : []
  if (isRecord(value)) return 'name' in value ? [`${key}=${value.name}`] : []
  return [`${key}=${typeof value === 'number' ? showNumber(value) : String(value)}`]
}

/** The function that an iteration repeats, or that a root is a zero of; undefined for other tensors. */
export const bodyOf = (tensor: Tensor): Body | undefined =>
  isRecord(tensor.parameters) ? Object.values(tensor.parameters).find(isBody) : undefined

/** A tensor's primitive and parameters in words; constants of more than six numbers are abbreviated. */
export const describeNode = (tensor: Tensor): string => {
  if (tensor.primitive.name === 'input') return 'input'
  const constant = constantText(tensor)
  const parameters = isRecord(tensor.parameters)
    ? Object.entries(tensor.parameters).flatMap(([key, value]) => parameterText(key, value, tensor))
    : []
  return [tensor.primitive.name, ...(constant === undefined ? parameters : [constant])].join(' ')
}

/** Gives every tensor a short name: inputs their own, others t0, t1, ...; no two tensors the same. */
export const namer = (): ((tensor: Tensor) => string) => {
  const names = new Map<Tensor, string>()
  const taken = new Set<string>()
  let next = 0
  const free = (wanted: string): string => {
    let name = wanted
    for (let i = 1; taken.has(name); i++) name = `${wanted}_${i}`
    return name
  }
  return tensor => {
    const known = names.get(tensor)
    if (known !== undefined) return known
    const isInput = tensor.primitive.name === 'input'
    const name = free(isInput ? (tensor.parameters as { readonly name: string }).name : `t${next++}`)
    taken.add(name)
    names.set(tensor, name)
    return name
  }
}
