import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { floorAttaining, theorem3Floor } from '../../src/experiment/theorem3Floor.js'
import { chain } from '../../src/flow/bijection.js'
import { residual } from '../../src/flow/residual.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import { precisely } from '../flow/support/blocks.js'
import { points } from '../net/support/nets.js'
import { length, sizeOfExact } from '../solve/support/certificate.js'
import { law } from '../support/law.js'

/** A number of blocks and a K that they reach, up to 0.999 * 2^blocks. */
const reached = fc
  .tuple(fc.integer({ min: 1, max: 8 }), fc.integer({ min: 1, max: 999 }))
  .map(([blocks, share]) => ({ blocks, K: (share / 1000) * 2 ** blocks }))

describe('the floor of Theorem 3', () => {
  law(
    'is attained by equal residual blocks: they miss L x by r (L - K) at every x of length r',
    [reached, fc.integer({ min: 0, max: 1000 }), fc.integer({ min: 1, max: 4 }).chain(d => points(d, { wild: false }))],
    ({ blocks, K }, more, x) => {
      const [r, L] = [length(x), K + more / 10]
      const stack = chain(residual(precisely)(floorAttaining(K, blocks)))
      const image = stack.forward(Array.from({ length: blocks }, () => [] as const))(fromArray(x)).value
      const { value, error } = sizeOfExact(sub(mul(L, fromArray(x)), image))
      const rounding = r * (K * (blocks + 2) * 2 ** -50 + (L + K) * 2 ** -48)
      return Math.abs(value - theorem3Floor(r, L, K)) <= error + rounding
    }
  )

  it('is twice what the paper states, and nothing where the constant suffices', () => {
    expect(theorem3Floor(1, 8, 4)).toBe(4)
    expect(theorem3Floor(1, 4, 4)).toBe(0)
    expect(theorem3Floor(1, 3, 4)).toBe(0)
  })

  it('is attained by contractions only: K is in (0, 2^l)', () => {
    for (const K of [0, -1, 8, 9, Number.NaN]) expect(() => floorAttaining(K, 3)).toThrow(/K in \(0, 2\^3\)/)
  })
})
