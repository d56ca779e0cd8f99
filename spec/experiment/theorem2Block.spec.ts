import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { theorem2Block } from '../../src/experiment/theorem2Block.js'
import { implicit } from '../../src/flow/implicit.js'
import { root } from '../../src/solve/root.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { matmul } from '../../src/tensor/primitives/matmul.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { reshape } from '../../src/tensor/primitives/reshape.js'
import { sin } from '../../src/tensor/primitives/sin.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { precisely, residualOf } from '../flow/support/blocks.js'
import { constantOfNet, nets, points, smoothOf } from '../net/support/nets.js'
import { bounded, certificate, distance, length, valuesOf } from '../solve/support/certificate.js'
import { law } from '../support/law.js'

const roomForRounding = 1 + 2 ** -40

/** A few hundred roundings of 2^-53 and the solver's 1e-15: what a residual of computed numbers may still be. */
const manyRoundings = 2 ** -44

const nothing = { gx: [], gz: [] } as const

/** Multiplication of the plane by p + qi. */
const multiplied = ([p, q]: readonly [number, number]) => {
  const matrix = fromArray([p, -q, q, p], [2, 2])
  return (x: Tensor): Tensor => reshape(matmul(matrix, reshape(x, [2, 1])), [2])
}

const hundredths = (min: number, max: number) => fc.integer({ min, max }).map(i => i / 100)

/** x -> (p + ti) x + q sin x, |q| < p: it turns and bends the plane. */
const bends = fc.tuple(hundredths(50, 300), hundredths(-90, 90), hundredths(-200, 200)).map(([p, share, t]) => {
  const [q, turn] = [p * share, multiplied([p, t])]
  return {
    value: (x: Tensor): Tensor => add(turn(x), mul(q, sin(x))),
    monotone: (p - Math.abs(q)) * (1 - 2 ** -50),
    lipschitz: (Math.hypot(p, t) + Math.abs(q)) * (1 + 2 ** -50)
  }
})

/** Multiplication by p + qi, p > 0, and its inverse. */
const turns = fc.tuple(hundredths(20, 300), hundredths(-300, 300)).map(([p, q]) => {
  const square = p * p + q * q
  return {
    value: multiplied([p, q]),
    inverse: multiplied([p / square, -q / square]),
    monotone: p * (1 - 2 ** -50),
    lipschitz: Math.hypot(p, q) * (1 + 2 ** -50)
  }
})

describe('the block of Theorem 2', () => {
  law('is f2 after f1, up to its radius', [bends, turns, points(2, { wild: false })], (f1, f2, at) => {
    const { gx, gz } = theorem2Block(f1, f2)
    const x = fromArray(at)
    const z = valuesOf(implicit(precisely)(gx, gz).forward(nothing)(x).value)
    const side = ({ net }: typeof gx, y: Tensor): Tensor => add(y, net([]).value(y))
    const [cz] = valuesOf(gz.bound([])) as unknown as [number]
    const { radius } = certificate(y => sub(side(gz, y), side(gx, x)), z, cz)
    const expected = bounded(f2.value(f1.value(x)))
    const inverseOff = length(expected.values) * 2 ** -48
    return distance(z, expected.values) <= (radius + length(expected.errors) + inverseOff / (1 - cz)) * roomForRounding
  })

  law(
    'has nets within the constants of the scaling lemmas, below 1',
    [bends, turns, points(2, { wild: false }), points(2, { wild: false })],
    (f1, f2, x, y) => {
      const { gx, gz } = theorem2Block(f1, f2)
      return [gx, gz].every(g => {
        const { value } = g.net([])
        const [c] = valuesOf(g.bound([])) as unknown as [number]
        const { values, errors } = bounded(sub(value(fromArray(x)), value(fromArray(y))))
        return c < 1 && length(values) <= c * distance(x, y) * roomForRounding + 2 * length(errors)
      })
    }
  )

  law(
    'of two residual blocks is one ImpFlow block',
    [
      nets(2, { constants: [0.3, 0.5], maxWidth: 3 }),
      nets(2, { constants: [0.3, 0.5], maxWidth: 3 }),
      points(2, { wild: false })
    ],
    (g1, g2, at) => {
      const [c1, c2] = [constantOfNet(g1), constantOfNet(g2)]
      const [h1, h2] = [g1, g2].map(
        g =>
          (y: Tensor): Tensor =>
            add(y, smoothOf(g).value(y))
      ) as [(y: Tensor) => Tensor, (y: Tensor) => Tensor]
      const { gx, gz } = theorem2Block(
        { value: h1, monotone: 1 - c1, lipschitz: 1 + c1 },
        {
          inverse: y => root(x => sub(h2(x), y), { start: y, contraction: c2, tolerance: 1e-15 }),
          monotone: 1 - c2,
          lipschitz: 1 + c2
        }
      )
      const z = valuesOf(implicit(precisely)(gx, gz).forward(nothing)(fromArray(at)).value)
      const two = valuesOf(residualOf(g2).forward(residualOf(g1).forward(fromArray(at)).value).value)
      const [cz] = valuesOf(gz.bound([])) as unknown as [number]
      return distance(z, two) <= (manyRoundings * (1 + length(two) + length(at))) / ((1 - cz) * (1 - c2))
    },
    { cases: 30 }
  )

  it('refuses constants that are not 0 < m <= M, or too far apart for float64', () => {
    const constants = (monotone: number, lipschitz: number) => ({ value: sin, inverse: sin, monotone, lipschitz })
    for (const bad of [constants(0, 1), constants(2, 1), constants(1, Infinity), constants(Number.NaN, 1)])
      expect(() => theorem2Block(bad, constants(1, 1))).toThrow(/f1 needs constants 0 < m <= M/)
    expect(() => theorem2Block(constants(1, 1e9), constants(1, 1))).toThrow(/below 2\^24/)
  })
})

describe('x + x^3', () => {
  law(
    'is stretched by more than any M between 0 and M + 1, so that it is not in F, exactly',
    [fc.bigInt(0n, 10n ** 30n)],
    M => {
      const x = M + 1n
      return x + x ** 3n > M * x
    }
  )
})
