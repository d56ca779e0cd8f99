import fc from 'fast-check'
import ndarray from 'ndarray'
import { describe, expect, it } from 'vitest'
import { program } from '../../../src/interpret/reference/evaluate.js'
import { toArray, toNested } from '../../../src/interpret/reference/reference.js'
import { type Applicable, applications, argumentsOf, functionOf } from '../../../src/laws/applications.js'
import { shapes } from '../../../src/laws/samples.js'
import { vectorize } from '../../../src/rewrite/vectorize.js'
import { fromArray, scalar } from '../../../src/tensor/constructors.js'
import { add } from '../../../src/tensor/primitives/add.js'
import { broadcastTo } from '../../../src/tensor/primitives/broadcast.js'
import { input } from '../../../src/tensor/primitives/input.js'
import { iterate } from '../../../src/tensor/primitives/iterate.js'
import { less } from '../../../src/tensor/primitives/less.js'
import { matmul } from '../../../src/tensor/primitives/matmul.js'
import { mul } from '../../../src/tensor/primitives/mul.js'
import { permute } from '../../../src/tensor/primitives/permute.js'
import { at, slice } from '../../../src/tensor/primitives/slice.js'
import { sub } from '../../../src/tensor/primitives/sub.js'
import { sum } from '../../../src/tensor/primitives/sum.js'
import { range, sizeOf, stridesOf } from '../../../src/tensor/shape.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import { identical, numbersOfAll } from '../../support/agreement.js'
import { law } from '../../support/law.js'

/** What elementwise primitives mean, in one number or two. */
const meanings: Partial<Record<Applicable, (x: number, y: number, z: number) => number>> = {
  abs: Math.abs,
  add: (x, y) => x + y,
  cos: Math.cos,
  div: (x, y) => x / y,
  equal: (x, y) => (x === y ? 1 : 0),
  exp: Math.exp,
  expm1: Math.expm1,
  greater: (x, y) => (x > y ? 1 : 0),
  greaterEqual: (x, y) => (x >= y ? 1 : 0),
  log: Math.log,
  log1p: Math.log1p,
  maximum: (x, y) => Math.max(x, y),
  minimum: (x, y) => Math.min(x, y),
  mul: (x, y) => x * y,
  neg: x => -x,
  select: (c, x, y) => (c !== 0 ? x : y),
  sign: Math.sign,
  sin: Math.sin,
  sqrt: Math.sqrt,
  stopGradient: x => x,
  sub: (x, y) => x - y,
  tanh: Math.tanh
}

describe('elementwise primitives mean what they say, to the bit', () => {
  for (const [name, meaning] of Object.entries(meanings))
    law(`${name}`, [applications(name as Applicable, 'wild')], application => {
      const [xs, ys, zs] = application.arguments.map(x => x.values)
      const expected = (xs ?? []).map((x, i) => meaning(x, ys?.[i] ?? 0, zs?.[i] ?? 0))
      return identical(numbersOfAll([functionOf(application)(...argumentsOf(application))]), [expected])
    })

  it('treats infinities and NaN as IEEE 754 has them', () => {
    const x = fromArray([Infinity, -Infinity, Number.NaN, 0, -0])
    const of = (name: Applicable): readonly number[] => [...toArray(functionOf({ name, parameters: {} })(x))]
    expect(of('exp')).toEqual([Infinity, 0, Number.NaN, 1, 1])
    expect(of('log')).toEqual([Infinity, Number.NaN, Number.NaN, -Infinity, -Infinity])
    expect(of('sigmoid')).toEqual([1, 0, Number.NaN, 0.5, 0.5])
    expect(of('softplus')).toEqual([Infinity, 0, Number.NaN, Math.LN2, Math.LN2])
    expect(of('sign')).toEqual([1, -1, Number.NaN, 0, -0])
  })
})

const whole = fc.integer({ min: -9, max: 9 })
const integers = (shape: readonly number[]): fc.Arbitrary<Tensor> =>
  fc.array(whole, { minLength: sizeOf(shape), maxLength: sizeOf(shape) }).map(values => fromArray(values, shape))

describe('arrays, exactly on integers', () => {
  law(
    'matmul is the sum of products',
    [fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)).chain(([m, k, n]) => fc.tuple(integers([m, k]), integers([k, n])))],
    ([a, b]) => {
      const [[m = 0, k = 0], [, n = 0]] = [a.shape, b.shape]
      const [x, y] = [toArray(a), toArray(b)]
      const expected = range(m * n).map(i =>
        range(k).reduce(
          (total, l) => total + (x[Math.floor(i / n) * k + l] as number) * (y[l * n + (i % n)] as number),
          0
        )
      )
      const turned = matmul(permute(b, [1, 0]), permute(a, [1, 0]))
      return identical(numbersOfAll([matmul(a, b), permute(turned, [1, 0])]), [expected, expected], { signs: false })
    }
  )

  law(
    'permute, slice and sum read the entries that indices say',
    [
      shapes({ minRank: 1, maxRank: 4 }).chain(shape =>
        fc.tuple(integers(shape), fc.shuffledSubarray([...range(shape.length)], { minLength: shape.length }))
      )
    ],
    ([x, axes]) => {
      const y = permute(x, axes)
      const [from, to] = [stridesOf(x.shape), stridesOf(y.shape)]
      const values = toArray(x)
      const expected = range(values.length).map(
        i =>
          values[
            y.shape.reduce(
              (offset, n, axis) =>
                offset + (Math.floor(i / (to[axis] as number)) % n) * (from[axes[axis] as number] as number),
              0
            )
          ] as number
      )
      const last = (x.shape.at(-1) as number) - 1
      const picked = values.filter((_, i) => i % (last + 1) === last)
      const total = values.reduce((a, b) => a + b, 0)
      return identical(numbersOfAll([y, at(x, x.shape.length - 1, last), sum(y)]), [expected, picked, [total]], {
        signs: false
      })
    }
  )

  it('knows ranks from 0 to 6 and axes of length 0', () => {
    const x = fromArray(range(64), [2, 2, 2, 2, 2, 2])
    expect(toNested(sum(x))).toBe(2016)
    expect(toNested(sum(slice(x, [1, 1, 1, 1, 1, 0], [1, 1, 1, 1, 1, 2])))).toBe(125)
    const empty = fromArray([], [0, 3])
    expect(toNested(sum(empty, [0]))).toEqual([0, 0, 0])
    expect(toNested(matmul(fromArray([], [2, 0]), empty))).toEqual([
      [0, 0, 0],
      [0, 0, 0]
    ])
    expect(toNested(add(empty, 1))).toEqual([])
    expect(toNested(vectorize(row => mul(row, 2))(empty))).toEqual([])
  })
})

describe('programs', () => {
  const counted = (limit: number, until: Tensor): readonly Tensor[] =>
    iterate({
      start: [scalar(1), scalar(0)],
      limit,
      going: (_, n) => less(n as Tensor, until),
      step: (z, n) => [mul(z as Tensor, 2), add(n as Tensor, 1)]
    })

  law(
    'an iteration takes the steps that it is asked for, and no more than its limit',
    [fc.nat(9), fc.nat(9)],
    (limit, until) => {
      const steps = Math.min(limit, until)
      return identical(numbersOfAll(counted(limit, scalar(until))), [[2 ** steps], [steps]])
    }
  )

  law(
    'vectorized, every row of an iteration stops by itself',
    [fc.array(fc.nat(9), { minLength: 1, maxLength: 5 })],
    limits => {
      const powers = vectorize(until => counted(7, until)[0] as Tensor)(fromArray(limits))
      return identical(numbersOfAll([powers]), [limits.map(n => 2 ** Math.min(n, 7))])
    }
  )

  it('take numbers for inputs, again and again, and say what is missing or misshapen', () => {
    const [x, y] = [input('x', [2]), input('y', [])]
    const run = program([x, y], [add(x, broadcastTo(y, [2])), sub(x, x)])
    const values = [ndarray(Float64Array.of(1, 2), [2]), ndarray(Float64Array.of(10), [])]
    const results = [run(values), run(values)].map(outputs => outputs.map(z => [z.get(0), z.get(1)]))
    expect(results).toEqual([
      [
        [11, 12],
        [0, 0]
      ],
      [
        [11, 12],
        [0, 0]
      ]
    ])
    expect(() => program([x], [add(x, broadcastTo(y, [2]))])).toThrow('the input y has no numbers')
    expect(() => run([values[1] as (typeof values)[0], values[1] as (typeof values)[0]])).toThrow(
      'shape [2] was given []'
    )
  })
})
