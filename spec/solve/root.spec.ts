import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { root } from '../../src/solve/root.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import { smoothOf } from '../net/support/nets.js'
import { law } from '../support/law.js'
import { bounded, certificate, distance, hasConverged, length, sizeOfExact } from './support/certificate.js'
import {
  constantOfProblem,
  found,
  type ProblemSample,
  problems,
  problemsAnd,
  residualOf,
  rootOf,
  solvers
} from './support/problems.js'

const certified = (problem: ProblemSample, z: ArrayLike<number>) =>
  certificate(residualOf(problem), z, constantOfProblem(problem))

/** A problem whose root is known: y is what z + g(z) comes to, up to `error`. */
const withKnownRoot = (problem: ProblemSample, z: readonly number[]) => {
  const { values, errors } = bounded(add(fromArray(z), smoothOf(problem.net).value(fromArray(z))))
  return { problem: { ...problem, y: [...values] }, off: length(errors) / (1 - constantOfProblem(problem)) }
}

const roomForRounding = 1 + 2 ** -40

describe('a root', () => {
  for (const [name, solver] of Object.entries(solvers))
    law(
      `is enclosed: |F| / (1 + c) <= |z - z*| <= |F| / (1 - c), for what ${name} finds and for any point`,
      [problemsAnd(2)],
      ([given, [exact = [], other = []]]) => {
        const { problem, off } = withKnownRoot(given, exact)
        return [found(rootOf(problem, { solver })).z, other].every(z => {
          const { radius, inner } = certified(problem, z)
          const apart = distance(z, exact)
          return apart <= (radius + off) * roomForRounding && inner <= (apart + off) * roomForRounding
        })
      }
    )

  for (const [name, solver] of Object.entries(solvers))
    law(
      `does not depend on the start of ${name}, up to the sum of the radii`,
      [problemsAnd(1)],
      ([problem, [start = []]]) => {
        const ends = [rootOf(problem, { solver }), rootOf(problem, { solver, start: fromArray(start) })].map(
          tensor => found(tensor).z
        )
        const [a, b] = ends as [Float64Array, Float64Array]
        return distance(a, b) <= (certified(problem, a).radius + certified(problem, b).radius) * roomForRounding
      }
    )

  law('does not depend on the solver, up to the sum of the radii', [problems()], problem => {
    const ends = Object.values(solvers).map(solver => found(rootOf(problem, { solver })).z)
    const balls = ends.map(z => ({ z, radius: certified(problem, z).radius }))
    return balls.every(a => balls.every(b => distance(a.z, b.z) <= (a.radius + b.radius) * roomForRounding))
  })

  for (const name of ['newton', 'broyden', 'broyden from the Jacobian'] as const)
    law(
      `is found by ${name} as well as rounding allows, from anywhere`,
      [problemsAnd(1)],
      ([problem, [start = []]]) => {
        const { z } = found(rootOf(problem, { solver: solvers[name], start: fromArray(start) }))
        return hasConverged(certified(problem, z), z)
      }
    )

  for (const [name, solver] of Object.entries(solvers))
    law(`of ${name} is never worse than its start`, [problemsAnd(1)], ([problem, [start = []]]) => {
      const end = found(rootOf(problem, { solver, start: fromArray(start), limit: 3 }))
      return length(end.residual) <= length(bounded(residualOf(problem)(fromArray(start))).values) * roomForRounding
    })

  for (const [name, solver] of Object.entries(solvers))
    law(
      `is reached by ${name} in as many steps as contraction by (1 + c) / 2 needs, a rejected trial counting for one more`,
      [problems({ wild: false }), fc.constantFrom(1e-3, 1e-6, 1e-9)],
      (problem, tolerance) => {
        const c = constantOfProblem(problem)
        const start = sizeOfExact(residualOf(problem)(fromArray(problem.y)))
        const shrinkings = Math.max(0, Math.log(tolerance / start.value) / Math.log((1 + c) / 2)) + 1
        const { iterations } = found(rootOf(problem, { solver, tolerance, limit: 20_000 }))
        return iterations <= (name === 'picard' ? shrinkings + 1 : 2 * shrinkings + 1)
      }
    )

  law('of a net that is 0 is y, to the bit, with no step', [problems({ constants: [0.5] })], problem => {
    const zero = {
      ...problem,
      net: {
        ...problem.net,
        activation: 'tanh' as const,
        weights: problem.net.weights.map(w => w.map(() => 0)),
        biases: problem.net.biases.map(b => b.map(() => 0))
      }
    }
    const { z, iterations } = found(rootOf(zero))
    return iterations === 0 && problem.y.every((y, i) => z[i] === y)
  })

  for (const [name, solver] of Object.entries(solvers))
    law(
      `of a problem that is not finite is never certified after ${name}`,
      [problems(), fc.constantFrom(Number.NaN, Infinity, -Infinity), fc.nat(4)],
      (problem, bad, at) => {
        const y = problem.y.map((x, i) => (i === at % problem.y.length ? bad : x))
        const broken = { ...problem, y }
        const { z, iterations } = found(rootOf(broken, { solver }))
        return iterations <= 500 && !hasConverged(certified(broken, z), z)
      }
    )

  it('needs a contraction below 1 and an F that keeps the shape', () => {
    const start = fromArray([1, 2])
    for (const contraction of [1, -0.1, Number.NaN, Infinity])
      expect(() => root(z => z, { start, contraction })).toThrow(/contraction must be in \[0, 1\)/)
    expect(() =>
      root(z => sub(add(z, 1), fromArray([[1], [2]].flat().concat(3))), { start, contraction: 0.5 })
    ).toThrow()
  })
})
