import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chain } from '../../src/flow/bijection.js'
import { implicit } from '../../src/flow/implicit.js'
import { residual } from '../../src/flow/residual.js'
import type { Contractive } from '../../src/lipschitz/contractive.js'
import { tangents } from '../../src/rewrite/derivatives.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { maximum } from '../../src/tensor/primitives/maximum.js'
import { minimum } from '../../src/tensor/primitives/minimum.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { constantOfNet, contractiveOf, type NetSample, nets, parametersOf, points } from '../net/support/nets.js'
import { length, sizeOfExact, valuesOf } from '../solve/support/certificate.js'
import { law } from '../support/law.js'
import { precisely } from './support/blocks.js'

/** A function whose Lipschitz constant the spec itself knows. */
const known = (value: (x: Tensor) => Tensor, c: number): Contractive<readonly []> =>
  ({ net: () => ({ value, tangents: tangents(value) }), bound: () => scalar(c) }) as unknown as Contractive<readonly []>

const nothing = { gx: [], gz: [] } as const

describe('one ImpFlow block', () => {
  const gx = known(x => mul(-0.9, minimum(x, 0)), 0.9)
  const gz = known(z => mul(-0.9, maximum(z, 0)), 0.9)
  const block = implicit(precisely)(gx, gz)

  law('fits the slopes 0.1 and 10 of the paper exactly', [fc.integer({ min: -1e6, max: 1e6 })], i => {
    const x = i / 1e4
    const image = block.forward(nothing)(fromArray([x]))
    const [z] = valuesOf(image.value)
    const exact = x < 0 ? 0.1 * x : 10 * x
    const [slope] = valuesOf(image.logDet)
    const right = x === 0 || Math.abs((slope as number) - Math.log(x < 0 ? 0.1 : 10)) <= 1e-12
    return right && Math.abs((z as number) - exact) <= 1e-12 * Math.abs(exact)
  })

  law('is L Id, with both constants (L - 1) / (L + 1)', [fc.integer({ min: 11, max: 400 }), points(2)], (tenths, x) => {
    const L = tenths / 10
    const c = (L - 1) / (L + 1)
    const scaling = implicit(precisely)(
      known(y => mul(c, y), c),
      known(y => mul(-c, y), c)
    )
    const z = valuesOf(scaling.forward(nothing)(fromArray(x)).value)
    return z.every((zi, i) => Math.abs(zi - L * (x[i] as number)) <= 2e-14 * L * (1 + length(x)) * L)
  })
})

/** One to three residual nets of one kind, and a point on the unit sphere. */
const stacks = fc
  .record({ d: fc.integer({ min: 1, max: 3 }), blocks: fc.integer({ min: 1, max: 3 }), leading: fc.boolean() })
  .chain(({ d, blocks, leading }) =>
    fc.tuple(
      fc.array(nets(d, { activation: 'sine', leading, maxWidth: 4 }), { minLength: blocks, maxLength: blocks }),
      points(d, { wild: false })
    )
  )

const stack = (nets: readonly NetSample[]) => {
  const block = residual(precisely)(contractiveOf(nets[0] as NetSample))
  return (x: Tensor): Tensor => chain(block).forward(nets.map(parametersOf))(x).value
}

/** Larger of the distances between L x and g(x) at two antipodal points; a bound of its rounding. */
const worst = (g: (x: Tensor) => Tensor, x: readonly number[], L: number) =>
  [x, x.map(xi => -xi)].reduce((most, at) => {
    const { value, error } = sizeOfExact(sub(mul(L, fromArray(at)), g(fromArray(at))))
    return Math.max(most, value + error)
  }, 0)

describe('a stack of residual blocks with constants c', () => {
  law(
    'misses L Id by at least r (L - K) on every ball, K the product of 1 + c',
    [stacks, fc.constantFrom(8, 16, 100)],
    ([nets, x], L) => {
      const K = nets.reduce((product, net) => product * (1 + constantOfNet(net)), 1)
      return worst(stack(nets), x, L) >= length(x) * (L - K) * (1 - 2 ** -45)
    }
  )

  it('attains r (L - K), so that no larger floor holds, and the r / 2 of the paper is not the best', () => {
    const scaling: NetSample = {
      activation: 'identity',
      leading: false,
      widths: [2, 2],
      weights: [[0.5, 0, 0, 0.5]],
      biases: [[0, 0]],
      betas: []
    }
    const attained = worst(stack([scaling, scaling, scaling]), [3, 4], 8)
    expect(attained).toBeCloseTo(5 * (8 - 1.5 ** 3), 12)
    expect(attained).toBeLessThan(5 * (8 - 1.5 ** 3) * 1.01)
  })
})
