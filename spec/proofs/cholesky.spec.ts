import fc from 'fast-check'
import { describe } from 'vitest'
import { certifiedNorm } from '../../src/lipschitz/certifiedNorm.js'
import { spectralNorm } from '../lipschitz/support/singularValues.js'
import { law } from '../support/law.js'

type Exact = readonly (readonly bigint[])[]

/** t^2 I - W' W, exactly; W has n columns. */
const gapOf = (weights: readonly number[], n: number, t: number): Exact =>
  Array.from({ length: n }, (_, i) =>
    Array.from({ length: n }, (_, j) =>
      Array.from({ length: weights.length / n }, (_, k) => k).reduce(
        (left, k) => left - BigInt(weights[k * n + i] as number) * BigInt(weights[k * n + j] as number),
        i === j ? BigInt(t) ** 2n : 0n
      )
    )
  )

/** Whether Cholesky's factorisation completes: every leading minor, a product of pivots, is positive. Without fractions. */
const completes = (matrix: Exact): boolean => {
  let [rest, before] = [matrix, 1n]
  while (rest.length > 0) {
    const [first, ...others] = rest as readonly [readonly bigint[], ...Exact]
    const pivot = first[0] as bigint
    if (pivot <= 0n) return false
    const divisor = before
    rest = others.map(row =>
      row.slice(1).map((x, j) => (x * pivot - (row[0] as bigint) * (first[j + 1] as bigint)) / divisor)
    )
    before = pivot
  }
  return true
}

const weights = fc
  .tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 5 }))
  .chain(([rows, n]) =>
    fc.tuple(fc.constant(n), fc.array(fc.integer({ min: -50, max: 50 }), { minLength: rows * n, maxLength: rows * n }))
  )

describe("Cholesky's factorisation of t^2 I - W'W", () => {
  law(
    'completes only if t is above the norm of W, and does where the certified norm says so',
    [weights, fc.integer({ min: 1, max: 300 })],
    ([n, w], t) => {
      const rows = w.length / n
      const complete = completes(gapOf(w, n, t))
      const certified = certifiedNorm(w, [rows, n])
      return complete ? spectralNorm(w, rows, n) * (1 - 1e-13) < t : certified >= t
    }
  )
})
