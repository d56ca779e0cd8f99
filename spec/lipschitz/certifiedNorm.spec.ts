import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { certifiedNorm, gramIteration } from '../../src/lipschitz/certifiedNorm.js'
import { law } from '../support/law.js'
import { spectralNorm } from './support/singularValues.js'

interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly entries: readonly number[]
}

const norm = ({ entries, rows, columns }: Matrix, steps = 10): number =>
  certifiedNorm(entries, [rows, columns], { steps })
const trueNorm = ({ entries, rows, columns }: Matrix): number => spectralNorm(entries, rows, columns)

const entry = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -1e6, max: 1e6 }).map(i => i / 1e6) },
  fc.constantFrom(0, -0, 1, -1, 1e-9, 2 ** -30)
)

const filled = (rows: number, columns: number): fc.Arbitrary<Matrix> =>
  fc.array(entry, { minLength: rows * columns, maxLength: rows * columns }).map(entries => ({ rows, columns, entries }))

const kinds = fc.constantFrom('any', 'diagonal', 'nilpotent', 'rank one', 'repeated rows')

/** Random matrices up to 7 x 7, structured ones among them. */
const matrices: fc.Arbitrary<Matrix> = fc
  .tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 1, max: 7 }), kinds)
  .chain(([rows, columns, kind]) =>
    filled(rows, columns).map(matrix => ({
      ...matrix,
      entries: matrix.entries.map((x, index) => {
        const [i, j] = [Math.floor(index / columns), index % columns]
        if (kind === 'diagonal') return i === j ? x : 0
        if (kind === 'nilpotent') return j > i ? x : 0
        if (kind === 'repeated rows') return matrix.entries[j] as number
        return kind === 'rank one' ? (matrix.entries[i * columns] as number) * (matrix.entries[j] as number) : x
      })
    }))
  )

const transposed = ({ rows, columns, entries }: Matrix): Matrix => ({
  rows: columns,
  columns: rows,
  entries: Array.from(
    { length: rows * columns },
    (_, k) => entries[(k % rows) * columns + Math.floor(k / rows)] as number
  )
})

const product = (a: Matrix, b: Matrix): Matrix => ({
  rows: a.rows,
  columns: b.columns,
  entries: Array.from({ length: a.rows * b.columns }, (_, k) => {
    const [i, j] = [Math.floor(k / b.columns), k % b.columns]
    return Array.from({ length: a.columns }, (_, l) => l).reduce(
      (sum, l) => sum + (a.entries[i * a.columns + l] as number) * (b.entries[l * b.columns + j] as number),
      0
    )
  })
})

/** Relative accuracy of the spec's own singular values. */
const own = 1e-14

describe('the certified norm', () => {
  law('is never below the norm', [matrices, fc.nat(10)], (m, steps) => norm(m, steps) >= trueNorm(m) * (1 - own))

  law('is above it by no more than its formula says', [matrices, fc.nat(10)], (m, steps) => {
    const tightness = Math.min(m.rows, m.columns) ** (2 ** -(steps + 1))
    return norm(m, steps) <= trueNorm(m) * tightness * (1 + 1e-12)
  })

  law(
    'does not grow with more steps',
    [matrices, fc.nat(9)],
    (m, steps) => norm(m, steps + 1) <= norm(m, steps) * (1 + 1e-12)
  )

  law('commutes with powers of two, to the bit', [matrices, fc.integer({ min: -600, max: 600 })], (m, k) => {
    const scaled = { ...m, entries: m.entries.map(x => x * 2 ** k) }
    fc.pre(scaled.entries.every((x, i) => x / 2 ** k === m.entries[i]))
    return norm(scaled) === norm(m) * 2 ** k
  })

  law('bounds a matrix and its transpose, which have the same norm', [matrices], m => {
    const least = trueNorm(m) * (1 - own)
    return norm(m) >= least && norm(transposed(m)) >= least
  })

  law(
    'of a product is at most the product of the norms',
    [
      fc
        .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
        .chain(([m, k, n]) => fc.tuple(filled(m, k), filled(k, n)))
    ],
    ([a, b]) => trueNorm(product(a, b)) * (1 - own) <= norm(a) * norm(b)
  )

  it.each([0, 1, 2, 3, 4, 5])('of the Hadamard matrix of order 2^%i is 2^(k/2) within its tightness', k => {
    const n = 2 ** k
    const parity = (x: number): number => (x === 0 ? 0 : (x & 1) ^ parity(x >> 1))
    const entries = Array.from({ length: n * n }, (_, i) => (parity(Math.floor(i / n) & (i % n)) === 1 ? -1 : 1))
    const bound = certifiedNorm(entries, [n, n])
    expect(bound).toBeGreaterThanOrEqual(Math.sqrt(n) * (1 - 2 ** -53))
    expect(bound).toBeLessThanOrEqual(Math.sqrt(n) * n ** (1 / 2048) * (1 + 1e-12))
  })

  it.each([-1074, -1060, -600, -540, 0, 511, 512, 1000, 1023])(
    'holds at 2^%i, where squares underflow or overflow',
    k => {
      const x = 2 ** k
      for (const steps of [0, 1, 10]) {
        expect(certifiedNorm([x], [1, 1], { steps })).toBeGreaterThanOrEqual(x)
        expect(certifiedNorm([x, 0, 0, x], [2, 2], { steps })).toBeGreaterThanOrEqual(x)
      }
      if (k > -1000) expect(certifiedNorm([x], [1, 1])).toBeLessThanOrEqual(x * (1 + 1e-12))
    }
  )

  it('of a zero matrix is 0, and of one that is not finite is Infinity', () => {
    expect(certifiedNorm([0, -0, 0, 0], [2, 2])).toBe(0)
    expect(certifiedNorm([1, Number.NaN], [1, 2])).toBe(Infinity)
    expect(certifiedNorm([1, -Infinity], [2, 1])).toBe(Infinity)
  })
})

describe('Gram iteration by itself', () => {
  const unit = matrices
    .filter(({ rows, columns, entries }) => rows >= columns && entries.some(x => Math.abs(x) > 0.01))
    .chain(matrix => fc.tuple(fc.constant(matrix), fc.integer({ min: 0, max: 6 })))

  law('is between the norm and n^(1 / 2^(steps + 1)) times it', [unit], ([matrix, steps]) => {
    const { rows, columns, entries } = matrix
    const bound = gramIteration(Float64Array.from(entries), rows, columns, steps)
    const norm = trueNorm(matrix)
    return bound >= norm * (1 - 1e-14) && bound <= norm * columns ** (0.5 ** (steps + 1)) * (1 + 1e-10)
  })

  law(
    'of a single number is above it, by its rounding errors',
    [fc.double({ min: 0.01, max: 1, noNaN: true }), fc.integer({ min: 1, max: 6 })],
    (x, steps) => {
      const bound = gramIteration(Float64Array.of(x), 1, 1, steps)
      // each round adds the error 2 u of its product to the square, and a few units of rounding up
      return bound > x && bound >= x * (1 + 2 ** -53 * steps) && bound <= x * (1 + 2 ** -46)
    }
  )
})
