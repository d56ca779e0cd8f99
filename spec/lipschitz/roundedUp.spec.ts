import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  frobenius,
  gamma,
  gramRounding,
  provedSquare,
  shiftRounding,
  smallest,
  u,
  up
} from '../../src/lipschitz/roundedUp.js'
import { type Fraction, fromNumber, minus, plus, sizeOf, solved, times } from '../support/fraction.js'
import { law } from '../support/law.js'

const whole = (x: number): Fraction => fromNumber(x)
const over = (a: Fraction, b: Fraction): Fraction => solved([[b]], [a])[0] as Fraction
const atMost = (a: Fraction, b: Fraction): boolean => minus(b, a).numerator >= 0n

/** n u / (1 - n u), exactly. */
const exactGamma = (n: number): Fraction => {
  const nu = times(whole(n), whole(u))
  return over(nu, minus(whole(1), nu))
}

/** Whether a float is above an exact number, but by no more than a part of it and a few smallest floats. */
const justAbove = (x: number, exact: Fraction, part: number, floats = 4): boolean =>
  atMost(exact, whole(x)) &&
  atMost(whole(x), plus(times(exact, whole(1 + part)), times(whole(floats), whole(smallest))))

const counts = fc.integer({ min: 1, max: 2000 })
const sizes = fc.oneof(
  fc.double({ min: 0, max: 4, noNaN: true }),
  fc.double({ min: 2 ** -1070, max: 2 ** -1000, noNaN: true })
)

describe('bounds of rounding errors, against exact fractions', () => {
  law('gamma_n is n u / (1 - n u), to a few units', [counts], n => {
    const exact = exactGamma(n)
    return sizeOf(minus(whole(gamma(n)), exact)) <= 4 * u * gamma(n)
  })

  law('a number rounded up is above what 8 operations can make of it, and little more', [sizes], x => {
    let grown = whole(x)
    for (let i = 0; i < 8; i++) grown = times(grown, plus(whole(1), whole(u)))
    return atMost(grown, whole(up(x))) && up(x) > x && justAbove(up(x), whole(x), 20 * u)
  })

  law(
    'the Frobenius norm',
    [fc.double({ min: 0.5, max: 1, noNaN: true }), fc.array(sizes, { maxLength: 12 })],
    (largest, others) => {
      const entries = [...others, largest]
      const exact = entries.reduce((sum, x) => plus(sum, times(whole(x), whole(x))), whole(0))
      const found = whole(frobenius(Float64Array.from(entries)))
      const squared = times(found, found)
      return atMost(exact, squared) && atMost(squared, times(exact, whole(1 + 128 * u)))
    }
  )

  law('the error of a Gram matrix', [sizes, counts, counts], (size, rows, n) => {
    const exact = plus(
      times(exactGamma(rows), times(whole(size), whole(size))),
      times(whole(n * rows), whole(smallest))
    )
    return (
      sizeOf(minus(whole(gramRounding(size, [rows, n])), exact)) <= 8 * u * gramRounding(size, [rows, n]) + 2 * smallest
    )
  })

  /** 1 / (1 - gamma) is below 1.0625 for every size that fits. */
  const exactShift = (t: number, [rows, n]: readonly [number, number]): Fraction =>
    plus(
      times(plus(times(times(whole(1.0625), exactGamma(n + 1)), whole(n)), whole(2 * u)), whole(t)),
      times(whole(4 * n * (n + rows)), whole(smallest))
    )

  law('the error of a shifted matrix and its factors', [sizes, counts, counts], (t, rows, n) =>
    justAbove(shiftRounding(t, [rows, n]), exactShift(t, [rows, n]), 128 * u, 8)
  )

  law('the square proved: T and both errors', [sizes, sizes, counts, counts], (t, size, rows, n) => {
    const ofGram = plus(
      times(exactGamma(rows), times(whole(size), whole(size))),
      times(whole(n * rows), whole(smallest))
    )
    const exact = plus(whole(t), plus(exactShift(t, [rows, n]), ofGram))
    return justAbove(provedSquare(t, size, [rows, n]), exact, 128 * u, 16)
  })

  it('gamma over 1 - gamma is below 1.0625 gamma for every n below 2^48', () => {
    expect(
      atMost(over(exactGamma(2 ** 48), minus(whole(1), exactGamma(2 ** 48))), times(whole(1.0625), exactGamma(2 ** 48)))
    ).toBe(true)
  })

  it('the Frobenius norm allows for the rounding of every one of its sums', () => {
    const entries = Float64Array.from({ length: 20_000 }, (_, i) => Math.sin(i))
    const sum = entries.reduce((total, x) => total + x * x, 0)
    const allowed = times(whole(sum), plus(whole(1), exactGamma(entries.length)))
    const found = whole(frobenius(entries))
    expect(atMost(allowed, times(found, found))).toBe(true)
  })

  it('the error of a Gram matrix of numbers whose squares vanish is what underflow can make of it', () => {
    expect(gramRounding(0, [7, 3])).toBe(21 * smallest)
  })
})
