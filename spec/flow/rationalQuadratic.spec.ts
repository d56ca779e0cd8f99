import { describe, expect, it } from 'vitest'
import { rationalQuadratic, splineParameters } from '../../src/flow/rationalQuadratic.js'

describe('splines', () => {
  it.each([1, 0, -3, 501, 2.5, Number.NaN])('refuse %d bins', bins => {
    expect(() => rationalQuadratic({ bins, bound: 1 })).toThrow(`rationalQuadratic: needs 2 to 500 bins, not ${bins}`)
  })

  it.each([0, -1, Infinity, Number.NaN])('refuse a bound of %d', bound => {
    expect(() => rationalQuadratic({ bins: 4, bound })).toThrow(
      `rationalQuadratic: the bound must be above 0, not ${bound}`
    )
  })

  it('take 2 to 500 bins and any positive bound', () => {
    for (const [bins, bound] of [
      [2, 1e-3],
      [500, 1e3],
      [8, 3]
    ] as const)
      expect(Object.keys(rationalQuadratic({ bins, bound }))).toEqual(['forward', 'inverse'])
  })

  it('have a width and a height a bin and a slope at each inner knot', () => {
    expect(splineParameters({ bins: 2, bound: 1 })).toBe(5)
    expect(splineParameters({ bins: 8, bound: 1 })).toBe(23)
  })
})
