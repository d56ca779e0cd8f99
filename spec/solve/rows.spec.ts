import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { vectorize } from '../../src/rewrite/vectorize.js'
import { root } from '../../src/solve/root.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { permute } from '../../src/tensor/primitives/permute.js'
import { reshape } from '../../src/tensor/primitives/reshape.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { constantOfNet, type NetSample, nets, points, smoothOf } from '../net/support/nets.js'
import { identical } from '../support/agreement.js'
import { law } from '../support/law.js'
import { numbers } from './support/certificate.js'
import { solvers } from './support/problems.js'

interface Rows {
  readonly net: NetSample
  readonly rows: readonly (readonly number[])[]
  /** The order in which they come a second time, some of them. */
  readonly order: readonly number[]
}

const batches: fc.Arbitrary<Rows> = fc.integer({ min: 1, max: 4 }).chain(d =>
  fc.record({ net: nets(d), rows: fc.array(points(d), { minLength: 1, maxLength: 5 }) }).chain(batch => {
    const all = batch.rows.map((_, i) => i)
    return fc
      .shuffledSubarray(all, { minLength: 1 })
      .map(order => ({ ...batch, order: [...order, order[0] as number] }))
  })
)

/** The root of z + g(z) = y for one sample y. */
const solve =
  (net: NetSample, solver: (typeof solvers)[keyof typeof solvers]) =>
  (y: Tensor): Tensor =>
    root(z => sub(add(z, smoothOf(net).value(z)), y), { start: y, contraction: constantOfNet(net), solver, limit: 60 })

const matrix = (rows: readonly (readonly number[])[], d: number): Tensor => fromArray(rows.flat(), [rows.length, d])

/** Roots of rows, along the first or the last axis; each row as one array. */
const rowwise = (
  f: (y: Tensor) => Tensor,
  rows: Rows['rows'],
  side: 'first' | 'last'
): readonly ArrayLike<number>[] => {
  const d = rows[0]?.length ?? 0
  const all = matrix(rows, d)
  const result = side === 'first' ? vectorize(f)(all) : permute(vectorize(f, { side })(permute(all, [1, 0])), [1, 0])
  const [values] = numbers(result) as [Float64Array]
  return rows.map((_, i) => values.subarray(i * d, (i + 1) * d))
}

describe('roots of many samples', () => {
  for (const [name, solver] of Object.entries(solvers))
    law(
      `by ${name} are the same bits in any company, in any order, along the first axis and the last`,
      [batches],
      ({ net, rows, order }) => {
        const f = solve(net, solver)
        const chosen = order.map(i => rows[i] as readonly number[])
        return (['first', 'last'] as const).every(side => {
          const together = rowwise(f, rows, side)
          const expected = order.map(i => together[i] as ArrayLike<number>)
          const alone = rowwise(f, chosen.slice(0, 1), side)
          return identical(expected.slice(0, 1), alone) && identical(expected, rowwise(f, chosen, side))
        })
      }
    )

  law('are those of single samples, to the bit, along the first axis and the last', [batches], ({ net, rows }) => {
    const f = solve(net, solvers.broyden)
    const single = rows.map(row => numbers(f(fromArray(row)))[0] as Float64Array)
    return (['first', 'last'] as const).every(side => identical(single, rowwise(f, rows, side)))
  })

  it('may be none', () => {
    const half = (y: Tensor): Tensor => root(z => sub(add(z, reshape(z, [2])), y), { start: y, contraction: 0.5 })
    for (const [side, shape] of [
      ['first', [0, 2]],
      ['last', [2, 0]]
    ] as const) {
      const none = vectorize(half, { side })(fromArray([], shape))
      expect(none.shape).toEqual(shape)
      expect(numbers(none)[0]).toHaveLength(0)
    }
  })
})
