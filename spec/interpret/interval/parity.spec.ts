import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { intervalProgram } from '../../../src/interpret/interval/evaluate.js'
import { exactIntervals, type Intervals, intervalsBetween } from '../../../src/interpret/interval/intervals.js'
import { boundsOf } from '../../../src/interpret/runningError/runningError.js'
import { applicable, applications, functionOf } from '../../../src/laws/applications.js'
import { composed, compositions } from '../../../src/laws/compositions.js'
import { tangent } from '../../../src/laws/contractions.js'
import { type Sample, tensorOf } from '../../../src/laws/samples.js'
import { fromArray, scalar } from '../../../src/tensor/constructors.js'
import { add } from '../../../src/tensor/primitives/add.js'
import { input } from '../../../src/tensor/primitives/input.js'
import { mul } from '../../../src/tensor/primitives/mul.js'
import { sub } from '../../../src/tensor/primitives/sub.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import { numbersOfAll } from '../../support/agreement.js'
import { law } from '../../support/law.js'

/** A function of tensors, and where. */
interface Case {
  readonly f: (...xs: readonly Tensor[]) => Tensor
  readonly xs: readonly Sample[]
}

const shown = (i: number, x: number, lo: number, hi: number): string => `entry ${i}: ${x} is not in [${lo}, ${hi}]`

/**
 * The exact values are within the running error of what `reference` computes, so the intervals and that must meet, and
 * intervals are at most `idle` times as wide: neither wrong nor idle.
 */
const meetsReference = ({ f, xs }: Case, idle: number): boolean => {
  const y = f(...xs.map(tensorOf))
  const [values] = numbersOfAll([y]) as [Float64Array]
  const [bounds] = boundsOf()([y]) as [Float64Array]
  const [found] = intervalProgram([], [y])([]) as [Intervals]
  values.forEach((x, i) => {
    const [bound, lo, hi] = [bounds[i] as number, found.lo[i] as number, found.hi[i] as number]
    if (bound === Infinity) return
    if (!(lo - bound <= x && x <= hi + bound)) throw new Error(`${shown(i, x, lo, hi)}, bound ${bound}`)
    const room = idle * (bound + 2 ** -52 * Math.abs(x) + Number.MIN_VALUE)
    if (!(hi - lo <= room)) throw new Error(`${shown(i, x, lo, hi)}: it is, but that is wider than ${room}`)
  })
  return true
}

/** Numbers within boxes of a radius around the arguments give results within those of the boxes. */
const isIsotone = ({ f, xs }: Case, radius: number, parts: readonly number[]): boolean => {
  const variables = xs.map((x, i) => input(`x${i}`, x.shape))
  const run = intervalProgram(variables, [f(...variables)])
  const boxes = xs.map(({ shape, values }) =>
    intervalsBetween(
      values.map(x => x - radius),
      values.map(x => x + radius),
      shape
    )
  )
  const inside = xs.map(({ shape, values }) =>
    exactIntervals(
      values.map((x, i) =>
        Math.min(x + radius, Math.max(x - radius, x + radius * (parts[i % parts.length] as number)))
      ),
      shape
    )
  )
  const [outer] = run(boxes) as [Intervals]
  const [inner] = run(inside) as [Intervals]
  inner.lo.forEach((lo, i) => {
    const [hi, least, most] = [inner.hi[i] as number, outer.lo[i] as number, outer.hi[i] as number]
    if (!(least <= hi && lo <= most) && least <= most && lo <= hi)
      throw new Error(`entry ${i}: [${lo}, ${hi}] does not meet [${least}, ${most}]`)
  })
  return true
}

const cases = (name: (typeof applicable)[number], mood: 'ordinary' | 'wild'): fc.Arbitrary<Case> =>
  applications(name, mood).map(application => ({ f: functionOf(application), xs: application.arguments }))

const composedCases = (smoothly: boolean): fc.Arbitrary<Case> =>
  compositions({ smoothly }).map(composition => ({
    f: (...xs) => composed(composition)(xs),
    xs: composition.arguments
  }))

const fractions = fc.array(
  fc.integer({ min: -64, max: 64 }).map(n => n / 64),
  { minLength: 5, maxLength: 5 }
)
const radii = fc.integer({ min: -30, max: -3 }).map(n => 2 ** n)

/** Where derivatives jump, the mean value theorem does not hold. */
const jumping = ['equal', 'greater', 'greaterEqual', 'sign', 'select', 'stopGradient']

describe('law 47: intervals enclose what reference computes, up to its rounding errors', () => {
  for (const name of applicable) {
    for (const mood of ['ordinary', 'wild'] as const)
      law(`${name} of ${mood} numbers`, [cases(name, mood)], x => meetsReference(x, 4))
    law(
      `${name} of boxes has what it has of the numbers in them`,
      [cases(name, 'ordinary'), radii, fractions],
      isIsotone
    )
  }
  for (const smoothly of [true, false]) {
    law(
      `random compositions of ${smoothly ? 'smooth' : 'all'} primitives, mostly by not much more than the running error`,
      [composedCases(smoothly)],
      x => meetsReference(x, 64),
      { cases: 500 }
    )
    law(
      `random compositions of ${smoothly ? 'smooth' : 'all'} primitives of boxes`,
      [composedCases(smoothly), radii, fractions],
      isIsotone,
      { cases: 500 }
    )
  }
})

describe('law 31: a difference quotient lies among the slopes over the step', () => {
  const quotients = (x: Case, step: number): boolean => {
    const points = x.xs.map(tensorOf)
    const by = x.xs.map(({ shape, values }) =>
      fromArray(
        values.map((_, i) => ((i * 5) % 7) / 7 - 0.4),
        shape
      )
    )
    const t = input('t', [])
    const at = (s: Tensor): readonly Tensor[] => points.map((p, i) => add(p, mul(s, by[i] as Tensor)))
    const difference = mul(sub(x.f(...at(scalar(step))), x.f(...at(scalar(0)))), 1 / step)
    const slope = tangent(xs => x.f(...xs), at(t), by)
    const [slopes, quotient] = intervalProgram([t], [slope, difference])([intervalsBetween([0], [step], [])]) as [
      Intervals,
      Intervals
    ]
    slopes.lo.forEach((least, i) => {
      const [most, lo, hi] = [slopes.hi[i] as number, quotient.lo[i] as number, quotient.hi[i] as number]
      if (!(lo <= most && least <= hi) && least <= most && lo <= hi)
        throw new Error(`entry ${i}: the quotient [${lo}, ${hi}] is not in [${least}, ${most}]`)
    })
    return true
  }
  const steps = fc.integer({ min: 3, max: 20 }).map(n => 2 ** -n)
  for (const name of applicable.filter(other => !jumping.includes(other)))
    law(name, [cases(name, 'ordinary'), steps], quotients)
  law('random smooth compositions', [composedCases(true), steps], quotients, { cases: 300 })
})

describe('intervals are not idle', () => {
  it('a slope that is off by 1e-6 is found out', () => {
    const t = input('t', [])
    const [slope, quotient] = intervalProgram(
      [t],
      [mul(2, t), add(1e-6, mul(2 ** 30, sub(mul(add(t, 2 ** -30), add(t, 2 ** -30)), mul(t, t))))]
    )([exactIntervals([1], [])]) as [Intervals, Intervals]
    expect(quotient.lo[0]).toBeGreaterThan((slope.hi[0] as number) + 2 ** -29)
  })
})
