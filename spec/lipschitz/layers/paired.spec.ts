import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { add, div, mul, point, power, sqrt, sub } from '../../../src/interpret/interval/interval.js'
import { clipSwishBound, maxMin } from '../../../src/lipschitz/layers/paired.js'
import { provedSlope } from '../../../src/lipschitz/provedSlope.js'
import { fromArray } from '../../../src/tensor/constructors.js'
import { valuesOf } from '../../solve/support/certificate.js'
import { law } from '../../support/law.js'

const whole = (n: number): fc.Arbitrary<readonly number[]> =>
  fc.array(fc.integer({ min: -100, max: 100 }), { minLength: n, maxLength: n })

const pairs = fc.integer({ min: 1, max: 4 }).chain(k => fc.tuple(whole(2 * k), whole(2 * k)))

const sorted = (x: readonly number[]): readonly number[] => Array.from(valuesOf(maxMin.net([]).value(fromArray(x))))

const squared = (x: readonly number[], y: readonly number[]): number =>
  x.reduce((sum, xi, i) => sum + (xi - (y[i] as number)) ** 2, 0)

describe('maxMin', () => {
  law('brings no two whole vectors further apart, exactly', [pairs], ([x, y]) => {
    return squared(sorted(x), sorted(y)) <= squared(x, y)
  })

  law('keeps the entries of every pair, the larger one first', [pairs], ([x]) => {
    const [y, k] = [sorted(x), x.length / 2]
    return x.slice(0, k).every((a, i) => {
      const b = x[k + i] as number
      return y[i] === Math.max(a, b) && y[k + i] === Math.min(a, b)
    })
  })

  it('needs pairs', () => {
    expect(() => maxMin.net([]).value(fromArray([1, 2, 3]))).toThrow(/3 entries has an entry without a partner/)
  })

  it('has the constant 1, by its lemma', () => {
    expect(valuesOf(maxMin.bound([]))[0]).toBe(1)
    expect(sorted([1, 5, 4, 2])).toEqual([4, 5, 1, 2])
  })
})

describe('clipSwish', () => {
  it('has the bound that the slope of lipSwish proves, and none that is much larger', () => {
    const q = sub(mul(point(provedSlope('lipSwish')), mul(point(11), div(point(1), point(10)))), point(0.5))
    const steepest = sqrt(add(point(0.5), mul(point(2), power(q, 2))))
    const proved = div(steepest, mul(div(point(11), point(10)), point(1.004)))
    expect(proved.hi).toBeLessThanOrEqual(clipSwishBound)
    expect(clipSwishBound - proved.lo).toBeLessThan(1e-6)
  })
})
