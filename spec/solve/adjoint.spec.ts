import fc from 'fast-check'
import { describe } from 'vitest'
import { exactIntervals, type Intervals } from '../../src/interpret/interval/intervals.js'
import { reference } from '../../src/interpret/runningError/machine.js'
import { tangents } from '../../src/rewrite/derivatives.js'
import { adjointReport } from '../../src/solve/adjoint.js'
import { enclosures } from '../../src/solve/enclosures.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { input } from '../../src/tensor/primitives/input.js'
import { eye } from '../../src/tensor/primitives/oneHot.js'
import { reshape } from '../../src/tensor/primitives/reshape.js'
import { solve } from '../../src/tensor/primitives/solve.js'
import { constantOfNet, type NetSample, smoothOf } from '../net/support/nets.js'
import { law } from '../support/law.js'
import { distance, length, valuesOf } from './support/certificate.js'
import { problemsAnd } from './support/problems.js'

/** The exact adjoint of z + g(z), enclosed, and one that a float64 solve finds. */
const adjoints = (net: NetSample, z: readonly number[], v: readonly number[]) => {
  const d = z.length
  const at = input('z', [d])
  const slopes = add(eye(d), tangents(smoothOf(net).value)(at)[1])
  const right = fromArray(v, [d, 1])
  const [exact] = enclosures([at], [solve(slopes, right, { kind: 'general' })])([exactIntervals(z)]) as [Intervals]
  const near = add(eye(d), tangents(smoothOf(net).value)(fromArray(z))[1])
  return { exact, found: Array.from(valuesOf(reshape(solve(near, right), [d]))) }
}

/** The least and the largest distance of a point from the points of a box. */
const distances = (y: readonly number[], { lo, hi }: Intervals): readonly [number, number] => [
  length(y.map((yi, i) => Math.max((lo[i] as number) - yi, yi - (hi[i] as number), 0))),
  length(y.map((yi, i) => Math.max(Math.abs((lo[i] as number) - yi), Math.abs((hi[i] as number) - yi))))
]

const room = 1 + 2 ** -40

describe('the report of an adjoint', () => {
  law(
    'bounds its distance from the exact one, and by no more than (1 + c) / (1 - c) times as much',
    [problemsAnd(2, { smooth: true, wild: false, maxD: 4, maxWidth: 5 }), fc.constantFrom(0, 1e-14, 1e-9, 1e-3, 1)],
    ([problem, [v = [], direction = []]], size) => {
      const z = problem.y
      const { exact, found } = adjoints(problem.net, z, v)
      const y = found.map((yi, i) => yi + size * (direction[i] as number))
      const c = constantOfNet(problem.net)
      const [bound, rounding] = ((report): readonly number[] => [
        valuesOf(report.errorBound)[0] as number,
        valuesOf(report.rounding)[0] as number
      ])(
        adjointReport(reference, x => add(x, smoothOf(problem.net).value(x)), {
          z: fromArray(z),
          cotangent: fromArray(v),
          adjoint: fromArray(y),
          contraction: scalar(c)
        })
      ) as [number, number]
      const [least, most] = distances(y, exact)
      return least <= bound * room && bound * (1 - c) <= ((1 + c) * most + 2 * rounding) * room
    }
  )

  law(
    'sees what solves the system of J where that of J transposed is asked for',
    [problemsAnd(1, { smooth: true, wild: false, maxD: 4, maxWidth: 5, constants: [0.9] })],
    ([problem, [v = []]]) => {
      const z = problem.y
      const d = z.length
      const { exact } = adjoints(problem.net, z, v)
      const near = add(eye(d), tangents(smoothOf(problem.net).value)(fromArray(z))[1])
      const wrong = Array.from(valuesOf(reshape(solve(near, fromArray(v, [d, 1]), { transpose: true }), [d])))
      const { residual, rounding } = adjointReport(reference, x => add(x, smoothOf(problem.net).value(x)), {
        z: fromArray(z),
        cotangent: fromArray(v),
        adjoint: fromArray(wrong),
        contraction: scalar(0.9)
      })
      const [away] = distances(wrong, exact)
      const [r, e] = [valuesOf(residual)[0] as number, valuesOf(rounding)[0] as number]
      return (r + e) * room >= 0.1 * away && (away === 0 || distance([r], [0]) > 0)
    }
  )
})
