import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { contains, width } from '../../src/interpret/interval/interval.js'
import { exactIntervals, type Intervals, intervalAt, intervalsAround } from '../../src/interpret/interval/intervals.js'
import { grad, jacobian } from '../../src/rewrite/derivatives.js'
import { vectorize } from '../../src/rewrite/vectorize.js'
import { enclosures } from '../../src/solve/enclosures.js'
import { newton } from '../../src/solve/newton.js'
import { picard } from '../../src/solve/picard.js'
import { root } from '../../src/solve/root.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { input } from '../../src/tensor/primitives/input.js'
import { logAbsDet } from '../../src/tensor/primitives/logAbsDet.js'
import { matmul } from '../../src/tensor/primitives/matmul.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { reshape } from '../../src/tensor/primitives/reshape.js'
import { sin } from '../../src/tensor/primitives/sin.js'
import { stopGradient } from '../../src/tensor/primitives/stopGradient.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import { tanh } from '../../src/tensor/primitives/tanh.js'
import { range } from '../../src/tensor/shape.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { fromNumber, solved } from '../support/fraction.js'
import { law } from '../support/law.js'

/** z + W z = x. */
const linearRoot =
  (w: Tensor) =>
  (x: Tensor): Tensor => {
    const n = x.shape[0] as number
    return root(z => sub(add(z, reshape(matmul(w, reshape(z, [n, 1])), [n])), x), { start: x, contraction: 0.75 })
  }

/** z + sin(z) / 2 = x. */
const sineRoot = (x: Tensor): Tensor =>
  root(z => sub(add(z, mul(0.5, sin(z))), x), { start: scalar(0), contraction: 0.5 })

const n = 3
/** Entries of W in steps of 1/64, of row sums of |W| and column sums below 3/4; whole z. */
const linear = fc.tuple(
  fc.array(fc.integer({ min: -15, max: 15 }), { minLength: n * n, maxLength: n * n }),
  fc.array(fc.integer({ min: -50, max: 50 }), { minLength: n, maxLength: n })
)

const widest = (x: Intervals): number => Math.max(...x.lo.map((_, i) => width(intervalAt(x, i))))

describe('roots are enclosed', () => {
  law('the exact root of a linear equation, tightly', [linear], ([entries, z]) => {
    const w = entries.map(m => m / 64)
    const x = z.map(
      (value, i) => value + range(n).reduce((total, j) => total + (w[i * n + j] as number) * (z[j] as number), 0)
    )
    const [found] = enclosures([], [linearRoot(fromArray(w, [n, n]))(fromArray(x))])([]) as [Intervals]
    return z.every((value, i) => contains(intervalAt(found, i), value)) && widest(found) < 1e-12
  })

  law(
    'the root of a monotone function: its values at the ends have both signs',
    [fc.double({ min: -40, max: 40, noNaN: true })],
    at => {
      const [x, z] = [input('x', []), input('z', [])]
      const f = enclosures([z, x], [sub(add(z, mul(0.5, sin(z))), x)])
      const [found] = enclosures([x], [sineRoot(x)])([exactIntervals([at], [])]) as [Intervals]
      const [below, above] = [found.lo, found.hi].map(
        ends => f([exactIntervals(ends, []), exactIntervals([at], [])])[0] as Intervals
      )
      const relative = (found.hi[0] as number) - (found.lo[0] as number)
      return (below?.lo[0] as number) <= 0 && (above?.hi[0] as number) >= 0 && relative <= 1e-14 * (1 + Math.abs(at))
    }
  )

  law(
    'those of a box of arguments have those of the arguments in it',
    [
      linear,
      fc.integer({ min: -40, max: -2 }),
      fc.array(fc.integer({ min: -8, max: 8 }), { minLength: n, maxLength: n })
    ],
    ([entries, x], k, parts) => {
      const w = fromArray(
        entries.map(m => m / 64),
        [n, n]
      )
      const y = input('x', [n])
      const f = (v: Tensor): Tensor => {
        const u = linearRoot(w)(v)
        return add(u, tanh(u))
      }
      const run = enclosures(
        [y],
        [f(y), logAbsDet(jacobian(f)(y)), grad((v: Tensor) => sum(mul(f(v), f(v))))(y) as Tensor]
      )
      const outer = run([intervalsAround(x, 2 ** k)])
      const inner = run([exactIntervals(x.map((value, i) => value + (parts[i] as number) * 2 ** (k - 3)))])
      return outer.every((whole, output) =>
        whole.lo.every((lo, i) => {
          const part = intervalAt(inner[output] as Intervals, i)
          return part.lo <= (whole.hi[i] as number) && lo <= part.hi
        })
      )
    },
    { cases: 30 }
  )

  law(
    'of a box of arguments of a linear equation, the hull of those of its corners',
    [linear, fc.integer({ min: 1, max: 20 })],
    ([entries, z], k) => {
      const w = entries.map(m => m / 64)
      const half = 2 ** -k
      const imageOf = (at: readonly number[]): readonly number[] =>
        at.map((value, i) => value + range(n).reduce((sum, j) => sum + (w[i * n + j] as number) * (at[j] as number), 0))
      const y = input('y', [n])
      const [found] = enclosures([y], [linearRoot(fromArray(w, [n, n]))(y)])([intervalsAround(imageOf(z), half)]) as [
        Intervals
      ]
      const matrix = range(n).map(i => range(n).map(j => fromNumber((i === j ? 1 : 0) + (w[i * n + j] as number))))
      const inverse = range(n).map(j =>
        solved(
          matrix,
          range(n).map(i => fromNumber(i === j ? 1 : 0))
        ).map(({ numerator, denominator }) => Number(numerator) / Number(denominator))
      )
      // The corner of arguments whose root is furthest along axis i: half the sum of |J^-1| over row i away.
      return range(n).every(i => {
        const reach =
          half * range(n).reduce((sum, j) => sum + Math.abs((inverse[j] as readonly number[])[i] as number), 0)
        const { lo, hi } = intervalAt(found, i)
        const ends = [-1, 1].map(sign => (z[i] as number) + sign * reach * (1 - 2 ** -30))
        return ends.every(end => lo <= end && end <= hi) && hi - lo <= 2 * reach * (1 + 2 ** -20)
      })
    }
  )

  it('of what hides a slope of F: the residual alone bounds it', () => {
    const y = input('y', [2])
    const hidden = (x: Tensor): Tensor =>
      root(z => sub(sub(z, stopGradient(mul(0.5, z))), add(x, mul(0, z))), {
        start: x,
        contraction: 0.5,
        solver: picard
      })
    const [found] = enclosures([y], [hidden(y)])([intervalsAround([1, -3], 0.25)]) as [Intervals]
    for (const [i, x] of [1, -3].entries())
      for (const end of [-0.25, 0.25]) expect(contains(intervalAt(found, i), 2 * (x + end))).toBe(true)
  })

  it('the same ones whatever the solver, along either axis of rows', () => {
    const xs = fromArray([1, -2, 30, 0.5])
    const bySolver = [newton, picard].map(
      solver =>
        (x: Tensor): Tensor =>
          root(z => sub(add(z, mul(0.5, sin(z))), x), { start: scalar(0), contraction: 0.5, solver })
    )
    const single = (x: number): Intervals => enclosures([], [sineRoot(scalar(x))])([])[0] as Intervals
    for (const f of [sineRoot, ...bySolver])
      for (const side of ['first', 'last'] as const) {
        const [found] = enclosures([], [vectorize(f, { side })(xs)])([]) as [Intervals]
        ;[1, -2, 30, 0.5].forEach((x, i) => {
          const [one, row] = [intervalAt(single(x), 0), intervalAt(found, i)]
          expect(row.lo <= one.hi && one.lo <= row.hi).toBe(true)
        })
        expect(widest(found)).toBeLessThan(2e-14)
      }
  })

  it('claims nothing where the contraction is not below 1, or the argument is nothing', () => {
    const [c, x] = [input('c', []), input('x', [])]
    const run = enclosures([c, x], [root(z => sub(add(z, mul(0.5, sin(z))), x), { start: scalar(0), contraction: c })])
    const at = (contraction: number, value: number): number =>
      run([exactIntervals([contraction], []), exactIntervals([value], [])])[0]?.lo[0] as number
    expect(at(0.5, 1)).toBeCloseTo(0.684, 3)
    expect(at(1, 1)).toBeNaN()
    expect(at(1.5, 1)).toBeNaN()
    expect(at(Number.NaN, 1)).toBeNaN()
    expect(at(0.5, Number.NaN)).toBeNaN()
  })

  it('a root that the solver has not found yet is enclosed all the same', () => {
    const hasty = root(z => sub(add(z, mul(0.9, sin(z))), 3), {
      start: scalar(0),
      contraction: 0.9,
      limit: 2,
      solver: picard
    })
    const exact = root(z => sub(add(z, mul(0.9, sin(z))), 3), { start: scalar(0), contraction: 0.9 })
    const [a, b] = enclosures([], [hasty, exact])([]) as [Intervals, Intervals]
    expect(a.lo[0]).toBeLessThanOrEqual(b.lo[0] as number)
    expect(a.hi[0]).toBeGreaterThanOrEqual(b.hi[0] as number)
  })
})
