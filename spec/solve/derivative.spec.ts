import { describe, expect, it } from 'vitest'
import { grad, jacobian, tangents } from '../../src/rewrite/derivatives.js'
import { root } from '../../src/solve/root.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { eye } from '../../src/tensor/primitives/oneHot.js'
import { transposed } from '../../src/tensor/primitives/permute.js'
import { solve } from '../../src/tensor/primitives/solve.js'
import { stopGradient } from '../../src/tensor/primitives/stopGradient.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { smoothOf } from '../net/support/nets.js'
import { law } from '../support/law.js'
import { bounded, boundedAll, certificate, distance, near, numbers, rootsOff, valuesOf } from './support/certificate.js'
import { constantOfProblem, type ProblemSample, problemsAnd, residualOf, solvers } from './support/problems.js'

const smoothly = { smooth: true, wild: false, maxD: 3, maxWidth: 5, constants: [0.1, 0.5, 0.9, 0.97] } as const

/** The root as a function of y, with some way to find it. */
const solving =
  (
    problem: ProblemSample,
    options: { readonly solver?: (typeof solvers)['newton']; readonly start?: Tensor; readonly fused?: boolean }
  ) =>
  (y: Tensor): Tensor => {
    const g = smoothOf(problem.net)
    const { fused = false, start = y, solver = solvers.newton } = options
    return root(z => sub(add(z, g.value(z)), y), {
      start,
      solver,
      contraction: constantOfProblem(problem),
      tolerance: 1e-15,
      ...(fused ? { slopes: (z: Tensor) => add(eye(problem.y.length), g.tangents(z)[1]) } : {})
    })
  }

const radiusOf = (problem: ProblemSample, z: ArrayLike<number>): number =>
  certificate(residualOf(problem), z, constantOfProblem(problem)).radius

describe('the derivative of a root', () => {
  for (const [name, solver] of Object.entries(solvers))
    law(
      `by ${name} is that of the implicit function theorem, whatever the start`,
      [problemsAnd(1, smoothly)],
      ([problem, [start = []]]) => {
        const f = solving(problem, { solver, start: fromArray(start) })
        const y = fromArray(problem.y)
        const z = valuesOf(f(y))
        const at = fromArray(z)
        const radius = radiusOf(problem, z)
        const slopes = add(eye(problem.y.length), transposed(tangents(smoothOf(problem.net).value)(at)[1]))
        const expected = bounded(solve(slopes, eye(problem.y.length), { kind: 'general' }), new Map([[at, radius]]))
        const found = jacobian(f)(y)
        return near(expected, bounded(found, rootsOff([found], radius)))
      }
    )

  it('uses the slopes that are given: twice as steep ones halve it', () => {
    const x = fromArray([1, -2])
    const doubled = (y: Tensor): Tensor =>
      root(z => sub(add(z, mul(0.5, z)), y), {
        start: y,
        contraction: 0.5,
        solver: solvers.picard,
        slopes: () => mul(3, eye(2))
      })
    const third = 1 / 3
    expect(valuesOf(jacobian(doubled)(x)).map(Math.abs)).toEqual(Float64Array.of(third, 0, 0, third))
  })

  it('is zero where F has what it depends on behind a stopped gradient, and by the start', () => {
    const stopped = (y: Tensor): Tensor =>
      root(z => sub(add(z, mul(0.5, z)), stopGradient(y)), { start: fromArray([0, 0]), contraction: 0.5 })
    const started = (y: Tensor): Tensor => root(z => mul(1.5, z), { start: y, contraction: 0.5 })
    for (const f of [stopped, started])
      expect(Array.from(valuesOf(jacobian(f)(fromArray([1, -2]))), Math.abs)).toEqual([0, 0, 0, 0])
  })

  law(
    'is the same where the slopes are given instead of differentiated, and so is the root',
    [problemsAnd(1, smoothly)],
    ([problem, [weights = []]]) => {
      const y = fromArray(problem.y)
      const [plain, fused] = [false, true].map(way => {
        const f = solving(problem, { fused: way })
        const z = valuesOf(f(y))
        const radius = radiusOf(problem, z)
        const gradient = grad((at: Tensor) => sum(mul(f(at), fromArray(weights))))(y)
        return { z, radius, gradient: bounded(gradient, rootsOff([gradient], radius)) }
      }) as [
        { z: Float64Array; radius: number; gradient: ReturnType<typeof bounded> },
        { z: Float64Array; radius: number; gradient: ReturnType<typeof bounded> }
      ]
      return (
        distance(plain.z, fused.z) <= (plain.radius + fused.radius) * (1 + 2 ** -40) &&
        near(plain.gradient, fused.gradient)
      )
    }
  )

  it('does not involve the start: its derivative in it is 0, to the bit', () => {
    const f = (start: Tensor): Tensor =>
      sum(root(z => sub(add(z, mul(0.5, z)), fromArray([3])), { start, contraction: 0.5 }))
    expect(numbers(grad(f)(fromArray([7])))[0]?.[0]).toBe(0)
    expect(boundedAll([f(fromArray([7]))])[0]?.values[0]).toBeCloseTo(2, 13)
  })
})
