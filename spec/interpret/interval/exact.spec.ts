import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { intervalProgram } from '../../../src/interpret/interval/evaluate.js'
import { contains, log, point } from '../../../src/interpret/interval/interval.js'
import {
  exactIntervals,
  type Intervals,
  intervalAt,
  intervalsAround,
  intervalsBetween,
  midpoints
} from '../../../src/interpret/interval/intervals.js'
import { fromArray, fromNested, scalar } from '../../../src/tensor/constructors.js'
import { input } from '../../../src/tensor/primitives/input.js'
import { iterate } from '../../../src/tensor/primitives/iterate.js'
import { less } from '../../../src/tensor/primitives/less.js'
import { logAbsDet } from '../../../src/tensor/primitives/logAbsDet.js'
import { matmul } from '../../../src/tensor/primitives/matmul.js'
import { mul } from '../../../src/tensor/primitives/mul.js'
import { solve } from '../../../src/tensor/primitives/solve.js'
import { sum } from '../../../src/tensor/primitives/sum.js'
import { range } from '../../../src/tensor/shape.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import { floatOfBits, scaledUp } from '../../support/exactFloats.js'
import { law } from '../../support/law.js'

const boundsOf = (x: Intervals | undefined): readonly number[] => [...(x?.lo ?? []), ...(x?.hi ?? [])]

const only = (y: Tensor): Intervals => intervalProgram([], [y])([])[0] as Intervals

/** Whether bounds enclose an exact whole number of units 2^-1074 (or 2^-2148, with `places` 1074). */
const encloses = ({ lo, hi }: { readonly lo: number; readonly hi: number }, exact: bigint, places: bigint): boolean =>
  (lo === -Infinity || scaledUp(lo) << places <= exact) && (hi === Infinity || scaledUp(hi) << places >= exact)

/** Floats of every size whose sums cancel. */
const floats = fc.oneof(
  fc
    .bigInt({ min: 0n, max: 2n ** 64n - 1n })
    .map(floatOfBits)
    .filter(x => Math.abs(x) < 1e150),
  fc.double({ min: -4, max: 4, noNaN: true }),
  fc.double({ min: -1e-160, max: 1e-160, noNaN: true }),
  fc.constantFrom(0, 1, -1, 2 ** 53, Number.MIN_VALUE)
)
const row = (n: number): fc.Arbitrary<number[]> => fc.array(floats, { minLength: n, maxLength: n })
const lists = fc.integer({ min: 1, max: 12 }).chain(n => fc.tuple(row(n), row(n)))

const whole = (n: number, most: number): fc.Arbitrary<number[]> =>
  fc.array(fc.integer({ min: -most, max: most }), { minLength: n, maxLength: n })

/** Whole matrices [n, n], with the diagonal sometimes enlarged. */
const matrices = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.constantFrom(0, 30))
  .chain(([n, more]) =>
    whole(n * n, 9).map(entries => ({ n, entries: entries.map((x, i) => (i % (n + 1) === 0 ? x + more : x)) }))
  )

/** The determinant by elimination without fractions. Source: Bareiss 1968. */
const determinant = (entries: readonly number[], n: number): bigint => {
  const m = range(n).map(i => range(n).map(j => BigInt(entries[i * n + j] as number)))
  const at = (i: number, j: number): bigint => m[i]?.[j] as bigint
  let [sign, last] = [1n, 1n]
  for (let k = 0; k < n - 1; k++) {
    const best = range(n).find(i => i >= k && at(i, k) !== 0n)
    if (best === undefined) return 0n
    if (best !== k) {
      const held = m[k] as bigint[]
      m[k] = m[best] as bigint[]
      m[best] = held
      sign = -sign
    }
    for (let i = k + 1; i < n; i++)
      for (let j = k + 1; j < n; j++) (m[i] as bigint[])[j] = (at(i, j) * at(k, k) - at(i, k) * at(k, j)) / last
    last = at(k, k)
  }
  return n === 0 ? 1n : sign * at(n - 1, n - 1)
}

const times = (m: readonly number[], x: readonly number[], n: number): number[] =>
  range(n).map(i => range(n).reduce((total, j) => total + (m[i * n + j] as number) * (x[j] as number), 0))

describe('exact truths', () => {
  law(
    'an inner product of any floats',
    [lists],
    ([a, b]) => {
      const exact = a.reduce((total, x, i) => total + scaledUp(x) * scaledUp(b[i] as number), 0n)
      return encloses(
        intervalAt(only(matmul(fromArray(a, [1, a.length]), fromArray(b, [b.length, 1]))), 0),
        exact,
        1074n
      )
    },
    { cases: 2000 }
  )

  law(
    'a sum of any floats',
    [lists],
    ([a]) => {
      const exact = a.reduce((total, x) => total + scaledUp(x), 0n)
      return encloses(intervalAt(only(sum(fromArray(a))), 0), exact, 0n)
    },
    { cases: 2000 }
  )

  law(
    'an inner product of intervals has those of the numbers in them',
    [lists, fc.integer({ min: -60, max: 3 })],
    ([a, b], k) => {
      const [left, right] = [input('a', [1, a.length]), input('b', [b.length, 1])]
      const [x, y] = [intervalsAround(a, 2 ** k, left.shape), intervalsAround(b, 2 ** (k - 1), right.shape)]
      const [found] = intervalProgram([left, right], [matmul(left, right)])([x, y]) as [Intervals]
      return (['lo', 'hi'] as const).every(side => {
        const exact = range(a.length).reduce(
          (total, i) => total + scaledUp(x[side][i] as number) * scaledUp(y.lo[i] as number),
          0n
        )
        return encloses(intervalAt(found, 0), exact, 1074n)
      })
    },
    { cases: 1000 }
  )

  law(
    'whole solutions of whole systems, the matrix transposed or not',
    [matrices, whole(7, 99), fc.boolean()],
    ({ n, entries }, xs, transpose) => {
      fc.pre(determinant(entries, n) !== 0n)
      const x = xs.slice(0, n)
      const m = transpose ? entries.map((_, i) => entries[(i % n) * n + Math.floor(i / n)] as number) : entries
      const found = only(
        solve(fromArray(m, [n, n]), fromArray(times(entries, x, n), [n, 1]), { kind: 'general', transpose })
      )
      return x.every(
        (value, i) => contains(intervalAt(found, i), value) && (found.hi[i] as number) - (found.lo[i] as number) < 1e-6
      )
    },
    { cases: 1000 }
  )

  law(
    'log-determinants of whole matrices',
    [matrices],
    ({ n, entries }) => {
      const exact = determinant(entries, n)
      const { lo, hi } = intervalAt(only(logAbsDet(fromArray(entries, [n, n]), { kind: 'general' })), 0)
      if (exact === 0n) return !(lo <= hi)
      const truth = log(point(Math.abs(Number(exact))))
      return lo <= truth.hi && truth.lo <= hi && hi - lo < 1e-9
    },
    { cases: 1000 }
  )

  it.each([1, 2, 4, 8, 16])('the Hadamard matrix of order %i: n/2 ln n', n => {
    const ones = (i: number): number => i.toString(2).replaceAll('0', '').length
    const signs = range(n * n).map(i => (ones(Math.floor(i / n) & (i % n)) % 2 === 0 ? 1 : -1))
    const { lo, hi } = intervalAt(only(logAbsDet(fromArray(signs, [n, n]), { kind: 'general' })), 0)
    const truth = log(point(n))
    expect(lo).toBeLessThanOrEqual((n / 2) * truth.hi)
    expect(hi).toBeGreaterThanOrEqual((n / 2) * truth.lo)
    expect(hi - lo).toBeLessThan(1e-13 * n)
  })

  law("1 + a nilpotent matrix has log-determinant 0, 1 + u v' has ln(1 + u.v)", [whole(6, 7), whole(6, 7)], (u, v) => {
    const n = u.length
    const nilpotent = range(n * n).map(i =>
      i % (n + 1) === 0 ? 1 : i % n > Math.floor(i / n) ? (u[i % n] as number) / 8 : 0
    )
    const rankOne = range(n * n).map(
      i => (i % (n + 1) === 0 ? 1 : 0) + ((u[Math.floor(i / n)] as number) * (v[i % n] as number)) / 512
    )
    const [zero, other] = [nilpotent, rankOne].map(m => intervalAt(only(logAbsDet(fromArray(m, [n, n]))), 0))
    const truth = log(point(1 + u.reduce((total, x, i) => total + (x * (v[i] as number)) / 512, 0)))
    return (
      zero !== undefined && other !== undefined && contains(zero, 0) && other.lo <= truth.hi && truth.lo <= other.hi
    )
  })

  law(
    'solutions and log-determinants over a box of matrices have those of the matrices in it',
    [matrices, whole(49, 8), whole(7, 9)],
    ({ n, entries }, parts, right) => {
      const [m, b] = [input('m', [n, n]), input('b', [n, 1])]
      const run = intervalProgram([m, b], [solve(m, b, { kind: 'general' }), logAbsDet(m, { kind: 'general' })])
      const sides = exactIntervals(right.slice(0, n), [n, 1])
      const outer = run([intervalsAround(entries, 2 ** -8, [n, n]), sides])
      const inner = run([
        exactIntervals(
          entries.map((x, i) => x + (parts[i] as number) * 2 ** -11),
          [n, n]
        ),
        sides
      ])
      return inner.every((x, k) =>
        x.lo.every((lo, i) => {
          const whole = intervalAt(outer[k] as Intervals, i)
          return (
            !(whole.lo <= whole.hi) ||
            !(lo <= (x.hi[i] as number)) ||
            (whole.lo <= (x.hi[i] as number) && lo <= whole.hi)
          )
        })
      )
    }
  )

  it('claims nothing of a singular matrix, or of a box with one', () => {
    const m = fromNested([
      [1, 2],
      [2, 4]
    ])
    const [x, y] = [
      only(solve(m, fromNested([[1], [1]]), { kind: 'general' })),
      only(logAbsDet(m, { kind: 'general' }))
    ]
    expect([...x.lo, ...x.hi, ...y.lo, ...y.hi].filter(value => !Number.isNaN(value))).toEqual([])
    const any = input('m', [1, 1])
    const [z] = intervalProgram([any], [logAbsDet(any)])([intervalsBetween([-1], [1], [1, 1])]) as [Intervals]
    expect(z.lo[0]).toBeNaN()
  })

  it('overflow in a product leaves no bound, and an infinite entry none', () => {
    const big = fromNested([[1e200, 1e200]])
    expect(boundsOf(only(matmul(big, fromNested([[1e200], [1]]))))).toEqual([-Infinity, Infinity])
    const found = only(matmul(fromNested([[Infinity, 1]]), fromNested([[1], [1]])))
    expect([found.lo[0], found.hi[0]]).toEqual([Infinity, Infinity])
    expect(only(matmul(fromNested([[Infinity, 1]]), fromNested([[0], [1]]))).lo[0]).toBeNaN()
  })
})

describe('iterations', () => {
  const doubled = (start: Tensor): Tensor =>
    iterate({
      start: [start],
      step: x => [mul(2, x as Tensor)],
      going: x => less(x as Tensor, 100),
      limit: 50
    })[0] as Tensor
  const x = input('x', [])
  const run = intervalProgram([x], [doubled(x)])

  it('that take a certain number of steps are enclosed exactly', () => {
    expect(boundsOf(only(doubled(scalar(1))))).toEqual([128, 128])
    expect(boundsOf(run([intervalsBetween([1.2], [1.25], [])])[0])).toEqual([1.2 * 128, 160])
  })

  it('that may stop here or go on are followed both ways', () => {
    expect(boundsOf(run([intervalsBetween([0.75], [1], [])])[0])).toEqual([96, 256])
    expect(boundsOf(run([intervalsBetween([0.375], [1], [])])[0])).toEqual([48, 512])
  })

  it('stop at their limit even where nothing is known', () => {
    expect(run([exactIntervals([Number.NaN], [])])[0]?.lo[0]).toBeNaN()
  })
})

describe('arrays of intervals', () => {
  it('refuse a wrong number of entries, and claim nothing where bounds are not in order', () => {
    expect(() => exactIntervals([1, 2], [3])).toThrow('2 numbers do not fill shape [3]')
    expect(() => intervalsAround([1, 2], [0.5])).toThrow('1 numbers do not fill shape [2]')
    expect(Array.from(intervalsAround([1, 2], [0.5, -1]).hi)).toEqual([1.5, Number.NaN])
    expect(Array.from(intervalsBetween([1, 2], [0, 3]).lo)).toEqual([Number.NaN, 2])
    const x = input('x', [])
    expect(() => intervalProgram([x], [x])([exactIntervals([1, 2])])).toThrow('an input of shape [] was given [2]')
    expect(() => intervalProgram([], [input('y', [])])).toThrow('the input y has no intervals')
  })

  it('have middles within them', () => {
    const x = intervalsBetween([1, -Infinity, 5, -Infinity, -1e308], [2, Infinity, Infinity, -3, 1e308])
    expect(Array.from(midpoints(x))).toEqual([1.5, 0, 5, -3, 0])
  })
})
