import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  cos,
  entire,
  exp,
  expm1,
  includes,
  interval,
  isNothing,
  log,
  log1p,
  nothing,
  point,
  sigmoid,
  sin,
  softplus,
  tanh
} from '../../../src/interpret/interval/interval.js'
import { nextAbove } from '../../support/exactFloats.js'
import { law } from '../../support/law.js'

const functions = { exp, expm1, log, log1p, sin, cos, tanh, sigmoid, softplus } as const
type Name = keyof typeof functions
const names = Object.keys(functions) as readonly Name[]

/** Points and the largest floats at or below the values there. */
type Vectors = Readonly<Record<Name, readonly (readonly [number, number])[]>>

const read = <T>(name: string): T =>
  JSON.parse(readFileSync(new URL(`../../support/vectors/${name}`, import.meta.url), 'utf8')) as T

const vectors = read<Vectors>('elementary.json')

/** Values that are floats: sin 0, ln 1 and their like; every other value lies between two floats. */
const isFloat = (name: Name, x: number): boolean => (x === 0 && name !== 'softplus') || (name === 'log' && x === 1)

const above = (name: Name, x: number, below: number): number => (isFloat(name, x) ? below : nextAbove(below))

const steps = (lo: number, hi: number): number => {
  let count = 0
  for (let x = lo; x < hi; x = nextAbove(x)) count++
  return count
}

describe('law 53: elementary functions against vectors computed with 2400 bits', () => {
  it.each(names)('%s encloses every value, by two floats but for few, by three but for subnormals', name => {
    const points = vectors[name].map(([x, below]) => ({ x, below, found: functions[name](point(x)) }))
    const escaped = points.filter(({ x, below, found }) => !(found.lo <= below && found.hi >= above(name, x, below)))
    expect(escaped).toEqual([])
    const finite = points.filter(({ found }) => found.hi < Infinity)
    const widths = finite.map(({ found }) => steps(found.lo, found.hi))
    expect(widths.filter(w => w > 1).length).toBeLessThan(points.length / 20)
    const normal = finite.filter(({ below }) => Math.abs(below) >= 2 ** -1019)
    expect(normal.filter(({ found }) => steps(found.lo, found.hi) > 2)).toEqual([])
    expect(points.length).toBeGreaterThan(1000)
  })
})

const floats = fc.oneof(
  fc.double({ min: -4, max: 4, noNaN: true }),
  fc.double({ min: -800, max: 800, noNaN: true }),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(0, 1, -1, 1e22, -1e300, Number.MAX_VALUE, Number.MIN_VALUE)
)
const nested = fc.tuple(floats, floats, floats, floats, floats).map(xs => xs.sort((x, y) => x - y))
const close = fc
  .tuple(
    fc.double({ min: -1e17, max: 1e17, noNaN: true }),
    fc.array(fc.double({ min: 0, max: 8, noNaN: true }), { minLength: 5, maxLength: 5 })
  )
  .map(([x, by]) => by.map(h => x + h).sort((a, b) => a - b))

describe('law 53: elementary functions of intervals', () => {
  for (const name of names)
    law(
      `${name} is isotone: what lies within gives what lies within, down to single floats`,
      [fc.oneof(nested, close)],
      xs => {
        const [a, b, x, c, d] = xs as [number, number, number, number, number]
        const [outer, inner, value] = [interval(a, d), interval(b, c), point(x)].map(functions[name])
        if (outer === undefined || inner === undefined || value === undefined) return false
        return isNothing(outer) || (includes(outer, inner) && includes(inner, value))
      },
      { cases: 1000 }
    )

  it.each([
    ['sin over a maximum', sin(interval(1, 2)), Math.sin(1), 1],
    ['sin over a minimum', sin(interval(4, 5)), -1, Math.sin(4)],
    ['sin between extrema', sin(interval(2, 4)), Math.sin(4), Math.sin(2)],
    ['sin of a period', sin(interval(100, 107)), -1, 1],
    ['cos around 0', cos(interval(-1, 2)), Math.cos(2), 1],
    ['cos over a minimum', cos(interval(3, 4)), -1, Math.cos(4)],
    ['cos from 0', cos(interval(0, 1)), Math.cos(1), 1],
    ['sin over a maximum far out', sin(interval(1e15, 1e15 + 1)), Math.sin(1e15 + 1), Math.sin(1e15)],
    ['exp of everything', exp(entire), 0, Infinity],
    ['sigmoid of everything', sigmoid(entire), 0, 1],
    ['tanh of everything', tanh(entire), -1, 1],
    ['softplus of everything', softplus(entire), 0, Infinity],
    ['expm1 of everything', expm1(entire), -1, Infinity],
    ['ln 0', log(point(0)), -Infinity, -Infinity],
    ['ln from 0', log(interval(0, 1)), -Infinity, 0],
    ['ln(1 - 1)', log1p(point(-1)), -Infinity, -Infinity]
  ])('%s', (_, found, lo, hi) => {
    const near = (x: number): unknown => (Number.isFinite(x) ? expect.closeTo(x, 14) : x)
    expect([found.lo, found.hi]).toEqual([near(lo), near(hi)])
  })

  it('claims nothing where the function is undefined for some numbers, or nothing is known', () => {
    const results = [
      log(interval(-1, 1)),
      log1p(interval(-2, 1)),
      sin(interval(0, Infinity)),
      cos(point(-Infinity)),
      ...names.map(name => functions[name](nothing))
    ]
    expect(results.filter(x => !isNothing(x))).toEqual([])
  })
})

/** Where npm interval-arithmetic 1.1.3 leaves out the value: the function, the point, the largest float at or below it. */
type KnownBad = readonly (readonly [name: Name, x: number, below: number])[]

describe('points where another library does not enclose', () => {
  const corpus = read<KnownBad>('knownBad.json')
  it.each(['sin', 'cos', 'tanh', 'exp'] as const)('%s: every one is enclosed here', name => {
    const points = corpus.filter(([other]) => other === name)
    expect(points.length).toBeGreaterThan(0)
    expect(
      points.filter(([, x, below]) => {
        const { lo, hi } = functions[name](point(x))
        return !(lo <= below && hi >= above(name, x, below))
      })
    ).toEqual([])
  })
})
