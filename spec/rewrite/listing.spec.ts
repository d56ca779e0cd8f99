import { describe, expect, it } from 'vitest'
import { numbering, parametersKey } from '../../src/rewrite/listing.js'
import { mapLoop, simplify } from '../../src/rewrite/simplify.js'
import { root } from '../../src/solve/root.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { broadcast } from '../../src/tensor/primitives/broadcast.js'
import { constantOf } from '../../src/tensor/primitives/constant.js'
import { input } from '../../src/tensor/primitives/input.js'
import { iterate } from '../../src/tensor/primitives/iterate.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sin } from '../../src/tensor/primitives/sin.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import type { Tensor } from '../../src/tensor/tensor.js'

const key = (t: Tensor): string => parametersKey(t, numbering())

/** Whether simplify takes two tensors for one. */
const isOne = (a: Tensor, b: Tensor): boolean => {
  const [p, q] = simplify([a, b])
  return p === q
}

const x = input('x', [2])

/** Three steps of f from x, or as many as told. */
const loop = (f: (z: Tensor) => Tensor, limit = 3): Tensor =>
  iterate({ start: [x], limit, going: () => scalar(1), step: z => [f(z as Tensor)] })[0] as Tensor

describe('names of things', () => {
  it('are numbers in the order in which they are asked for, and stay', () => {
    const numberOf = numbering()
    const [a, b] = [{}, {}]
    expect([a, b, a, {}, b].map(numberOf)).toEqual([0, 1, 0, 2, 1])
  })
})

describe('what an application is, but for its inputs', () => {
  it('numbers of constants, signs of zero told apart', () => {
    expect(key(fromArray([1, -0, 0]))).toBe('1,-0,0')
    expect(key(scalar(2))).toBe('2')
  })

  it('the identity of constants of more than 4096 numbers, and of inputs', () => {
    const numberOf = numbering()
    const many = (n: number) => fromArray(new Float64Array(n))
    expect(parametersKey(many(4097), numberOf)).toBe('#0')
    expect(parametersKey(many(4097), numberOf)).toBe('#1')
    expect(parametersKey(input('a', []), numberOf)).toBe('#2')
    expect(key(many(4096)).length).toBe(2 * 4096 - 1)
  })

  it('parameters, as text where they are', () => {
    expect(key(broadcast(x, [2, 3], [0]))).toBe('{"shape":[2,3],"axes":[0]}')
    expect(key(sum(x))).toBe('{"axes":[0]}')
    expect(key(sin(x))).toBe('{}')
  })

  it('the limit and the body of an iteration, its variables numbered', () => {
    const captured = input('k', [2])
    const once = iterate({ start: [x], limit: 7, going: () => scalar(1), step: z => [mul(z as Tensor, captured)] })
    const text = '7 {2,2;2=mul(0,1){};3=constant()1;2,3}'
    expect(key((once[0] as Tensor).inputs[0] as Tensor)).toBe(text)
  })
})

describe('loops that are one', () => {
  it('have the same steps, limit and starts', () => {
    expect(isOne(loop(sin), loop(sin))).toBe(true)
    expect(isOne(loop(sin), loop(sin, 4))).toBe(false)
    expect(
      isOne(
        loop(sin),
        loop(z => sin(sin(z)))
      )
    ).toBe(false)
    expect(
      isOne(
        loop(z => mul(z, 2)),
        loop(z => mul(z, 3))
      )
    ).toBe(false)
    expect(
      isOne(
        loop(z => mul(z, 2)),
        loop(z => mul(z, 2))
      )
    ).toBe(true)
  })

  it('use the same numbers from outside', () => {
    const [p, q] = [input('p', [2]), input('q', [2])]
    expect(
      isOne(
        loop(z => mul(z, p)),
        loop(z => mul(z, p))
      )
    ).toBe(true)
    expect(
      isOne(
        loop(z => mul(z, p)),
        loop(z => mul(z, q))
      )
    ).toBe(false)
    expect(
      isOne(
        loop(z => add(mul(z, p), q)),
        loop(z => add(mul(z, q), p))
      )
    ).toBe(false)
  })
})

describe('what has functions in its parameters', () => {
  const problem = (weight: number): Tensor => root(z => add(x, mul(weight, sin(z))), { start: x, contraction: 0.5 })

  it('is one only if it was made once', () => {
    const made = problem(0.25)
    expect(isOne(made, made)).toBe(true)
    expect(isOne(sin(made), sin(made))).toBe(true)
    expect(isOne(problem(0.25), problem(0.25))).toBe(false)
  })
})

describe('tensors that are one', () => {
  it('agree in primitive, inputs, shape and parameters', () => {
    const y = input('y', [2])
    expect(isOne(add(x, y), add(x, y))).toBe(true)
    expect(isOne(add(x, y), add(y, x))).toBe(false)
    expect(isOne(add(x, y), mul(x, y))).toBe(false)
    expect(isOne(sum(input('m', [2, 2]), [0]), sum(input('m', [2, 2]), [1]))).toBe(false)
    expect(isOne(constantOf(0, [2]), constantOf(0, [3]))).toBe(false)
    expect(isOne(fromArray([1, 2], [2, 1]), fromArray([1, 2], [1, 2]))).toBe(false)
  })

  it('a rewriting of loops leaves what is no loop as it is', () => {
    const t = sin(x)
    expect(mapLoop(t, () => [])).toBe(t)
  })
})
