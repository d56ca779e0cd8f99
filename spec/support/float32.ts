import { rowMajor, withShape } from '../../src/interpret/reference/arrays.js'
import { table } from '../../src/interpret/reference/table.js'
import { expand } from '../../src/rewrite/expand.js'
import { fold } from '../../src/tensor/graph.js'
import { numbersOf } from '../../src/tensor/primitives/constant.js'
import { componentPrimitive, iteratePrimitive } from '../../src/tensor/primitives/iterate.js'
import { matmulPrimitive } from '../../src/tensor/primitives/matmul.js'
import { sumPrimitive } from '../../src/tensor/primitives/sum.js'
import { lineFor, primitives } from '../../src/tensor/primitives.js'
import { isA, type Tensor } from '../../src/tensor/tensor.js'
import type { numbersOfAll } from './agreement.js'

type Numbers = Exclude<ReturnType<typeof numbersOf>, undefined>
type Value = Numbers | readonly Numbers[]

const rounded = (x: Numbers): Numbers => withShape(Float64Array.from(rowMajor(x), Math.fround), x.shape)

const column = (x: Numbers, axis: number, index: number): Numbers =>
  x.pick(...x.shape.map((_, i) => (i === axis ? index : null)))

const zip = (a: Numbers, b: Numbers, f: (x: number, y: number) => number): Numbers => {
  const [x, y] = [rowMajor(a), rowMajor(b)]
  return withShape(
    x.map((value, i) => Math.fround(f(value, y[i] as number))),
    a.shape
  )
}

/** Sums with a rounding after every addition, axis by axis from the last. */
const summed = (x: Numbers, axes: readonly number[]): Numbers =>
  [...axes].reverse().reduce((array, axis) => {
    const length = array.shape[axis] as number
    const shape = array.shape.filter((_, i) => i !== axis)
    let sum = withShape(new Float64Array(shape.reduce((a, b) => a * b, 1)), shape)
    for (let i = 0; i < length; i++) sum = zip(sum, column(array, axis, i), (a, b) => a + b)
    return sum
  }, x)

/** Products with a rounding after every multiplication and addition. */
const multiplied = (
  a: Numbers,
  b: Numbers,
  transposeA: boolean,
  transposeB: boolean,
  shape: readonly number[]
): Numbers => {
  const [m, n] = shape.slice(-2) as [number, number]
  const inner = a.shape.at(transposeA ? -2 : -1) as number
  const [x, y] = [rowMajor(a), rowMajor(b)]
  const result = new Float64Array(shape.reduce((p, q) => p * q, 1))
  for (let index = 0; index < result.length; index++) {
    const [s, i, j] = [Math.floor(index / (m * n)), Math.floor(index / n) % m, index % n]
    for (let k = 0; k < inner; k++) {
      const left = x[s * m * inner + (transposeA ? k * m + i : i * inner + k)] as number
      const right = y[s * n * inner + (transposeB ? j * inner + k : k * n + j)] as number
      result[index] = Math.fround((result[index] as number) + Math.fround(left * right))
    }
  }
  return withShape(result, shape)
}

const evaluated = (tensor: Tensor, inputs: readonly Value[]): Value => {
  const numbers = inputs as readonly Numbers[]
  const constant = numbersOf(tensor)
  if (constant !== undefined) return rounded(constant)
  if (isA(componentPrimitive, tensor)) return (inputs[0] as readonly Numbers[])[tensor.parameters.index] as Numbers
  if (isA(sumPrimitive, tensor)) return summed(numbers[0] as Numbers, tensor.parameters.axes)
  if (isA(matmulPrimitive, tensor)) {
    const { transposeA, transposeB } = tensor.parameters
    return multiplied(numbers[0] as Numbers, numbers[1] as Numbers, transposeA, transposeB, tensor.shape)
  }
  if (isA(iteratePrimitive, tensor)) {
    const { body, states, limit } = tensor.parameters
    let current: readonly Numbers[] = numbers.slice(0, states.length + 1)
    for (let step = 0; step < limit && (current[states.length]?.get() ?? 0) > 0; step++) {
      const bound = body.bound.map((v, i) => [v, current[i] as Value] as const)
      const free = body.free.map((v, i) => [v, numbers[states.length + 1 + i] as Value] as const)
      current = fold(body.results, evaluated, new Map<Tensor, Value>([...bound, ...free])) as readonly Numbers[]
    }
    return current
  }
  const line = lineFor<Numbers>(table, tensor)
  if (line === undefined) throw new Error(`no line for ${tensor.primitive.name}`)
  return rounded(line(numbers, tensor))
}

const knows = (name: string): boolean => name in primitives && name !== 'solve' && name !== 'logAbsDet'

/** An interpreter that rounds to float32 after every operation, in the least accurate order: a model of slow hardware. */
export const float32: typeof numbersOfAll = outputs =>
  fold<Value>(expand(knows)(outputs), evaluated).map(value => Float64Array.from(rowMajor(value as Numbers)))
