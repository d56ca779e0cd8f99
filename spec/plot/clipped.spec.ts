import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { clipped } from '../../src/plot/numbers/clipped.js'
import { law } from '../support/law.js'

describe('clipped', () => {
  test('cuts where the curve crosses', () => {
    const spike = clipped([0, 1])([0, 1, 2], [0, 100, 0])
    expect(spike.map(v => v.y)).toEqual([0, 1, null, 1, 0])
    expect(spike[1]?.x).toBeCloseTo(0.01, 12)
    expect(spike[3]?.x).toBeCloseTo(1.99, 12)
  })

  test('a jump from below to above keeps the part inside, and NaN breaks', () => {
    expect(clipped([0, 1])([0, 1], [-1, 2]).map(v => v.y)).toEqual([null, 0, 1, null])
    expect(clipped([0, 1])([0, 1, 2], [0.5, NaN, 0.5]).map(v => v.y)).toEqual([0.5, null, 0.5])
  })

  law('nothing is left outside, and what was inside stays', [fc.array(fc.double())], y => {
    const inside = clipped([-2, 3])(
      y.map((_, i) => i),
      y
    )
      .map(v => v.y)
      .filter(v => v !== null)
    expect(inside.every(v => v >= -2 && v <= 3)).toBe(true)
    expect(inside.length).toBeGreaterThanOrEqual(y.filter(v => v >= -2 && v <= 3).length)
  })
})
