import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { onnxFloat32, reference } from '../../../src/interpret/runningError/machine.js'
import { boundsOf, roundingErrors } from '../../../src/interpret/runningError/runningError.js'
import { applicable, applications, argumentsOf, functionOf } from '../../../src/laws/applications.js'
import { composed, compositions } from '../../../src/laws/compositions.js'
import { tangent } from '../../../src/laws/contractions.js'
import { samples, tensorOf } from '../../../src/laws/samples.js'
import { differences } from '../../../src/laws/tensorDifferences.js'
import { fromArray, fromNested, scalar } from '../../../src/tensor/constructors.js'
import { add } from '../../../src/tensor/primitives/add.js'
import { div } from '../../../src/tensor/primitives/div.js'
import { exp } from '../../../src/tensor/primitives/exp.js'
import { greater } from '../../../src/tensor/primitives/greater.js'
import { input } from '../../../src/tensor/primitives/input.js'
import { iterate } from '../../../src/tensor/primitives/iterate.js'
import { log } from '../../../src/tensor/primitives/log.js'
import { mul } from '../../../src/tensor/primitives/mul.js'
import { select } from '../../../src/tensor/primitives/select.js'
import { sign } from '../../../src/tensor/primitives/sign.js'
import { sin } from '../../../src/tensor/primitives/sin.js'
import { solve } from '../../../src/tensor/primitives/solve.js'
import { sqrt } from '../../../src/tensor/primitives/sqrt.js'
import { sub } from '../../../src/tensor/primitives/sub.js'
import { sum } from '../../../src/tensor/primitives/sum.js'
import { tanh } from '../../../src/tensor/primitives/tanh.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import { numbersOfAll } from '../../support/agreement.js'
import { float32 } from '../../support/float32.js'
import { law } from '../../support/law.js'

const u = 2 ** -53
const bound = (x: Tensor): number => boundsOf(reference)([x])[0]?.[0] as number
/** 1 + 2^-52, off by something: the sum of a constant and a rounding. */
const third = div(1, 3)

describe('bounds by hand', () => {
  const cases: readonly (readonly [string, Tensor, number])[] = [
    ['a constant', scalar(0.1), 0],
    ['1 + 2: one rounding of 3', add(1, 2), 3 * u],
    ['1 / 3: one rounding', third, u / 3],
    ['a product: its own rounding and that of its factor', mul(third, 5), (2 * 5 * u) / 3],
    ['a sum of 4 entries', sum(fromArray([1, -1, 1, -1])), 3 * u * 4],
    ['sin is 1-Lipschitz', sin(third), 2 * u * Math.sin(1 / 3) + u / 3],
    ['the logarithm, of relative error', log(third), 2 * u * Math.log(3) + u],
    ['the exponential', exp(third), Math.exp(1 / 3) * (2 * u + u / 3)],
    ['the root', sqrt(third), Math.sqrt(1 / 3) * 2 * u]
  ]
  for (const [name, x, expected] of cases)
    it(name, () => {
      expect(bound(x)).toBeGreaterThanOrEqual(expected * (1 - 1e-12))
      expect(bound(x)).toBeLessThanOrEqual(expected * 1.001)
    })

  it('a cancellation keeps the errors of its terms', () => {
    expect(bound(sub(mul(third, 3), 1))).toBeGreaterThanOrEqual(u)
  })

  it('a comparison that may flip is off by 1, a sign by 2, and the choice by the distance of the two', () => {
    const close = sub(third, 1 / 3)
    expect(bound(greater(third, 1 / 3))).toBeGreaterThanOrEqual(1)
    expect(bound(greater(third, 0.3))).toBe(0)
    expect(bound(sign(close))).toBeGreaterThanOrEqual(2)
    expect(bound(select(greater(third, 1 / 3), 5, -2))).toBeGreaterThanOrEqual(7)
    expect(bound(select(greater(third, 0.3), 5, -2))).toBe(0)
  })

  it('what may be singular is Infinity: 1 / 0 off by something, a logarithm there, a singular matrix', () => {
    const nearZero = sub(third, 1 / 3)
    expect(bound(div(1, nearZero))).toBe(Infinity)
    expect(bound(log(nearZero))).toBe(Infinity)
    const singular = fromNested([
      [1, 1],
      [1, 1]
    ])
    expect(bound(solve(singular, fromNested([[1], [1]]), { kind: 'general' }))).toBe(Infinity)
  })

  it('a loop is what the interpreter found, unless its error is known', () => {
    const [z] = iterate({
      start: [scalar(1)],
      limit: 3,
      going: () => scalar(1),
      step: x => [tanh(x as unknown as Tensor)]
    })
    const found = z as Tensor
    expect(bound(found)).toBe(Infinity)
    const known = new Map([[found, scalar(1e-9)]])
    const [of] = boundsOf(reference, { known })([add(found, 0)])
    expect(of?.[0]).toBeGreaterThanOrEqual(1e-9)
    expect(of?.[0]).toBeLessThan(1.0001e-9)
  })

  it('storing 0.1 or an input in float32 costs half a unit, storing 0.5 nothing', () => {
    const [a, b] = boundsOf(onnxFloat32)([scalar(0.1), scalar(0.5)])
    const error = Math.abs(Math.fround(0.1) - 0.1)
    expect((a?.[0] as number) / error).toBeGreaterThanOrEqual(1)
    expect((a?.[0] as number) / error).toBeLessThan(1.001)
    expect(b?.[0]).toBe(0)
    const x = input('x', [2])
    expect(roundingErrors(reference)([x])[0]?.primitive.name).toBe('broadcast')
    expect(roundingErrors(onnxFloat32)([x])[0]?.primitive.name).not.toBe('broadcast')
  })
})

describe('bounds are neither wrong nor idle', () => {
  law(
    'known errors of the arguments are covered: moved within them, results stay within the bounds',
    [
      fc
        .constantFrom(
          ...applicable.filter(name => !['equal', 'greater', 'greaterEqual', 'sign', 'select'].includes(name))
        )
        .chain(name => applications(name)),
      fc.integer({ min: -12, max: -2 }),
      fc.array(fc.integer({ min: -63, max: 63 }), { minLength: 8, maxLength: 8 })
    ],
    (application, exponent, parts) => {
      const xs = argumentsOf(application)
      const y = functionOf(application)(...xs)
      const errors = xs.map(x =>
        mul(2 ** exponent, add(0, fromArray(new Float64Array(x.shape.reduce((a, b) => a * b, 1)).fill(1), x.shape)))
      )
      const moved = application.arguments.map(({ shape, values }) =>
        fromArray(
          values.map((x, i) => x + 2 ** exponent * ((parts[i % 8] as number) / 64)),
          shape
        )
      )
      const [bounds] = boundsOf(reference, { known: new Map(xs.map((x, i) => [x, errors[i] as Tensor])) })([y])
      const [here, there] = numbersOfAll([y, functionOf(application)(...moved)])
      Array.from(here ?? []).forEach((value, i) => {
        const distance = Math.abs(value - (there?.[i] as number))
        if (!(distance <= (bounds?.[i] as number)) && (bounds?.[i] as number) < Infinity)
          throw new Error(`entry ${i} moves by ${distance}, bound ${bounds?.[i]}`)
      })
      return true
    },
    { cases: 1000 }
  )

  it('float32 errors of random compositions reach a tenth of the bound somewhere, and bounds are mostly finite', () => {
    const ratios = fc.sample(compositions(), { seed: 1, numRuns: 200 }).flatMap(composition => {
      const y = composed(composition)(composition.arguments.map(tensorOf))
      const [values, bounds] = float32([y, ...roundingErrors(onnxFloat32)([y])])
      const [exact] = numbersOfAll([y])
      return Array.from(values ?? [], (x, i) => Math.abs(x - (exact?.[i] as number)) / (bounds?.[i] as number))
    })
    expect(Math.max(...ratios.filter(ratio => !Number.isNaN(ratio)))).toBeGreaterThan(0.1)
  })

  it('a machine that claims four times its accuracy is found out', () => {
    const boast = { ...onnxFloat32, unitRoundoff: 2 ** -26, storage: 0, stored: (x: number) => x }
    const lies = fc.sample(compositions(), { seed: 1, numRuns: 200 }).filter(composition => {
      const y = composed(composition)(composition.arguments.map(tensorOf))
      const [values, bounds] = float32([y, ...roundingErrors(boast)([y])])
      const [exact] = numbersOfAll([y])
      return Array.from(values ?? []).some((x, i) => Math.abs(x - (exact?.[i] as number)) > (bounds?.[i] as number))
    })
    expect(lies.length).toBeGreaterThan(20)
  })

  law(
    'differences tell a derivative from one that is off by 1e-5',
    [samples([], 'real'), samples([], 'positive')],
    (point, by) => {
      const [x, v] = [tensorOf(point), tensorOf(by)]
      const f = ([z]: readonly Tensor[]): Tensor => tanh(mul(z as Tensor, z as Tensor))
      const [slope] = differences(xs => [f(xs)], [x], [v])
      const [exact] = numbersOfAll([tangent(f, [x], [v])]) as [Float64Array]
      const wrong = (exact[0] as number) + 1e-5 * (1 + Math.abs(exact[0] as number))
      return Math.abs(wrong - (slope?.values[0] as number)) > (slope?.bounds[0] as number)
    }
  )
})
