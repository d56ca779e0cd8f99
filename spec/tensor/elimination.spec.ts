import fc from 'fast-check'
import { describe } from 'vitest'
import { toArray } from '../../src/interpret/reference/reference.js'
import { fromSeed } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'
import { vectorizeOver } from '../../src/rewrite/vectorize.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { eliminatedLogDet, eliminatedSolve } from '../../src/tensor/primitives/elimination.js'
import { logAbsDet } from '../../src/tensor/primitives/logAbsDet.js'
import { solve } from '../../src/tensor/primitives/solve.js'
import { law } from '../support/law.js'

const rows = 2
const c = 0.9
/** Matrices I + A of every size that is handled in its own way, |A| at most 0.9, and right-hand sides. */
const problems = fc.record({ n: fc.integer({ min: 1, max: 40 }), k: fc.integer({ min: 1, max: 3 }), seed: fc.nat() })

const problem = ({ n, k, seed }: { readonly n: number; readonly k: number; readonly seed: number }) => {
  const draws = normal(fromSeed(seed))(rows * n * (n + k))
  const matrices = Array.from({ length: rows }, (_, r) => {
    const a = draws.subarray(r * n * n, (r + 1) * n * n)
    const size = Math.hypot(...a)
    return Array.from(a, (x, i) => (i % (n + 1) === 0 ? 1 : 0) + (c * x) / size)
  })
  return {
    m: fromArray(matrices.flat(), [rows, n, n]),
    b: fromArray(Array.from(draws.subarray(rows * n * n)), [rows, n, k])
  }
}

/** Elimination without exchanges is off by some n u times the growth of its pivots, at most 1 + (1 + c)^2 / (1 - c)^2. */
const allowed = (n: number): number => 4 * n * 2 ** -53 * (1 + (1 + c) ** 2 / (1 - c) ** 2)

const near = (a: ArrayLike<number>, b: ArrayLike<number>, part: number): boolean =>
  Array.from(a).every((x, i) => Math.abs(x - (b[i] as number)) <= part * Math.hypot(1, ...Array.from(b)))

describe('elimination without exchanges, by columns and by halves, against elimination with them', () => {
  law('solutions', [problems], sample => {
    const { m, b } = problem(sample)
    return near(
      toArray(eliminatedSolve(m, b, vectorizeOver)),
      toArray(solve(m, b, { kind: 'general' })),
      allowed(sample.n)
    )
  })

  law('logarithms of determinants', [problems], sample => {
    const { m } = problem(sample)
    return near(
      toArray(eliminatedLogDet(m, vectorizeOver)),
      toArray(logAbsDet(m, { kind: 'general' })),
      allowed(sample.n)
    )
  })
})
