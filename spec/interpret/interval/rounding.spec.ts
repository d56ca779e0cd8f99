import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  add,
  contains,
  div,
  type Interval,
  includes,
  interval,
  isNothing,
  mul,
  point,
  power,
  sqrt,
  sub
} from '../../../src/interpret/interval/interval.js'
import { addDown, addUp, down, normalised, powerOfTwo, up } from '../../../src/interpret/interval/rounding.js'
import { floatOfBits, nextAbove, scaledUp } from '../../support/exactFloats.js'
import { law } from '../../support/law.js'

const MAX = Number.MAX_VALUE
const tiny = Number.MIN_VALUE

/** Random bit patterns, and floats of few bits, near one another, at binade edges, and where arithmetic ends. */
const floats: fc.Arbitrary<number> = fc.oneof(
  fc
    .bigInt({ min: 0n, max: 2n ** 64n - 1n })
    .map(floatOfBits)
    .filter(Number.isFinite),
  fc.tuple(fc.integer({ min: -1000, max: 1000 }), fc.integer({ min: -60, max: 60 })).map(([m, k]) => m * powerOfTwo(k)),
  fc.integer({ min: -1074, max: 1023 }).map(k => nextAbove(-powerOfTwo(k))),
  fc.double({ min: -4, max: 4, noNaN: true }),
  fc.constantFrom(
    0,
    -0,
    1,
    -1,
    MAX,
    -MAX,
    tiny,
    -tiny,
    powerOfTwo(-1022),
    nextAbove(powerOfTwo(-1022)),
    powerOfTwo(1023)
  )
)

/** Whether lo <= q <= hi for the exact result q of an operation, which `compare` tells the sign of x - q of. */
const encloses = ({ lo, hi }: Interval, compare: (x: number) => bigint): boolean =>
  (lo === -Infinity || compare(lo) <= 0n) && (hi === Infinity || compare(hi) >= 0n)

/** 2^1074: a float times this is whole. */
const unit = 1074n

type Compare = (a: number, b: number) => (x: number) => bigint

/** Signs of x - (a op b), in whole numbers. */
const truths: Readonly<Record<'add' | 'sub' | 'mul' | 'div' | 'sqrt', Compare>> = {
  add: (a, b) => x => scaledUp(x) - scaledUp(a) - scaledUp(b),
  sub: (a, b) => x => scaledUp(x) - scaledUp(a) + scaledUp(b),
  mul: (a, b) => x => (scaledUp(x) << unit) - scaledUp(a) * scaledUp(b),
  div: (a, b) => x => (scaledUp(x) * scaledUp(b) - (scaledUp(a) << unit)) * (b > 0 ? 1n : -1n),
  sqrt: a => x => (x < 0 ? -1n : scaledUp(x) * scaledUp(x) - (scaledUp(Math.abs(a)) << unit))
}

const operations = {
  add,
  sub,
  mul,
  div: (a: Interval, b: Interval) => div(a, b),
  sqrt: (a: Interval) => sqrt(point(Math.abs(a.lo)))
} as const

const steps = (lo: number, hi: number): number => {
  let count = 0
  for (let x = lo; x < hi; x = nextAbove(x)) if (++count > 4) break
  return count
}

/** Where the exact error of an operation is a float, so that bounds are to be the tightest. */
const ordinary = (x: number): boolean => x === 0 || (Math.abs(x) > 1e-290 && Math.abs(x) < 1e290)

describe('law 53: the exact result of + - * / and square roots is enclosed', () => {
  law(
    'on 100,000 operations of random bit patterns, by neighbouring floats, or exactly',
    [floats, floats],
    (a, b) => {
      for (const name of ['add', 'sub', 'mul', 'div', 'sqrt'] as const) {
        if (name === 'div' && b === 0) continue
        const result = operations[name](point(a), point(b))
        const compare = truths[name](a, b)
        const where = `${name} of ${a} and ${b}: [${result.lo}, ${result.hi}]`
        if (!encloses(result, compare)) throw new Error(`${where} does not enclose`)
        const exact = Number.isFinite(result.lo) && compare(result.lo) === 0n
        const all = [a, name === 'sqrt' ? 1 : b, result.lo, result.hi].every(ordinary)
        if (steps(result.lo, result.hi) > (all ? (exact ? 0 : 1) : 4)) throw new Error(`${where} is too wide`)
      }
      return true
    },
    { cases: 20_000 }
  )

  law(
    'neighbours: up and down go to the next float, or at most one further',
    [floats],
    x => {
      const next = nextAbove(x)
      return next <= up(x) && up(x) <= nextAbove(next) && down(-x) === -up(x)
    },
    { cases: 20_000 }
  )

  law('a positive float is its fraction times a power of two', [floats], x => {
    if (x === 0) return true
    const { fraction, exponent } = normalised(Math.abs(x))
    const back =
      exponent < -1022 ? fraction * powerOfTwo(-1022) * powerOfTwo(exponent + 1022) : fraction * powerOfTwo(exponent)
    return fraction >= 1 && fraction < 2 && back === Math.abs(x)
  })

  const nested = fc.tuple(floats, floats, floats, floats).map(xs => {
    const [a, b, c, d] = [...xs].sort((x, y) => x - y) as [number, number, number, number]
    return { inner: interval(b, c), outer: interval(a, d) }
  })

  law(
    'isotone: what lies within gives what lies within, and the floats within are enclosed',
    [nested, nested, fc.integer({ min: -5, max: 7 })],
    (x, y, n) => {
      const pairs: readonly (readonly [Interval, Interval, Interval])[] = [
        [add(x.inner, y.inner), add(x.outer, y.outer), add(point(x.inner.lo), point(y.inner.hi))],
        [sub(x.inner, y.inner), sub(x.outer, y.outer), sub(point(x.inner.lo), point(y.inner.hi))],
        [mul(x.inner, y.inner), mul(x.outer, y.outer), mul(point(x.inner.lo), point(y.inner.hi))],
        [div(x.inner, y.inner), div(x.outer, y.outer), div(point(x.inner.lo), point(y.inner.hi))],
        [power(x.inner, n), power(x.outer, n), power(point(x.inner.lo), n)],
        [sqrt(x.inner), sqrt(x.outer), sqrt(point(x.inner.lo))]
      ]
      return pairs.every(
        ([inner, outer, within]) => isNothing(outer) || (includes(outer, inner) && includes(inner, within))
      )
    },
    { cases: 5000 }
  )

  law(
    'powers of small whole numbers are exact, odd ones of negative numbers too',
    [fc.integer({ min: -9, max: 9 }), fc.integer({ min: 0, max: 15 })],
    (x, n) => {
      const exact = Number(BigInt(x) ** BigInt(n))
      const { lo, hi } = power(point(x), n)
      return lo === exact && hi === exact
    }
  )
})

describe('the ends of arithmetic', () => {
  it.each([
    ['MAX + MAX', add(point(MAX), point(MAX)), MAX, Infinity],
    ['-MAX - MAX', sub(point(-MAX), point(MAX)), -Infinity, -MAX],
    ['MAX * 2', mul(point(MAX), point(2)), MAX, Infinity],
    ['the smallest float halved', mul(point(tiny), point(0.5)), 0, tiny],
    ['less than nothing', mul(point(tiny), point(-0.5)), -tiny, 0],
    ['the smallest float by 3', div(point(tiny), point(3)), 0, tiny],
    ['a cube on both sides of 0', power(interval(-2, 3), 3), -8, 27],
    ['a square on both sides of 0', power(interval(-2, 3), 2), 0, 9],
    ['the cube of a negative interval', power(interval(-3, -2), 3), -27, -8],
    ['the reciprocal of a negative cube', power(interval(-2, -1), -3), -1, -0.125],
    ['a number by an interval around 0', div(point(1), interval(-1, 1)), -Infinity, Infinity],
    ['infinity and a number', add(point(Infinity), point(1)), Infinity, Infinity]
  ])('%s', (_, result, lo, hi) => {
    expect(result.lo + 0).toBe(lo)
    expect(result.hi + 0).toBe(hi)
  })

  it('claims nothing where the result is undefined for some numbers', () => {
    const undefined_ = [
      sub(point(Infinity), point(Infinity)),
      add(interval(0, Infinity), interval(-Infinity, 0)),
      mul(point(0), point(Infinity)),
      mul(interval(-1, 1), interval(5, Infinity)),
      div(point(0), point(0)),
      div(interval(-1, 1), interval(0, 2)),
      div(point(Infinity), point(Infinity)),
      sqrt(interval(-1, 4)),
      add(point(Number.NaN), point(1)),
      mul(point(Number.NaN), point(0)),
      interval(2, 1)
    ]
    expect(undefined_.filter(x => !isNothing(x))).toEqual([])
    expect(contains(point(Number.NaN), Number.NaN)).toBe(false)
  })

  it('sees errors that vanish in a sum', () => {
    expect([addDown(1, tiny), addUp(1, tiny)]).toEqual([1, 1 + Number.EPSILON])
    expect([addDown(1, -tiny), addUp(1, -tiny)]).toEqual([1 - Number.EPSILON / 2, 1])
  })
})
