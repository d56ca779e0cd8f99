import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { theorem2Block } from '../../src/experiment/theorem2Block.js'
import { compose, invert } from '../../src/flow/bijection.js'
import { implicit } from '../../src/flow/implicit.js'
import { invertibleLinear } from '../../src/flow/invertibleLinear.js'
import { monotone } from '../../src/flow/monotone.js'
import { residual } from '../../src/flow/residual.js'
import { reference } from '../../src/interpret/runningError/machine.js'
import { byLemma, type Contractive } from '../../src/lipschitz/contractive.js'
import { jacobian } from '../../src/rewrite/derivatives.js'
import { reportOf } from '../../src/solve/report.js'
import { isRoot, root } from '../../src/solve/root.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { div } from '../../src/tensor/primitives/div.js'
import { logAbsDet } from '../../src/tensor/primitives/logAbsDet.js'
import { matmul } from '../../src/tensor/primitives/matmul.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { reshape } from '../../src/tensor/primitives/reshape.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import {
  constantOfNet,
  contractiveOf,
  type NetSample,
  nets,
  parametersOf,
  points,
  smoothOf
} from '../net/support/nets.js'
import { distance, length, numbers, valuesOf } from '../solve/support/certificate.js'
import { law } from '../support/law.js'
import { precisely, residualOf } from './support/blocks.js'

/** A few hundred roundings of 2^-53 and the solver's 1e-15: what a residual of computed numbers may still be. */
const manyRoundings = 2 ** -44

const hundredths = (min: number, max: number) => fc.integer({ min, max }).map(i => i / 100)

/** A contraction without parameters whose constant the spec itself knows. */
const known = (value: (x: Tensor) => Tensor, c: number): Contractive<readonly []> =>
  byLemma(
    'worked out in this spec',
    () => value,
    () => scalar(c)
  )

/** Multiplication of the plane by p + qi. */
const multiplied = ([p, q]: readonly [number, number]) => {
  const matrix = fromArray([p, -q, q, p], [2, 2])
  return (x: Tensor): Tensor => reshape(matmul(matrix, reshape(x, [2, 1])), [2])
}

const plane = points(2, { wild: false })
const gentle = nets(2, { constants: [0.3, 0.5], maxWidth: 3, smooth: true })

type Net = ReturnType<typeof contractiveOf>
type Weights = ReturnType<typeof parametersOf>

/** The monotone block of a net, with its constants. */
const blockOf = (g: NetSample) => {
  const [block, p, L] = [monotone(precisely)(contractiveOf(g)), parametersOf(g), constantOfNet(g)]
  const constants = { monotone: (1 - L) / (1 + L), lipschitz: (1 + L) / (1 - L) }
  return { forward: block.forward(p), inverse: block.inverse(p), L, constants }
}

describe('one monotone block, w + g(w) = sqrt2 x, y = sqrt2 w - x', () => {
  law(
    'is multiplication by any p + qi with p > 0, for a g of constant at most sqrt(1 - 4 m / (1 + M)^2)',
    [hundredths(20, 300), hundredths(-300, 300), plane],
    (p, q, at) => {
      const square = (1 + p) ** 2 + q * q
      const [re, im] = [(1 - p * p - q * q) / square, (-2 * q) / square]
      const c = Math.hypot(re, im)
      const image = monotone(precisely)(known(multiplied([re, im]), c * (1 + 2 ** -50))).forward([])(fromArray(at))
      const [y, logDet] = numbers(image.value, image.logDet) as [Float64Array, Float64Array]
      const [m, M] = [p, Math.hypot(p, q)]
      return (
        c * (1 - 2 ** -48) <= Math.sqrt(1 - (4 * m) / (1 + M) ** 2) &&
        distance(y, valuesOf(multiplied([p, q])(fromArray(at)))) <=
          (manyRoundings * (1 + M) * (1 + length(at))) / (1 - c) &&
        Math.abs((logDet[0] as number) - 2 * Math.log(M)) <= manyRoundings / (1 - c)
      )
    }
  )

  law('is strongly monotone: <dx, dy> >= (1 - L) / (1 + L) |dx|^2', [gentle, plane, plane], (g, a, b) => {
    const { forward, constants, L } = blockOf(g)
    const [fa, fb] = [a, b].map(x => valuesOf(forward(fromArray(x)).value)) as [Float64Array, Float64Array]
    const dx = a.map((x, i) => x - (b[i] as number))
    const dot = dx.reduce((sum, x, i) => sum + x * ((fa[i] as number) - (fb[i] as number)), 0)
    const off = (manyRoundings * (1 + length(fa) + length(fb) + length(a) + length(b))) / (1 - L)
    return dot + off * length(dx) >= constants.monotone * length(dx) ** 2
  })

  law('has ln |det| of its Jacobian, through the implicit derivative of its root', [gentle, plane], (g, at) => {
    const { forward, L } = blockOf(g)
    const x = fromArray(at)
    const [claimed, exact] = numbers(forward(x).logDet, logAbsDet(jacobian((y: Tensor) => forward(y).value)(x))) as [
      Float64Array,
      Float64Array
    ]
    const slack = (manyRoundings * (1 + length(at))) / (1 - L) ** 3
    return Math.abs((claimed[0] as number) - (exact[0] as number)) <= slack
  })

  law('inverted is the block of -g', [gentle, plane], (g, at) => {
    const { inverse, L } = blockOf(g)
    const minus = known(x => mul(-1, smoothOf(g).value(x)), L)
    const other = monotone(precisely)(minus).forward([])(fromArray(at))
    const [a, b, s, t] = numbers(inverse(fromArray(at)).value, other.value, inverse(fromArray(at)).logDet, other.logDet)
    const slack = (manyRoundings * (1 + length(at))) / (1 - L) ** 2
    return (
      distance(a as Float64Array, b as Float64Array) <= slack &&
      Math.abs(((s as Float64Array)[0] as number) - ((t as Float64Array)[0] as number)) <= slack
    )
  })

  law(
    'is the residual block of h, for a g of constant c / (2 - c)',
    [gentle, plane],
    (h, at) => {
      const c = constantOfNet(h)
      const value = smoothOf(h).value
      const g = (w: Tensor): Tensor => {
        const half = mul(Math.SQRT1_2, w)
        const x = root(y => sub(add(y, div(value(y), 2)), half), { start: half, contraction: c / 2, tolerance: 1e-15 })
        return mul(-Math.SQRT1_2, value(x))
      }
      const L = c / (2 - c)
      const image = monotone(precisely)(known(g, L)).forward([])(fromArray(at))
      const plain = residualOf(h).forward(fromArray(at))
      const [y, z, s, t] = numbers(image.value, plain.value, image.logDet, plain.logDet) as [
        Float64Array,
        Float64Array,
        Float64Array,
        Float64Array
      ]
      const slack = (manyRoundings * (1 + length(at))) / (1 - L) ** 3
      return distance(y, z) <= slack && Math.abs((s[0] as number) - (t[0] as number)) <= slack
    },
    { cases: 30 }
  )

  it('reports sqrt2 |r| / (1 - L) for a residual r in w: the distance of y, not of w', () => {
    const half = monotone({ ...precisely, tolerance: 10 })(known(x => mul(0.5, x), 0.5))
    const y = half.forward([])(fromArray([3])).value
    if (!isRoot(y)) throw new TypeError('the image of a monotone block is a root')
    const [found, bound] = numbers(y, reportOf(reference, y).errorBound) as [Float64Array, Float64Array]
    const w = (3 + (found[0] as number)) / Math.SQRT2
    const expected = (Math.SQRT2 * Math.abs(1.5 * w - Math.SQRT2 * 3)) / (1 - 0.5)
    expect(bound[0]).toBeCloseTo(expected, 12)
    expect(Math.abs((found[0] as number) - 1)).toBeGreaterThan(0.1)
    expect(bound[0]).toBeGreaterThan(Math.abs((found[0] as number) - 1))
  })
})

describe('a stack of unlike blocks', () => {
  law(
    'comes back, and its log-determinants cancel: linear, monotone, residual, linear, ImpFlow',
    [gentle, gentle, gentle, plane],
    (g1, g2, g3, at) => {
      const linear = invertibleLinear({ order: [1, 0], signs: [1, -1] })
      const w = {
        lower: fromArray([0, 0, 0.5, 0], [2, 2]),
        upper: fromArray([0, -0.5, 0, 0], [2, 2]),
        logScale: fromArray([0.25, -0.25])
      }
      const [n1, n2, n3] = [g1, g2, g3].map(contractiveOf) as [Net, Net, Net]
      const [p1, p2, p3] = [g1, g2, g3].map(parametersOf) as [Weights, Weights, Weights]
      const halves = compose(compose(linear, monotone(precisely)(n1)), residual(precisely)(n2))
      const flow = compose(halves, compose(linear, implicit(precisely)(n1, n3)))
      const p = [
        [[w, p1], p2],
        [w, { gx: p1, gz: p3 }]
      ] as const
      const image = (side: 'forward' | 'inverse', x: ArrayLike<number>) => {
        const { value, logDet } = flow[side](p)(fromArray(x))
        const [point, nats] = numbers(value, logDet) as [Float64Array, Float64Array]
        return { point, logDet: nats[0] as number }
      }
      const there = image('forward', at)
      const back = image('inverse', there.point)
      const again = image('forward', back.point)
      // Constants are at most 1/2, so a block or its inverse stretches by at most 3, a linear map by at most 2.5.
      const slack = manyRoundings * (1 + length(at) + length(there.point)) * 3 ** 3 * 2.5 ** 2
      const moved = Math.abs(there.logDet - again.logDet)
      return distance(back.point, at) <= slack && Math.abs(there.logDet + back.logDet) <= 2 * moved + slack
    },
    { cases: 20 }
  )
})

describe('two monotone blocks', () => {
  law(
    'are one ImpFlow block, that of Theorem 2 with the constants of monotone blocks',
    [gentle, gentle, plane],
    (g1, g2, at) => {
      const [f1, f2] = [blockOf(g1), blockOf(g2)]
      const { gx, gz } = theorem2Block(
        { value: x => f1.forward(x).value, ...f1.constants },
        { inverse: y => f2.inverse(y).value, ...f2.constants }
      )
      const block = monotone(precisely)
      const two = compose(block(contractiveOf(g1)), block(contractiveOf(g2)))
      const image = two.forward([parametersOf(g1), parametersOf(g2)])(fromArray(at))
      const one = implicit(precisely)(gx, gz).forward({ gx: [], gz: [] })(fromArray(at))
      const [z, y, c] = numbers(one.value, image.value, gz.bound([])) as [Float64Array, Float64Array, Float64Array]
      const room = (1 - (c[0] as number)) * (1 - f1.L) * (1 - f2.L)
      return distance(z, y) <= (manyRoundings * (1 + length(y) + length(at))) / room
    },
    { cases: 15 }
  )

  law('of g and of -g are the identity', [gentle, plane], (g, at) => {
    const block = monotone(precisely)(contractiveOf(g))
    const p = parametersOf(g)
    const back = valuesOf(compose(block, invert(block)).forward([p, p])(fromArray(at)).value)
    return distance(back, at) <= (manyRoundings * (1 + length(at))) / (1 - constantOfNet(g)) ** 2
  })
})
