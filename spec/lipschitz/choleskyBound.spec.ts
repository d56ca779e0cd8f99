import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { choleskyBound } from '../../src/lipschitz/choleskyBound.js'
import { fromSeed } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'
import { law } from '../support/law.js'
import { spectralNorm } from './support/singularValues.js'

const entry = fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map(i => i / 2 ** 20)

/** Tall matrices whose largest entry is about 1, as the bound asks for. */
const tall = fc.tuple(fc.integer({ min: 1, max: 7 }), fc.integer({ min: 0, max: 3 })).chain(([n, more]) =>
  fc
    .array(entry, { minLength: n * (n + more), maxLength: n * (n + more) })
    .filter(entries => entries.some(x => Math.abs(x) > 0.5))
    .map(entries => ({ rows: n + more, n, entries: Float64Array.from(entries) }))
)

/** Relative accuracy of the spec's own singular values. */
const own = 1e-14

describe('the bound by a Cholesky factorisation, by itself', () => {
  law('is at least the norm, and within 1e-9 of it', [tall], ({ rows, n, entries }) => {
    const [bound, norm] = [choleskyBound(entries, rows, n), spectralNorm(Array.from(entries), rows, n)]
    return bound >= norm * (1 - own) && bound <= norm * (1 + 1e-9)
  })

  law(
    'wherever the largest singular vector begins: other columns are longer than the dominant one is in',
    [fc.integer({ min: 2, max: 9 }), fc.integer({ min: 1, max: 60 })],
    (n, k) => {
      // a long column of its own, of norm 1, beside n - 1 columns that are one, of norm sqrt(1 + 2^-k) together
      const size = Math.sqrt((1 + 2 ** -k) / (n - 1))
      const entries = new Float64Array(n * n)
      entries[0] = 1
      for (let j = 1; j < n; j++) entries[n + j] = size
      const [bound, norm] = [choleskyBound(entries, n, n), spectralNorm(Array.from(entries), n, n)]
      return bound >= norm * (1 - own) && bound <= norm * (1 + 1e-9)
    }
  )

  it('of a matrix of normal numbers, 40 x 24', () => {
    const draws = normal(fromSeed(6))(40 * 24)
    const most = Math.max(...draws.map(Math.abs))
    const entries = draws.map(x => x / most)
    const norm = spectralNorm(Array.from(entries), 40, 24)
    const bound = choleskyBound(entries, 40, 24)
    expect(bound).toBeGreaterThanOrEqual(norm * (1 - own))
    expect(bound).toBeLessThanOrEqual(norm * (1 + 1e-10))
  })

  it('of a multiple of the identity, and of one column', () => {
    for (const n of [1, 2, 8]) {
      const entries = Float64Array.from({ length: n * n }, (_, k) => (k % (n + 1) === 0 ? 0.75 : 0))
      expect(choleskyBound(entries, n, n)).toBeGreaterThanOrEqual(0.75)
      expect(choleskyBound(entries, n, n)).toBeLessThanOrEqual(0.75 * (1 + 2 ** -34))
    }
    expect(choleskyBound(Float64Array.of(0.6, 0.8), 2, 1)).toBeGreaterThanOrEqual(1 - 2 ** -53)
    expect(choleskyBound(Float64Array.of(0.6, 0.8), 2, 1)).toBeLessThanOrEqual(1 + 2 ** -34)
  })
})
