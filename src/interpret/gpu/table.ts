import { fillOf } from '../../tensor/primitives/constant.js'
import type { PrimitiveName, Structural } from '../../tensor/primitives.js'
import type { Tensor } from '../../tensor/tensor.js'

/** The text of an entry of the result, from the texts of its inputs' entries. */
type Entry = (inputs: readonly string[], node: Tensor) => string

/**
 * How a primitive is computed: entry by entry inside a kernel, by a loop of a kernel, as a change of indices inside
 * whatever kernel reads it, or on the host by `reference`.
 */
export type Line =
  | { readonly how: 'offloaded'; readonly as: 'entries'; readonly entry: Entry }
  | { readonly how: 'offloaded'; readonly as: 'loop' }
  | { readonly how: 'offloaded'; readonly as: 'indices' }
  | { readonly how: 'reference' }

const entries = (entry: Entry): Line => ({ how: 'offloaded', as: 'entries', entry })
const call = (name: string): Line => entries(([x]) => `${name}(${x})`)
const infix = (operator: string): Line => entries(([a, b]) => `(${a} ${operator} ${b})`)
const truth = (operator: string): Line => entries(([a, b]) => `((${a} ${operator} ${b}) ? 1.0 : 0.0)`)
const loop: Line = { how: 'offloaded', as: 'loop' }
const indices: Line = { how: 'offloaded', as: 'indices' }
const reference: Line = { how: 'reference' }

/** x^n as a product. */
const product = (x: string, n: number): string => {
  if (n === 1) return x
  const half = product(x, Math.floor(n / 2))
  return n % 2 === 1 ? `(${half} * ${half} * ${x})` : `(${half} * ${half})`
}

/** Exponents above this are left to `reference`: the text would be long. */
const greatestExponent = 8

/**
 * One line a primitive. What stays with `reference` either moves numbers without computing (pad, concat), or needs more
 * than float32 (solve and logAbsDet of general matrices).
 */
export const table: Readonly<Record<Exclude<PrimitiveName, Structural>, Line>> = {
  abs: call('Math.abs'),
  add: infix('+'),
  broadcast: indices,
  concat: reference,
  cos: call('cosine'),
  div: infix('/'),
  equal: truth('=='),
  exp: call('exponential'),
  expm1: call('expLessOne'),
  greater: truth('>'),
  greaterEqual: truth('>='),
  log: call('logarithm'),
  log1p: call('logOnePlus'),
  logAbsDet: reference,
  matmul: loop,
  max: loop,
  maximum: entries(([a, b]) => `Math.max(${a}, ${b})`),
  minimum: entries(([a, b]) => `Math.min(${a}, ${b})`),
  mul: infix('*'),
  neg: entries(([x]) => `(-${x})`),
  pad: reference,
  permute: indices,
  power: entries(([x], { parameters }) => {
    const { exponent } = parameters as { readonly exponent: number }
    const positive = exponent === 0 ? '1.0' : product(x as string, Math.abs(exponent))
    return exponent < 0 ? `(1.0 / ${positive})` : positive
  }),
  reshape: indices,
  select: entries(([c, a, b]) => `((${c} != 0.0) ? ${a} : ${b})`),
  sigmoid: entries(([x]) => `(1.0 / (1.0 + exponential(-${x})))`),
  sign: call('signOf'),
  sin: call('sine'),
  slice: indices,
  softplus: entries(([x]) => `(Math.max(${x}, 0.0) + logOnePlus(exponential(-Math.abs(${x}))))`),
  solve: reference,
  sqrt: call('Math.sqrt'),
  stopGradient: entries(([x]) => x as string),
  sub: infix('-'),
  sum: loop,
  tanh: call('tangentH')
}

/** The line of a tensor; `reference` also for inputs, constants and iterations, which no kernel computes. */
export const lineOf = (tensor: Tensor): Line => {
  const { exponent = 0 } = tensor.parameters as { readonly exponent?: number }
  if (Math.abs(exponent) > greatestExponent) return reference
  return (table as Readonly<Record<string, Line>>)[tensor.primitive.name] ?? reference
}

/** A number that every entry of a tensor is, as a text that a kernel can hold; undefined where there is none. */
export const literalOf = (tensor: Tensor): string | undefined => {
  const fill = fillOf(tensor)
  if (fill === undefined) return undefined
  const single = Math.fround(fill)
  if (!Number.isFinite(single) || (single !== 0 && Math.abs(single) < 2 ** -126)) return undefined
  const digits = String(single)
  const text = /[.e]/.test(digits) ? digits : `${digits}.0`
  return single < 0 ? `(${text})` : text
}
