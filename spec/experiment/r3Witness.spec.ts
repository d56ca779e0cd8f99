import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { constantSquared, gaussian, r3Factors, r3Path, timesGaussian } from '../../src/experiment/r3Witness.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import { half } from '../flow/support/blocks.js'
import { constantOfNet, nets, points } from '../net/support/nets.js'
import { bounded, length } from '../solve/support/certificate.js'
import { law } from '../support/law.js'

const whole = fc.bigInt(-(10n ** 20n), 10n ** 20n)
const complex = fc.tuple(whole, whole, fc.bigInt(1n, 10n ** 20n)).map(parts => gaussian(...parts))

/** <h(x) - h(y), v>, from below and from above. */
const along = (h: Parameters<typeof half>[0], x: readonly number[], y: readonly number[], v: readonly number[]) => {
  const { values, errors } = bounded(sum(mul(sub(half(h, fromArray(x)), half(h, fromArray(y))), fromArray(v))))
  const [value, error] = [values[0] as number, errors[0] as number]
  return [value - error, value + error] as const
}

describe('three residual blocks of the plane', () => {
  it('are contractions away from the identity: |w - 1|^2 = 4/5 for each', () => {
    expect(r3Factors.map(constantSquared).every(([n, over]) => 5n * n === 4n * over)).toBe(true)
  })

  law('turn every point to -1/5 of it, exactly', [complex], x => {
    const end = r3Path(x).at(-1)
    return fc.stringify(end) === fc.stringify(timesGaussian(gaussian(-1n, 0n, 5n), x))
  })

  law(
    'cannot be one ImpFlow block: after them any half of a block points against v, and before them along it',
    [nets(2), nets(2), points(2, { wild: false })],
    (f1, f2, v) => {
      const size = length(v)
      if (size === 0) return true
      const turned = v.map(vi => -vi / 5)
      const [lower] = along(f1, v, [0, 0], v)
      const [, upper] = along(f2, turned, [0, 0], v)
      const room = (1 - 2 ** -40) * size ** 2
      const [c1, c2] = [constantOfNet(f1), constantOfNet(f2)]
      const slack = 2 ** -48 * (size + 1) ** 2 * 64
      return lower >= (1 - c1) * room - slack && upper <= (-(1 - c2) * room) / 5 + slack
    }
  )
})

describe('residual blocks of the line', () => {
  law(
    'are increasing, one after another, so that any number of them is one ImpFlow block',
    [
      fc.array(nets(1, { constants: [0.1, 0.5, 0.9] }), { minLength: 1, maxLength: 4 }),
      points(1, { wild: false }),
      points(1, { wild: false })
    ],
    (stack, [a = 0], [b = 0]) => {
      if (a === b) return true
      const [low, high] = [Math.min(a, b), Math.max(a, b)]
      const end = (x: number) => bounded(stack.reduce((y, g) => half(g, y), fromArray([x])))
      const [from, to] = [end(low), end(high)]
      const least = stack.reduce((slope, g) => slope * (1 - constantOfNet(g)), high - low)
      const rise = (to.values[0] as number) - (from.values[0] as number)
      const error = (to.errors[0] as number) + (from.errors[0] as number)
      return rise + error >= least * (1 - 2 ** -40)
    }
  )
})

describe('complex numbers with rational parts', () => {
  law('are in lowest terms over a positive number', [whole, whole, whole.filter(n => n !== 0n)], (re, im, over) => {
    const number = gaussian(re, im, over)
    return number.over > 0n && number.re * over === re * number.over && number.im * over === im * number.over
  })
})
