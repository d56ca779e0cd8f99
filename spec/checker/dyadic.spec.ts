import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Ball, exp, fromNumber, log, mul, precisionOf, sinCosTurns, within } from '../../src/checker/dyadic.js'
import { activations } from '../../src/checker/net.js'
import { law } from '../support/law.js'

/** The float64 above x, by its bits. */
const nextAbove = (x: number): number => {
  if (x === 0) return Number.MIN_VALUE
  const word = new BigInt64Array(Float64Array.of(x).buffer)[0] as bigint
  return new Float64Array(BigInt64Array.of(word + (x > 0 ? 1n : -1n)).buffer)[0] as number
}

type Vectors = Readonly<Record<string, readonly (readonly [number, number])[]>>

/** Arguments with the largest float64 at or below the truth, computed with 2400 bits. */
const vectors = JSON.parse(
  readFileSync(join(import.meta.dirname, '../support/vectors/elementary.json'), 'utf8')
) as Vectors

const at = precisionOf(256n)
const exactly = (x: number): Ball => fromNumber(x, at.p)
const moderate = (x: number): boolean => Math.abs(x) < 2 ** 60 && exactly(x).r === 0n

/** Whether a ball meets the floats' gap that the truth lies in. */
const meets = ({ m, r }: Ball, below: number): boolean =>
  m + r >= exactly(below).m && m - r <= exactly(nextAbove(below)).m + 1n

const functions: Readonly<Record<string, (x: Ball) => Ball>> = {
  exp: x => exp(x, at),
  log: x => log(x, at),
  tanh: x => (activations['tanh'] as NonNullable<(typeof activations)[string]>)(x, at.one, at)[0],
  sigmoid: x => (activations['softplus'] as NonNullable<(typeof activations)[string]>)(x, at.one, at)[1],
  softplus: x => (activations['softplus'] as NonNullable<(typeof activations)[string]>)(x, at.one, at)[0],
  expm1: x => (activations['elu'] as NonNullable<(typeof activations)[string]>)(x, at.one, at)[0]
}

const suits: Readonly<Record<string, (x: number) => boolean>> = {
  exp: x => x <= 0,
  log: x => x > 2 ** -200,
  expm1: x => x <= 0
}

describe('elementary functions in dyadics', () => {
  it.each(Object.keys(functions))('%s meets every vector of 2400 bits, to 2^-240', name => {
    const cases = (vectors[name] ?? []).filter(([x]) => moderate(x) && (suits[name]?.(x) ?? true))
    expect(cases.length).toBeGreaterThan(50)
    const wrong = cases.filter(([x, below]) => {
      const ball = (functions[name] as (x: Ball) => Ball)(exactly(x))
      return !(meets(ball, below) && ball.r < 1n << 16n)
    })
    expect(wrong).toEqual([])
  })

  it('pi and ln 2 have the digits that are known', () => {
    const digits = (ball: Ball): string => ((ball.m * 10n ** 50n) >> at.q).toString()
    expect(digits(at.pi)).toBe('314159265358979323846264338327950288419716939937510')
    expect(digits(at.ln2)).toBe('69314718055994530941723212145817656807550013436025')
  })

  const angle = fc.tuple(fc.bigInt({ min: -(1n << 70n), max: 1n << 70n }), fc.integer({ min: 0, max: 70 }))
  const near = (a: bigint, b: bigint, ulps: bigint): boolean => a - b <= ulps && b - a <= ulps

  law('sin^2 + cos^2 = 1, cos 2t = 2 cos^2 t - 1 and sin 2t = 2 sin t cos t', [angle], ([t, k]) => {
    const turns = (t << at.p) >> BigInt(k)
    const [s, c] = sinCosTurns(turns, at)
    const [s2, c2] = sinCosTurns(2n * turns, at)
    const [ss, cc, sc] = [mul(s, s, at), mul(c, c, at), mul(s, c, at)]
    return (
      near(ss.m + cc.m, at.one.m, ss.r + cc.r) &&
      near(c2.m, 2n * cc.m - at.one.m, c2.r + 2n * cc.r) &&
      near(s2.m, 2n * sc.m, s2.r + 2n * sc.r)
    )
  })

  law(
    'a float64 is at most a unit above its fixed point, and exact where that reaches',
    [fc.double({ noNaN: true, noDefaultInfinity: true })],
    x => {
      const [coarse, fine] = [fromNumber(x, 100n), fromNumber(x, 1100n)]
      const floor = fine.m >> 1000n
      return fine.r === 0n && coarse.m === floor && (coarse.r === 0n) === (floor << 1000n === fine.m)
    }
  )

  law(
    'a ball is within an interval only if both its ends are',
    [
      fc.integer({ min: -100, max: 100 }),
      fc.nat(20),
      fc.integer({ min: -100, max: 100 }),
      fc.integer({ min: -100, max: 100 })
    ],
    (m, r, low, high) => {
      const ball = { m: BigInt(m) << at.p, r: BigInt(r) << at.p }
      return within(ball, [low, high], at) === (low <= m - r && m + r <= high)
    }
  )
})

describe('slopes in the checker', () => {
  const places = fc.integer({ min: -(12 * 2 ** 20), max: 12 * 2 ** 20 }).map(i => i / 2 ** 20)
  const size = ({ m, r }: Ball): bigint => (m < 0n ? -m : m) + r

  it('the lemma about lipSwish needs ln 11 < 2.4, which holds', () => {
    const { m, r } = log(exactly(11), at)
    expect(5n * (m + r) < 12n * at.one.m).toBe(true)
    expect(10n * (m + r) > 23n * at.one.m).toBe(true)
  })

  for (const [name, activation] of Object.entries(activations))
    law(
      `${name}: slopes are at most 1, and differ by at most the bound of their slope times the distance`,
      [places, places, fc.constantFrom(-1, 0, 2.5)],
      (s, t, beta) => {
        const [one, slope, bend] = activation(exactly(s), exactly(beta), at)
        const [other, next] = activation(exactly(t), exactly(beta), at)
        const [dt, rounding] = [exactly(Math.abs(s - t)), 2n ** 16n]
        const apart = (a: Ball, b: Ball): bigint => (a.m > b.m ? a.m - b.m : b.m - a.m) - a.r - b.r
        return (
          size(slope) - 2n * slope.r <= at.one.m &&
          apart(slope, next) <= size(mul(bend, dt, at)) + rounding &&
          apart(one, other) <= size(dt) + rounding
        )
      }
    )

  it('lipSwish nearly attains 1: its slope is 0.99985 at ln 11, so that no smaller constant is claimed in vain', () => {
    const swish = activations['lipSwish'] as NonNullable<(typeof activations)[string]>
    // softplus of this beta is 1 to 16 digits, and ln 11 = 2.3979.
    const [, slope] = swish(exactly(2.3978952727983707), exactly(0.541324854612918), at)
    expect(within(slope, [0.9998, 0.9999], at)).toBe(true)
  })
})
