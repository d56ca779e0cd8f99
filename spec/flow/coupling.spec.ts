import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { chain, compose } from '../../src/flow/bijection.js'
import { boundedAffine, coupling } from '../../src/flow/coupling.js'
import { invertibleLinear } from '../../src/flow/invertibleLinear.js'
import { rationalQuadratic, splineParameters } from '../../src/flow/rationalQuadratic.js'
import { mlp } from '../../src/net/mlp.js'
import { grad, jacobian } from '../../src/rewrite/derivatives.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { logAbsDet } from '../../src/tensor/primitives/logAbsDet.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { points } from '../net/support/nets.js'
import { distance, length, numbers, valuesOf } from '../solve/support/certificate.js'
import { law } from '../support/law.js'
import { affineCoupling, form, spline, splineCoupling } from './support/couplings.js'

const first = (values: Float64Array | undefined): number => values?.[0] as number

/** Raw numbers of one coordinate's spline, moderate ones. */
const raws = (bins: number) =>
  fc.array(
    fc.integer({ min: -200, max: 200 }).map(i => i / 100),
    { minLength: 3 * bins - 1, maxLength: 3 * bins - 1 }
  )

describe('a spline', () => {
  const { forward, inverse } = rationalQuadratic(spline)

  law(
    'rises, from one end of its interval to the other',
    [raws(spline.bins), fc.integer({ min: -80, max: 79 })],
    (p, i) => {
      const at = (x: number) => first(valuesOf(forward(fromArray(p))(fromArray([x])).value))
      return at(i / 40) < at((i + 1) / 40) && Math.abs(at(2) - 2) <= 2 ** -48 && Math.abs(at(-2) + 2) <= 2 ** -48
    }
  )

  law(
    'has ln of its slope, inside and outside its interval',
    [raws(spline.bins), points(1, { wild: false })],
    (p, x) => {
      const f = forward(fromArray(p))
      const [claimed, exact] = numbers(
        f(fromArray(x)).logDet,
        logAbsDet(jacobian((y: Tensor) => f(y).value)(fromArray(x)))
      )
      return Math.abs(first(claimed) - first(exact)) <= 2 ** -40
    }
  )

  law('comes back, and the log-determinants cancel', [raws(spline.bins), points(1, { wild: false })], (p, x) => {
    const there = forward(fromArray(p))(fromArray(x))
    const back = inverse(fromArray(p))(there.value)
    const [value, a, b] = numbers(back.value, there.logDet, back.logDet)
    const slope = Math.exp(-first(a))
    return distance(value as Float64Array, x) <= 2 ** -44 * (1 + slope) && Math.abs(first(a) + first(b)) <= 2 ** -36
  })

  it('is the identity where its parameters are 0, up to roundings', () => {
    const zeros = fromArray(new Array<number>(2 * splineParameters(spline)).fill(0))
    for (const x of [-3, -2, -1.3, 0, 0.7, 2, 5]) {
      const { value, logDet } = forward(zeros)(fromArray([x, -x]))
      const [y, l] = numbers(value, logDet) as [Float64Array, Float64Array]
      expect(distance(y, [x, -x])).toBeLessThan(2 ** -48)
      expect(Math.abs(first(l))).toBeLessThan(2 ** -45)
    }
  })

  it('comes back where slopes are least and greatest', () => {
    const steep = fromArray([9, -9, 9, -9, -9, 9, -9, 9, -30, 30, -30])
    for (const x of [-1.999, -1.2, -0.3, 0.4, 1.1, 1.7, 1.99]) {
      const there = forward(steep)(fromArray([x]))
      const [back, l] = numbers(inverse(steep)(there.value).value, there.logDet)
      expect(Math.abs(first(back) - x)).toBeLessThan(2 ** -40 * (1 + Math.exp(-first(l))))
    }
  })

  it('refuses forms that it has not', () => {
    expect(() => rationalQuadratic({ bins: 1, bound: 2 })).toThrow(/2 to 500 bins, not 1/)
    expect(() => rationalQuadratic({ bins: 4, bound: 0 })).toThrow(/above 0, not 0/)
  })
})

describe('a coupling', () => {
  it('leaves the kept coordinates to the bit, and starts as the identity where the net is 0', () => {
    const x = [0.3, -1.7, 2.9]
    const { block, parameters } = affineCoupling(3, 'last', 1)
    const moved = valuesOf(block.forward(parameters)(fromArray(x)).value)
    expect(Array.from(moved.slice(1))).toEqual(x.slice(1))
    expect(moved[0]).not.toBe(x[0])
    const still = affineCoupling(3, 'first', 1, 0)
    expect(Array.from(valuesOf(still.block.forward(still.parameters)(fromArray(x)).value))).toEqual(x)
  })

  it('has log-scales within their bound, however large the net is', () => {
    const { block, parameters } = affineCoupling(4, 'first', 2, 1e3)
    const [l] = numbers(block.forward(parameters)(fromArray([1, 2, 3, 4])).logDet)
    expect(Math.abs(first(l))).toBeLessThanOrEqual(2 * 2)
    expect(Math.abs(first(l))).toBeGreaterThan(0)
  })

  it('refuses samples of one variable', () => {
    const { block, parameters } = affineCoupling(2, 'first', 1)
    expect(() => block.forward(parameters)(fromArray([1]))).toThrow(/at least 2 variables/)
  })

  law(
    'has gradients by its parameters as differences say',
    [fc.constantFrom(affineCoupling(3, 'first', 3), splineCoupling(3, 'last', 4, 0.5)), points(3, { wild: false })],
    ({ block, parameters }, at) => {
      const x = fromArray(at)
      const bias = parameters.layers[1]?.bias as Tensor
      const loss = (b: Tensor): Tensor => {
        const [hidden, last] = parameters.layers as [(typeof parameters.layers)[0], (typeof parameters.layers)[0]]
        const { value, logDet } = block.forward({ betas: [], layers: [hidden, { ...last, bias: b }] })(x)
        return add(sum(mul(value, value)), logDet)
      }
      const direction = fromArray(Array.from({ length: bias.shape[0] as number }, (_, i) => (i % 3) - 0.75))
      // Splines are C1: a difference across a knot is off by h times the jump of the second derivative.
      const h = 2 ** -17
      const [slope, up, down] = numbers(
        sum(mul(grad(loss)(bias), direction)),
        loss(add(bias, mul(h, direction))),
        loss(add(bias, mul(-h, direction)))
      )
      const difference = (first(up) - first(down)) / (2 * h)
      return Math.abs(first(slope) - difference) <= 1e-4 * (1 + Math.abs(difference))
    },
    { cases: 30 }
  )
})

describe('an invertible linear layer', () => {
  const layer = invertibleLinear({ order: [2, 0, 1], signs: [1, -1, 1] })
  const parameters = {
    lower: fromArray([9, 9, 9, 0.5, 9, 9, -0.25, 2, 9], [3, 3]),
    upper: fromArray([9, 0.5, -1, 9, 9, 0.75, 9, 9, 9], [3, 3]),
    logScale: fromArray([Math.LN2, 0, -Math.LN2])
  }

  it('is P L (U + diag s) x, worked out by hand', () => {
    const { value, logDet } = layer.forward(parameters)(fromArray([1, 2, 4]))
    // (U + diag s) x = [2 + 1 - 4, -2 + 3, 2] = [-1, 1, 2]; L of it = [-1, 0.5, 4.25]; in the order 2, 0, 1.
    const [y, l] = numbers(value, logDet) as [Float64Array, Float64Array]
    expect(distance(y, [4.25, -1, 0.5])).toBeLessThan(2 ** -49)
    expect(Math.abs(first(l))).toBeLessThan(2 ** -52)
  })

  it('uses nothing on the wrong side of a diagonal', () => {
    const clean = {
      ...parameters,
      lower: fromArray([0, 0, 0, 0.5, 0, 0, -0.25, 2, 0], [3, 3]),
      upper: fromArray([0, 0.5, -1, 0, 0, 0.75, 0, 0, 0], [3, 3])
    }
    for (const side of ['forward', 'inverse'] as const) {
      const [a, b] = [parameters, clean].map(p => valuesOf(layer[side](p)(fromArray([1, 2, 4])).value))
      expect(a).toEqual(b)
    }
  })

  it('refuses what is no permutation and what is no sign', () => {
    expect(() => invertibleLinear({ order: [0, 0], signs: [1, 1] })).toThrow(/no permutation/)
    expect(() => invertibleLinear({ order: [0, 1], signs: [1, 0.5] })).toThrow(/2 signs 1 or -1/)
  })
})

describe('a stack of unlike blocks', () => {
  law('comes back: linear, affine coupling, linear, spline coupling', [points(3, { wild: false })], at => {
    const [a, b] = [affineCoupling(3, 'first', 5, 0.5), splineCoupling(3, 'last', 6, 0.5)]
    const linear = invertibleLinear({ order: [2, 0, 1], signs: [1, 1, -1] })
    const p = {
      lower: fromArray([0, 0, 0, 0.5, 0, 0, -0.25, 0.5, 0], [3, 3]),
      upper: fromArray([0, 0.5, -1, 0, 0, 0.75, 0, 0, 0], [3, 3]),
      logScale: fromArray([0.5, 0, -0.25])
    }
    const flow = compose(compose(linear, a.block), compose(linear, b.block))
    const parameters = [[p, a.parameters] as const, [p, b.parameters] as const] as const
    const there = flow.forward(parameters)(fromArray(at))
    const back = flow.inverse(parameters)(there.value)
    const [x, s, t] = numbers(back.value, there.logDet, back.logDet)
    return distance(x as Float64Array, at) <= 2 ** -36 * (1 + length(at)) && Math.abs(first(s) + first(t)) <= 2 ** -30
  })

  it('of couplings that alternate moves every coordinate', () => {
    const pair = compose(coupling('first', mlp(form), boundedAffine(2)), coupling('last', mlp(form), boundedAffine(2)))
    const p = [affineCoupling(4, 'first', 7).parameters, affineCoupling(4, 'last', 8).parameters] as const
    const x = [0.1, 0.2, 0.3, 0.4]
    const y = valuesOf(chain(pair).forward([p])(fromArray(x)).value)
    expect(x.filter((xi, i) => xi === y[i])).toEqual([])
  })
})
