import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { conditioned } from '../../src/flow/conditioned.js'
import { implicit } from '../../src/flow/implicit.js'
import { monotone } from '../../src/flow/monotone.js'
import { grad } from '../../src/rewrite/derivatives.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { constantOfNet, contractiveOf, type NetSample, nets, parametersOf, points } from '../net/support/nets.js'
import { bounded, distance, length, numbers, valuesOf } from '../solve/support/certificate.js'
import { law } from '../support/law.js'
import { precisely } from './support/blocks.js'
import { drawnNet, form } from './support/couplings.js'

/** Contexts of three numbers, large ones too: the reading net has no bound. */
const contexts = fc.array(
  fc.oneof(
    fc.integer({ min: -300, max: 300 }).map(i => i / 100),
    fc.constantFrom(0, 1e3, -1e6)
  ),
  { minLength: 3, maxLength: 3 }
)
const gentle = nets(2, { constants: [0.5, 0.9], maxWidth: 4, smooth: true })
const plane = points(2, { wild: false })

/** A net and a reader of wild weights for it, at a context. */
const at = (g: NetSample, context: Tensor) => ({
  net: parametersOf(g),
  reader: drawnNet(11, [3, 4, g.widths[1] as number], 3),
  context
})

const netOf = (g: NetSample) => conditioned(contractiveOf(g), form)

/**
 * How fast ln |det| of a block of two variables moves with a point: |ln det(I + A) - ln det(I + B)| <= 2 |A - B| / (1 - c),
 * for either net, and there and back. The Jacobians of these nets (at most 3 layers of norm below 1, |second derivative|
 * of an activation at most 2) move by at most 6 times as much as the point.
 */
const logDetSlope = (cx: number, cz: number): number => (2 * 2 * 2 * 6) / (1 - Math.max(cx, cz))

describe('a net that takes a context', () => {
  law('has one bound for every context, that of the net in x alone', [gentle, contexts, plane, plane], (g, h, x, y) => {
    const p = at(g, fromArray(h))
    const [bound, alone] = numbers(netOf(g).bound(p), contractiveOf(g).bound(parametersOf(g)))
    const value = netOf(g).net(p).value
    const [a, b] = [x, y].map(xi => bounded(value(fromArray(xi)))) as [
      ReturnType<typeof bounded>,
      ReturnType<typeof bounded>
    ]
    const off = length(a.errors) + length(b.errors)
    return (
      bound?.[0] === alone?.[0] &&
      distance(a.values, b.values) <= constantOfNet(g) * distance(x, y) * (1 + 2 ** -40) + off
    )
  })

  it('changes with the context', () => {
    const g: NetSample = {
      activation: 'tanh',
      leading: false,
      widths: [2, 2],
      weights: [[0.5, 0, 0, 0.5]],
      biases: [[0, 0]],
      betas: []
    }
    const at0 = (context: readonly number[]) =>
      valuesOf(
        netOf(g)
          .net(at(g, fromArray(context)))
          .value(fromArray([0, 0]))
      )
    expect(distance(at0([0, 0, 0]), at0([0.5, -0.5, 1]))).toBeGreaterThan(0.1)
  })
})

describe('a conditional block', () => {
  law(
    'is a bijection for every context: an ImpFlow block',
    [gentle, gentle, contexts, plane],
    (gx, gz, h, x) => {
      const context = fromArray(h)
      const block = implicit(precisely)(netOf(gx), netOf(gz))
      const p = { gx: at(gx, context), gz: at(gz, context) }
      const there = block.forward(p)(fromArray(x))
      const back = block.inverse(p)(there.value)
      const [value, s, t, z] = numbers(back.value, there.logDet, back.logDet, there.value) as [
        Float64Array,
        Float64Array,
        Float64Array,
        Float64Array
      ]
      const [cx, cz] = [constantOfNet(gx), constantOfNet(gz)]
      const size = 1 + length(x) + length(z) + shift(p.gx) + shift(p.gz)
      const allowed = (2 ** -44 * size * (1 + cz)) / ((1 - cx) * (1 - cz))
      return (
        distance(value, x) <= allowed && Math.abs((s[0] as number) + (t[0] as number)) <= logDetSlope(cx, cz) * allowed
      )
    },
    { cases: 40 }
  )

  law(
    'has gradients through both the context and the reader: a monotone block, as differences say',
    [gentle, plane],
    (g, x) => {
      const loss = (context: Tensor): Tensor => {
        const { value, logDet } = monotone(precisely)(netOf(g)).forward(at(g, context))(fromArray(x))
        return add(sum(mul(value, value)), logDet)
      }
      const h = fromArray([0.3, -0.2, 0.1])
      const direction = fromArray([1, -0.5, 0.25])
      const step = 2 ** -17
      const [slope, up, down] = numbers(
        sum(mul(grad(loss)(h), direction)),
        loss(add(h, mul(step, direction))),
        loss(add(h, mul(-step, direction)))
      ) as [Float64Array, Float64Array, Float64Array]
      const difference = ((up[0] as number) - (down[0] as number)) / (2 * step)
      return Math.abs((slope[0] as number) - difference) <= 1e-6 * (1 + Math.abs(difference))
    },
    { cases: 20 }
  )
})

/** Size of what the reader adds. */
const shift = ({ reader }: ReturnType<typeof at>): number =>
  reader.layers.reduce((most, { weight, bias }) => most + length(valuesOf(weight)) + length(valuesOf(bias)), 0)
