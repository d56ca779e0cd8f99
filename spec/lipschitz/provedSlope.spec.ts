import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { intervalProgram } from '../../src/interpret/interval/evaluate.js'
import {
  sub as difference,
  div,
  interval,
  point,
  mul as product,
  softplus
} from '../../src/interpret/interval/interval.js'
import { exactIntervals, type Intervals, intervalAt } from '../../src/interpret/interval/intervals.js'
import { provedSlope, slopeOver } from '../../src/lipschitz/provedSlope.js'
import { type ActivationName, activations } from '../../src/net/activations.js'
import { scalar } from '../../src/tensor/constructors.js'
import { input } from '../../src/tensor/primitives/input.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { scaledUp } from '../support/exactFloats.js'
import { law } from '../support/law.js'

const names = Object.keys(activations) as readonly ActivationName[]

/** An activation without its inner scaling; lipSwish with a raw beta. */
const chordEnd = (name: ActivationName, beta: number) => {
  const { outer, apply } = activations[name]
  const t = input('t', [])
  const run = intervalProgram([t], [mul(outer, apply(t, scalar(beta)) as Tensor)])
  return (at: number) => intervalAt(run([exactIntervals([at], [])])[0] as Intervals, 0)
}

const numbers = fc.oneof(
  fc.double({ min: -6, max: 6, noNaN: true }),
  fc.double({ min: -1000, max: 1000, noNaN: true }),
  fc.constantFrom(0, 1, -1, 2.4, 1e5, -1e5)
)

describe('law 17: slopes of activations', () => {
  it.each(names)('%s: the slope proved over the whole line is at most the stated constant, and close to it', name => {
    const { lipschitz } = activations[name]
    expect(provedSlope(name)).toBeLessThanOrEqual(lipschitz)
    expect(provedSlope(name)).toBeGreaterThan(lipschitz - 1e-8)
  })

  it('the largest slope of lipSwish is found to 1e-11: 1.0998393201 / 1.1', () => {
    const peak = 2.3993572805154675
    const s = 1 / (1 + Math.exp(-peak))
    expect(Math.abs(provedSlope('lipSwish') - (s + peak * s * (1 - s)) / 1.1)).toBeLessThan(1e-11)
  })

  it('the scalings of the sine multiply to at most 1, exactly', () => {
    const { inner, outer } = activations.sine
    expect(scaledUp(inner) * scaledUp(outer) <= 1n << 2148n).toBe(true)
    expect(inner * outer).toBe(1)
  })

  for (const name of names)
    law(
      `${name}: chords have slopes among those claimed over their interval`,
      [numbers, numbers, fc.constantFrom(0, -2, 3)],
      (a, b, beta) => {
        if (a === b) return true
        const [lo, hi] = [Math.min(a, b), Math.max(a, b)]
        const f = chordEnd(name, beta)
        const chord = div(difference(f(hi), f(lo)), difference(point(hi), point(lo)))
        // lipSwish: slopes are functions of t softplus(beta); over both signs and all betas, the widest claim is the line.
        const whole = activations[name].learnable ? interval(-Infinity, Infinity) : interval(lo, hi)
        const claimed = slopeOver(name)(whole)
        const unscaled = product(chord, point(activations[name].inner))
        return unscaled.lo <= claimed.hi && claimed.lo <= unscaled.hi
      },
      { cases: 500 }
    )

  law('lipSwish at a beta whose softplus is known: chords over their interval', [numbers, numbers], (a, b) => {
    if (a === b) return true
    const [lo, hi] = [Math.min(a, b), Math.max(a, b)]
    const f = chordEnd('lipSwish', 0)
    const ln2 = softplus(point(0))
    const chord = div(difference(f(hi), f(lo)), difference(point(hi), point(lo)))
    const claimed = slopeOver('lipSwish')(product(interval(lo, hi), ln2))
    return chord.lo <= claimed.hi && claimed.lo <= chord.hi
  })
})
