import fc from 'fast-check'
import { describe } from 'vitest'
import { law } from '../support/law.js'

/** x 2^1074, a whole number for every finite float64. */
const scaled = (x: number): bigint => {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, Math.abs(x))
  const bits = view.getBigUint64(0)
  const [exponent, fraction] = [bits >> 52n, bits & ((1n << 52n) - 1n)]
  const size = exponent === 0n ? fraction : (fraction | (1n << 52n)) << (exponent - 1n)
  return x < 0 ? -size : size
}

/** The neighbours of a finite float64 other than the largest. */
const neighbours = (x: number): readonly [number, number] => {
  const view = new DataView(new ArrayBuffer(8))
  const moved = (size: number, by: bigint): number => {
    view.setFloat64(0, size)
    view.setBigUint64(0, view.getBigUint64(0) + by)
    return view.getFloat64(0)
  }
  if (x === 0) return [-(2 ** -1074), 2 ** -1074]
  const [inner, outer] = [moved(Math.abs(x), -1n), moved(Math.abs(x), 1n)]
  return x > 0 ? [inner, outer] : [-outer, -inner]
}

const distance = (a: bigint, b: bigint): bigint => (a < b ? b - a : a - b)
const one = scaled(1)

/** Whether a computed result is nearer to the exact one than its neighbours: distances are computed from r, exactly. */
const isNearest = (computed: number, off: (candidate: bigint) => bigint): boolean => {
  fc.pre(Math.abs(computed) < Number.MAX_VALUE)
  return neighbours(computed).every(other => off(scaled(computed)) <= off(scaled(other)))
}

/** Any finite float64: ordinary ones, subnormal ones, ends of binades. */
const floats = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc
    .tuple(fc.integer({ min: -(2 ** 53), max: 2 ** 53 }), fc.integer({ min: -1074, max: 400 }))
    .map(([m, e]) => m * 2 ** e),
  fc.tuple(fc.constantFrom(1, -1), fc.integer({ min: -1074, max: 500 })).map(([sign, e]) => sign * 2 ** e)
)
const pairs: [typeof floats, typeof floats] = [floats, floats]

describe('arithmetic gives the float64 nearest to the exact result', () => {
  law('in sums and differences', pairs, (x, y) => {
    const [a, b] = [scaled(x), scaled(y)]
    return isNearest(x + y, r => distance(a + b, r)) && isNearest(x - y, r => distance(a - b, r))
  })

  law('in products', pairs, (x, y) => isNearest(x * y, r => distance(scaled(x) * scaled(y), r * one)))

  law('in quotients', pairs, (x, y) => {
    fc.pre(y !== 0)
    return isNearest(x / y, r => distance(scaled(x) * one, r * scaled(y)))
  })

  law('in square roots', [floats], x => {
    const [size, root] = [scaled(Math.abs(x)), Math.sqrt(Math.abs(x))]
    fc.pre(x !== 0)
    const [below, above] = neighbours(root).map(other => scaled(other) + scaled(root)) as [bigint, bigint]
    return below ** 2n <= 4n * size * one && 4n * size * one <= above ** 2n
  })
})
