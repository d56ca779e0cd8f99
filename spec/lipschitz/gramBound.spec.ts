import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { gramBound } from '../../src/lipschitz/gramBound.js'
import { grad } from '../../src/rewrite/derivatives.js'
import { fromArray, fromNested } from '../../src/tensor/constructors.js'
import { topological } from '../../src/tensor/graph.js'
import { input } from '../../src/tensor/primitives/input.js'
import { numbers, valuesOf } from '../solve/support/certificate.js'
import { law } from '../support/law.js'
import { spectralNorm } from './support/singularValues.js'

const matrices = fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 6 })).chain(([rows, columns]) =>
  fc
    .array(
      fc.integer({ min: -1000, max: 1000 }).map(i => i / 1000),
      { minLength: rows * columns, maxLength: rows * columns }
    )
    .map(entries => ({ rows, columns, entries }))
)

const boundOf = (entries: readonly number[], shape: readonly [number, number], steps?: number): number =>
  valuesOf(gramBound(fromArray(entries, shape), steps === undefined ? {} : { steps }))[0] as number

/** The matrix product and logarithms of at most nine steps, relatively. */
const rounding = 1e-12

describe('the bound by Gram iteration, as an expression', () => {
  law(
    'lies between the norm and n^(1 / 2^(steps + 2)) times it, n the smaller side',
    [matrices, fc.integer({ min: 0, max: 9 })],
    ({ entries, rows, columns }, steps) => {
      const [bound, norm] = [boundOf(entries, [rows, columns], steps), spectralNorm(entries, rows, columns)]
      const tightness = Math.min(rows, columns) ** (2 ** -(steps + 2))
      return bound >= norm * (1 - rounding) - 1e-14 && bound <= norm * tightness * (1 + rounding) + 1e-14
    }
  )

  it('takes eight steps unless told, exact for the identity but for the factor', () => {
    const eye = [1, 0, 0, 1]
    expect(boundOf(eye, [2, 2])).toBeCloseTo(2 ** (2 ** -10), 13)
    expect(boundOf(eye, [2, 2], 3)).toBeCloseTo(2 ** (2 ** -5), 13)
  })

  it('of a zero matrix is next to 0, with a derivative', () => {
    expect(boundOf([0, 0, 0, 0], [2, 2])).toBeLessThan(1e-14)
    const [slope] = numbers(grad(gramBound)(fromArray([0, 0, 0, 0], [2, 2])))
    expect(slope?.every(Number.isFinite)).toBe(true)
  })

  it('has the derivative u v, the singular vectors of the norm', () => {
    // 3 u v' with u = (0.6, 0.8), v = (0.8, -0.6), and 1 along what is orthogonal to them
    const weight = [
      [3 * 0.6 * 0.8 + 0.8 * 0.6, 3 * 0.6 * -0.6 + 0.8 * 0.8],
      [3 * 0.8 * 0.8 - 0.6 * 0.6, 3 * 0.8 * -0.6 - 0.6 * 0.8]
    ]
    const [slope] = numbers(grad(gramBound)(fromNested(weight)))
    const truth = [0.6 * 0.8, 0.6 * -0.6, 0.8 * 0.8, 0.8 * -0.6]
    truth.forEach((t, i) => {
      expect(slope?.[i]).toBeCloseTo(t, 9)
    })
  })

  it('iterates the smaller of the two Gram matrices', () => {
    for (const shape of [
      [2, 30],
      [30, 2],
      [2, 2]
    ] as const) {
      const bound = gramBound(input('w', shape))
      const squares = topological([bound]).filter(x => x.shape.length === 2 && x.shape[0] === x.shape[1])
      expect(squares.length).toBeGreaterThan(0)
      expect(squares.every(x => x.shape[0] === 2)).toBe(true)
    }
  })
})
