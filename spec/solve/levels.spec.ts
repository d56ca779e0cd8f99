import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { exactIntervals, type Intervals, intervalsBetween } from '../../src/interpret/interval/intervals.js'
import { grad, jvp } from '../../src/rewrite/derivatives.js'
import { vectorizeOver } from '../../src/rewrite/vectorize.js'
import { enclosures } from '../../src/solve/enclosures.js'
import { root } from '../../src/solve/root.js'
import { fromArray, fromNested, scalar } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { input } from '../../src/tensor/primitives/input.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sin } from '../../src/tensor/primitives/sin.js'
import { stopGradient } from '../../src/tensor/primitives/stopGradient.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import type { Side, Tensor } from '../../src/tensor/tensor.js'
import { law } from '../support/law.js'
import { distance, numbers, valuesOf } from './support/certificate.js'

/** The z with z + a sin(z) / 2 = x + b, entry by entry. */
const rootOf = (a: Tensor, b: Tensor, x: Tensor): Tensor =>
  root(z => sub(add(z, mul(mul(0.5, a), sin(z))), add(x, b)), { start: x, contraction: 0.5, tolerance: 1e-15 })

/** All rows at once: a is every row's, b one of its own for each; then columns of each, with `twice`. */
const rooted =
  (side: Side, twice: boolean) =>
  (a: Tensor, b: Tensor, x: Tensor): Tensor => {
    const along = (f: (b: Tensor, x: Tensor) => Tensor, own: Tensor, at: Tensor, from: Side): Tensor => {
      const size = (from === 'first' ? at.shape[0] : at.shape.at(-1)) as number
      return vectorizeOver(
        (bi, xi) => [f(bi as Tensor, xi as Tensor)],
        [own, at],
        [true, true],
        size,
        from
      )[0] as Tensor
    }
    const row = (bi: Tensor, xi: Tensor): Tensor =>
      twice ? along((b2, x2) => rootOf(a, b2, x2), bi, xi, 'first') : rootOf(a, bi, xi)
    return along(row, b, x, side)
  }

const numbersOf = (n: number) =>
  fc.array(
    fc.integer({ min: -300, max: 300 }).map(i => i / 100),
    { minLength: n, maxLength: n }
  )
const [rows, columns] = [3, 2]
const tables = fc.record({
  a: fc.integer({ min: -10, max: 10 }).map(i => i / 10),
  b: numbersOf(rows * columns),
  x: numbersOf(rows * columns),
  w: numbersOf(rows * columns)
})

/** By hand: dz = (db + dx - sin(z) / 2 da) / (1 + a cos(z) / 2). */
const slopesAt = (a: number, z: ArrayLike<number>, w: readonly number[]) => {
  const each = Array.from(z, (zi, i) => (w[i] as number) / (1 + (a / 2) * Math.cos(zi)))
  return { inX: each, inA: each.reduce((total, e, i) => total - (e * Math.sin(z[i] as number)) / 2, 0) }
}

describe('the derivative of roots of many rows', () => {
  for (const side of ['first', 'last'] as const)
    for (const twice of [false, true])
      law(
        `is that of every row, in what they share and in what each has alone: ${side}${twice ? ', rows of rows' : ''}`,
        [tables],
        ({ a, b, x, w }) => {
          const table = (values: readonly number[]): Tensor =>
            fromArray(values, side === 'first' || twice ? [rows, columns] : [columns, rows])
          const f = rooted(side, twice)
          const [at, own, points, weights] = [scalar(a), table(b), table(x), table(w)]
          const z = valuesOf(f(at, own, points))
          const { inX, inA } = slopesAt(a, z, w)
          const loss = (p: { readonly a: Tensor; readonly b: Tensor; readonly x: Tensor }): Tensor =>
            sum(mul(f(p.a, p.b, p.x), weights))
          const by = grad(loss)({ a: at, b: own, x: points })
          const alone = grad((shared: Tensor) => sum(mul(f(shared, own, points), weights)))(at)
          const [inB, inPoints, inShared, inSharedAlone] = numbers(by.b, by.x, by.a, alone) as [
            Float64Array,
            Float64Array,
            Float64Array,
            Float64Array
          ]
          const [, along] = jvp((p: Tensor) => f(at, p, points))(own, weights)
          const close = 1e-12 * (1 + Math.hypot(...w))
          return (
            distance(inB, inX) <= close &&
            distance(inPoints, inX) <= close &&
            distance(valuesOf(along), inX) <= close &&
            Math.abs((inShared[0] as number) - inA) <= 10 * close &&
            Math.abs((inSharedAlone[0] as number) - inA) <= 10 * close
          )
        },
        { cases: 40 }
      )
})

describe('what is refused or left alone', () => {
  it('a function that changes the shape', () => {
    expect(() => root(z => sum(z), { start: fromNested([1, 2]), contraction: 0.5 })).toThrow(
      'F maps [2] to [], not to its own shape'
    )
  })

  it('a derivative where nothing moves is 0', () => {
    const z = grad((t: Tensor) => add(mul(0, t), sum(rootOf(scalar(0.5), scalar(1), fromArray([1, 2])))))(scalar(3))
    expect(Array.from(valuesOf(z))).toEqual([0])
  })

  it('an enclosure of a root whose contraction may be 1, in any row', () => {
    const c = input('c', [])
    const z = root(y => sub(y, 2), { start: scalar(0), contraction: c })
    const at = (lo: number, hi: number): Intervals =>
      (enclosures([c], [z])([intervalsBetween([lo], [hi], [])]) as readonly [Intervals])[0]
    expect([at(0.5, 0.9).lo[0], at(0.5, 0.9).hi[0]].map(end => Math.abs((end as number) - 2) < 1e-9)).toEqual([
      true,
      true
    ])
    for (const [lo, hi] of [[0.5, 1] as const, [1, 1] as const, [0.5, 1.5] as const]) expect(at(lo, hi).lo[0]).toBeNaN()
    const contractions = input('c', [2])
    const many = vectorizeOver(
      ci => [root(y => sub(y, 2), { start: scalar(0), contraction: ci as Tensor })],
      [contractions],
      [true],
      2,
      'first'
    )
    const [mixed] = enclosures([contractions], many)([exactIntervals([0.5, 1])]) as readonly [Intervals]
    expect(Array.from(mixed.lo).every(Number.isNaN)).toBe(true)
  })

  it('an enclosure of a root of an F that holds a derivative back is not tightened by a wrong Jacobian', () => {
    // z + (z - z) + z / 2 = 3, where the derivative of the middle one is seen in one part only: J would be 5 / 2.
    const z = root(y => sub(add(add(y, mul(0.5, y)), sub(y, stopGradient(y))), 3), {
      start: scalar(2.5),
      contraction: 0.5,
      tolerance: 1e-3
    })
    const [found] = enclosures([], [z])([]) as readonly [Intervals]
    expect(found.lo[0]).toBeLessThanOrEqual(2)
    expect(found.hi[0]).toBeGreaterThanOrEqual(2)
  })
})
