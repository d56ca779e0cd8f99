import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { certifiedNorm } from '../../src/lipschitz/certifiedNorm.js'
import { law } from '../support/law.js'
import { isNormBound } from './support/exactNorm.js'
import { spectralNorm } from './support/singularValues.js'

type Matrix = readonly [entries: readonly number[], shape: readonly [number, number]]

const bound = ([entries, shape]: Matrix): number => certifiedNorm(entries, shape)

/** Valid, and not valid any more when it is lowered by 1e-9 of itself: both decided in integers. */
const isTight = ([entries, shape]: Matrix): boolean => {
  const b = certifiedNorm(entries, shape)
  return isNormBound(b, entries, shape) && !isNormBound(b * (1 - 1e-9), entries, shape)
}

const entry = fc.oneof(
  { weight: 4, arbitrary: fc.integer({ min: -(2 ** 30), max: 2 ** 30 }).map(i => i / 2 ** 30) },
  { weight: 1, arbitrary: fc.constantFrom(0, -0, 1, -1, 2 ** -40, 1 / 3) }
)
const matrix = (rows: number, columns: number): fc.Arbitrary<Matrix> =>
  fc
    .array(entry, { minLength: rows * columns, maxLength: rows * columns })
    .map((entries): Matrix => [entries, [rows, columns]])
const side = fc.integer({ min: 1, max: 6 })
const matrices = fc.tuple(side, side).chain(([rows, columns]) => matrix(rows, columns))
const nonZero = matrices.filter(([entries]) => entries.some(x => x !== 0))

const scaled = ([entries, shape]: Matrix, k: number): Matrix => [entries.map(x => x * 2 ** k), shape]
const outer = (u: readonly number[], v: readonly number[]): Matrix => [
  u.flatMap(x => v.map(y => x * y)),
  [u.length, v.length]
]

describe('the certified norm, against integers', () => {
  law('is at least the norm, and lowered by 1e-9 it is not', [nonZero], isTight)

  law(
    'is valid at any scale, also where entries are subnormal',
    [nonZero, fc.integer({ min: -1070, max: 1020 })],
    (m, k) => {
      const [entries, shape] = scaled(m, k)
      return isNormBound(certifiedNorm(entries, shape), entries, shape)
    }
  )

  law('is tight at 2^500 and 2^-500', [nonZero, fc.constantFrom(-500, 500)], (m, k) => isTight(scaled(m, k)))

  law(
    'is valid where entries differ by hundreds of powers of two',
    [matrices, fc.array(fc.integer({ min: -900, max: 900 }), { minLength: 36, maxLength: 36 })],
    ([entries, shape], exponents) => {
      const spread = entries.map((x, i) => x * 2 ** (exponents[i] as number))
      return isNormBound(certifiedNorm(spread, shape), spread, shape)
    }
  )

  law(
    'is tight for rank one',
    [fc.array(entry, { minLength: 1, maxLength: 6 }), fc.array(entry, { minLength: 1, maxLength: 6 })],
    (u, v) => {
      fc.pre(u.some(x => Math.abs(x) > 1e-6) && v.some(x => Math.abs(x) > 1e-6))
      return isTight(outer(u, v))
    }
  )

  law(
    'is tight for a row, and for a column',
    [fc.array(entry, { minLength: 1, maxLength: 12 })],
    row => {
      fc.pre(row.some(x => x !== 0))
      return isTight([row, [1, row.length]]) && isTight([row, [row.length, 1]])
    },
    { cases: 30 }
  )

  law(
    'is tight where there is no gap: a rotation, exact in rationals, of equal singular values',
    [fc.integer({ min: 1, max: 2 ** 12 }), fc.integer({ min: 1, max: 2 ** 12 })],
    (p, q) => {
      // columns (p, q) and (-q, p) are orthogonal and of equal length, without rounding
      const [entries, shape]: Matrix = [
        [p, -q, q, p],
        [2, 2]
      ]
      const b = certifiedNorm(entries, shape)
      const squared = BigInt(p) ** 2n + BigInt(q) ** 2n
      return isNormBound(b, entries, shape) && b <= Math.sqrt(Number(squared)) * (1 + 1e-9)
    }
  )

  it.each([0, 1, 2, 3, 4, 5, 6, 7])('of the Hadamard matrix of order 2^%i is 2^(k/2) to 1e-9', k => {
    const n = 2 ** k
    const parity = (x: number): number => (x === 0 ? 0 : (x & 1) ^ parity(x >> 1))
    const entries = Array.from({ length: n * n }, (_, i) => (parity(Math.floor(i / n) & (i % n)) === 1 ? -1 : 1))
    const b = certifiedNorm(entries, [n, n])
    expect(BigInt(Math.floor(b * 2 ** 40)) ** 2n).toBeGreaterThanOrEqual(BigInt(n) << 80n)
    expect(b).toBeLessThanOrEqual(Math.sqrt(n) * (1 + 1e-9))
  })

  it('is 0 for 0, tight for a nilpotent matrix and a diagonal one', () => {
    expect(
      bound([
        [0, -0, 0, 0, 0, 0],
        [2, 3]
      ])
    ).toBe(0)
    expect(
      isTight([
        [0, 1, 0, 0, 0, 1, 0, 0, 0],
        [3, 3]
      ])
    ).toBe(true)
    expect(
      isTight([
        [0.25, 0, 0, 0, -3, 0, 0, 0, 3],
        [3, 3]
      ])
    ).toBe(true)
  })

  it('is tight to 1e-9 for a matrix of 64 x 64, whatever its gap', () => {
    const n = 64
    const entries = Array.from({ length: n * n }, (_, k) => Math.sin(k * k + 1) / n)
    const truth = spectralNorm(entries, n, n)
    const b = certifiedNorm(entries, [n, n])
    expect(b).toBeGreaterThanOrEqual(truth * (1 - 1e-13))
    expect(b).toBeLessThanOrEqual(truth * (1 + 1e-9))
  })

  law(
    'the decision itself knows a bound from a number below the norm',
    [fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 100 })],
    (a, b) => {
      const most = Math.max(a, b)
      return isNormBound(most, [a, 0, 0, b], [2, 2]) && !isNormBound(most * (1 - 2 ** -50), [a, 0, 0, b], [2, 2])
    }
  )
})
