import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bits } from '../../src/random/bits.js'
import { foldIn, fromSeed, split, threefry2x32, toWords } from '../../src/random/key.js'
import { anyKey } from './arbitraries.js'

const word = fc.integer({ min: 0, max: 0xffffffff })

describe('threefry2x32', () => {
  it('gives the known answers of Random123', () => {
    expect(threefry2x32([0, 0], [0, 0])).toEqual([0x6b200159, 0x99ba4efe])
    expect(threefry2x32([0xffffffff, 0xffffffff], [0xffffffff, 0xffffffff])).toEqual([0x1cb996fc, 0xbb002be7])
    expect(threefry2x32([0x13198a2e, 0x03707344], [0x243f6a88, 0x85a308d3])).toEqual([0xc4923a9c, 0x483df7a0])
  })

  it('returns uint32 words and is injective in the counter', () =>
    fc.assert(
      fc.property(anyKey, fc.tuple(word, word), fc.tuple(word, word), (key, a, b) => {
        const [x, y] = [threefry2x32(key, a), threefry2x32(key, b)]
        const same = a[0] === b[0] && a[1] === b[1]
        expect(x.every(w => Number.isInteger(w) && w >= 0 && w <= 0xffffffff)).toBe(true)
        expect(x[0] === y[0] && x[1] === y[1]).toBe(same)
      })
    ))
})

describe('keys', () => {
  it('agree with the values printed in the documentation of jax.random', () => {
    const float32Uniform = ([high, low]: readonly [number, number]): number => ((high ^ low) >>> 9) * 2 ** -23
    const key = fromSeed(0)
    const drawOf = (k: readonly [number, number]): number => float32Uniform(threefry2x32(k, [0, 0]))
    expect(drawOf(key)).toBeCloseTo(0.947667, 6)
    expect(drawOf(split(key)[1])).toBeCloseTo(0.00729382, 8)
  })

  it('take seeds apart into two words and refuse others', () => {
    expect(fromSeed(7)).toEqual([0, 7])
    expect(fromSeed(2 ** 53 - 1)).toEqual([0x1fffff, 0xffffffff])
    for (const seed of [-1, 0.5, 2 ** 53, Number.NaN])
      expect(() => fromSeed(seed)).toThrow(/whole number from 0 to 2\^53/)
  })

  it('toWords is the high and the low half', () =>
    fc.assert(
      fc.property(fc.maxSafeNat(), n => {
        const [high, low] = toWords(n)
        expect(high * 2 ** 32 + low).toBe(n)
      })
    ))

  it('split gives distinct children, the same for every length, and child i is foldIn i', () =>
    fc.assert(
      fc.property(anyKey, fc.integer({ min: 1, max: 50 }), (key, n) => {
        const children = split(key, n as number)
        expect(new Set([key, ...children].map(String)).size).toBe(n + 1)
        expect(split(key, n + 3).slice(0, n)).toEqual(children)
        expect(children).toEqual(children.map((_, i) => foldIn(key, i)))
      })
    ))

  it('have children whose streams share no block', () =>
    fc.assert(
      fc.property(anyKey, key => {
        const blocks = split(key, 4).flatMap(child => {
          const words = bits(child)(200)
          return Array.from({ length: 200 }, (_, i) => `${words[2 * i]},${words[2 * i + 1]}`)
        })
        expect(new Set(blocks).size).toBe(800)
      }),
      { numRuns: 20 }
    ))
})
