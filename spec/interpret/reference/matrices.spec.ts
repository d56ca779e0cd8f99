import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { toArray, toNested } from '../../../src/interpret/reference/reference.js'
import { boundsOf } from '../../../src/interpret/runningError/runningError.js'
import { fromArray, fromNested } from '../../../src/tensor/constructors.js'
import { logAbsDet } from '../../../src/tensor/primitives/logAbsDet.js'
import { matmul } from '../../../src/tensor/primitives/matmul.js'
import { solve } from '../../../src/tensor/primitives/solve.js'
import { range, sizeOf } from '../../../src/tensor/shape.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import { withinBounds } from '../../support/agreement.js'
import { law } from '../../support/law.js'

const whole = fc.integer({ min: -9, max: 9 })
const integers = (shape: readonly number[]): fc.Arbitrary<Tensor> =>
  fc.array(whole, { minLength: sizeOf(shape), maxLength: sizeOf(shape) }).map(values => fromArray(values, shape))

/** Determinant by expansion along the first row: exact on small integers. */
const determinant = (rows: readonly (readonly number[])[]): number =>
  rows.length === 0
    ? 1
    : (rows[0] as readonly number[]).reduce(
        (total, x, j) =>
          total + (j % 2 === 0 ? x : -x) * determinant(rows.slice(1).map(row => row.filter((_, k) => k !== j))),
        0
      )

const rowsOf = (m: Tensor): readonly (readonly number[])[] => toNested(m) as readonly (readonly number[])[]

/** Integer matrices, one in four with a zero in the corner, so that elimination must exchange rows. */
const squares = fc.integer({ min: 1, max: 4 }).chain(n =>
  fc.tuple(integers([n, n]), fc.nat(3)).map(([m, die]) => {
    const values = Array.from(toArray(m))
    return fromArray(die === 0 ? [0, ...values.slice(1)] : values, [n, n])
  })
)

const exact = (values: readonly number[]) => ({ values, bounds: values.map(() => 0) })
const measured = (x: Tensor) => ({ values: toArray(x), bounds: boundsOf()([x])[0] as Float64Array })

describe('general matrices, with row exchanges', () => {
  law('ln |det| of an integer matrix is that of its determinant', [squares], m => {
    const det = Math.abs(determinant(rowsOf(m)))
    fc.pre(det !== 0)
    return withinBounds([measured(logAbsDet(m, { kind: 'general' }))], [exact([Math.log(det)])])
  })

  law('solving M y = M x gives x, transposed too', [squares, fc.boolean(), whole, whole], (m, transpose, a, b) => {
    fc.pre(determinant(rowsOf(m)) !== 0)
    const n = m.shape[0] as number
    const x = fromArray(
      range(2 * n).map(i => a + b * i),
      [n, 2]
    )
    const right = fromArray(toArray(matmul(m, x, { transposeA: transpose })), [n, 2])
    return withinBounds([measured(solve(m, right, { kind: 'general', transpose }))], [exact(Array.from(toArray(x)))])
  })

  it('a permutation is solved exactly, and a singular matrix has ln |det| of -Infinity', () => {
    const cycle = fromNested([
      [0, 1, 0],
      [0, 0, 1],
      [1, 0, 0]
    ])
    expect(toNested(solve(cycle, fromNested([[1], [2], [3]]), { kind: 'general' }))).toEqual([[3], [1], [2]])
    expect(toNested(logAbsDet(cycle, { kind: 'general' }))).toBe(0)
    expect(
      toNested(
        logAbsDet(
          fromNested([
            [1, 2],
            [2, 4]
          ]),
          { kind: 'general' }
        )
      )
    ).toBe(-Infinity)
  })
})
