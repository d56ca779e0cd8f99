import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { almostOrthogonal, cayley, sllScales } from '../../../src/lipschitz/layers/linear.js'
import { fromArray, fromNested } from '../../../src/tensor/constructors.js'
import { logAbsDet } from '../../../src/tensor/primitives/logAbsDet.js'
import { matmul } from '../../../src/tensor/primitives/matmul.js'
import { mul } from '../../../src/tensor/primitives/mul.js'
import { valuesOf } from '../../solve/support/certificate.js'
import { law } from '../../support/law.js'
import { spectralNorm } from '../support/singularValues.js'

const matrices = fc
  .tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([m, n]) =>
    fc
      .array(
        fc.oneof({ weight: 5, arbitrary: fc.integer({ min: -300, max: 300 }).map(i => i / 100) }, fc.constant(0)),
        { minLength: m * n, maxLength: m * n }
      )
      .map(entries => ({ m, n, entries }))
  )

describe("Cayley's transform", () => {
  law('has orthonormal columns, or rows where it is wide', [matrices], ({ m, n, entries }) => {
    const q = cayley(fromArray(entries, [m, n]))
    const gram = valuesOf(matmul(q, q, m < n ? { transposeB: true } : { transposeA: true }))
    const k = Math.min(m, n)
    // rounding grows with the norm of (I + A)^-1, at most 1, and of I + A, at most 1 + 6 * 3 * 6
    return gram.every((x, i) => Math.abs(x - (i % (k + 1) === 0 ? 1 : 0)) < 1e-12)
  })

  it('of a square matrix is a rotation, of a symmetric one the identity', () => {
    const some = cayley(
      fromNested([
        [1, 2, 0],
        [0.5, -1, 3],
        [2, 2, 1]
      ])
    )
    expect(Math.abs(valuesOf(logAbsDet(some, { kind: 'general' }))[0] as number)).toBeLessThan(1e-14)
    expect(
      Array.from(
        valuesOf(
          cayley(
            fromNested([
              [5, 2],
              [2, -1]
            ])
          )
        )
      )
    ).toEqual([1, 0, 0, 1])
    // a rotation by the angle whose half has the tangent 0.5
    const turned = valuesOf(
      cayley(
        fromNested([
          [0, 0.5],
          [0, 0]
        ])
      )
    )
    expect(turned[0]).toBeCloseTo((1 - 0.25 * 0.25 * 4) / (1 + 0.25), 12)
  })
})

describe('almost orthogonal weights', () => {
  law('have a norm of at most 1', [matrices], ({ m, n, entries }) => {
    return spectralNorm(Array.from(valuesOf(almostOrthogonal(fromArray(entries, [m, n])))), m, n) <= 1 + 1e-13
  })

  it('are orthonormal where the columns were orthogonal; a column of zeros stays one', () => {
    const found = valuesOf(
      almostOrthogonal(
        fromNested([
          [3, 0, 0],
          [0, -0.1, 0],
          [0, 0, 0]
        ])
      )
    )
    const expected = [1, 0, 0, 0, -1, 0, 0, 0, 0]
    found.forEach((x, i) => {
      expect(x).toBeCloseTo(expected[i] as number, 14)
    })
  })
})

describe('scales of SLL layers', () => {
  law(
    "T is at least W'W",
    [matrices, fc.array(fc.integer({ min: 1, max: 50 }), { minLength: 6, maxLength: 6 })],
    ({ m, n, entries }, q) => {
      const weight = fromArray(entries, [m, n])
      const scales = valuesOf(sllScales(weight, fromArray(q.slice(0, n).map(x => x / 10))))
      // W T^-1/2 has a norm of at most 1
      const scaled = entries.map((x, k) => x * Math.sqrt((scales[k % n] as number) / 2))
      return spectralNorm(scaled, m, n) <= 1 + 1e-13
    }
  )

  it('are 2 for orthonormal columns, 0 for a column of zeros, whatever q', () => {
    const q = fromArray([0.1, 7])
    expect(
      Array.from(
        valuesOf(
          sllScales(
            fromNested([
              [1, 0],
              [0, 1]
            ]),
            q
          )
        )
      )
    ).toEqual([2, 2])
    expect(
      Array.from(
        valuesOf(
          sllScales(
            mul(
              fromNested([
                [1, 0],
                [0, 0]
              ]),
              2
            ),
            q
          )
        )
      )
    ).toEqual([0.5, 0])
  })
})
