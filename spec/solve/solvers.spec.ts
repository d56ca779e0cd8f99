import { describe, expect, it } from 'vitest'
import { anderson } from '../../src/solve/anderson.js'
import { broyden } from '../../src/solve/broyden.js'
import { defaultSolver, eliminates } from '../../src/solve/defaultSolver.js'
import { limitedBroyden } from '../../src/solve/limitedBroyden.js'
import { newton } from '../../src/solve/newton.js'
import { newtonKrylov } from '../../src/solve/newtonKrylov.js'
import { picard } from '../../src/solve/picard.js'
import { safeguardedIteration } from '../../src/solve/safeguard.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { valuesOf } from './support/certificate.js'

const solvers = [picard, newton, broyden(), anderson(), limitedBroyden(), newtonKrylov()]

describe('solvers', () => {
  it('have the names that the command line and tables call them by', () => {
    expect(solvers.map(({ name }) => name)).toEqual([
      'picard',
      'newton',
      'broyden',
      'anderson',
      'limitedBroyden',
      'newtonKrylov'
    ])
  })

  it('are chosen by the number of unknowns: a matrix of them up to 8', () => {
    expect([1, 8, 9, 63].map(n => defaultSolver(n).name)).toEqual([
      'broyden',
      'broyden',
      'newtonKrylov',
      'newtonKrylov'
    ])
    expect([1, 8, 9, 63].map(eliminates)).toEqual([true, true, false, false])
  })

  const problem = {
    residual: (z: Tensor) => mul(1.25, z),
    slopes: (_: Tensor) => mul(1.25, fromArray([1, 0, 0, 1], [2, 2])),
    contraction: scalar(0.25)
  }
  const at = fromArray([1, 2])

  it("Broyden's first step is Picard's unless it is told to start from the Jacobian", () => {
    const first = (solver: ReturnType<typeof broyden>): number[] => {
      const f = problem.residual(at)
      return Array.from(valuesOf(solver.step(f, solver.init(problem, at, f))))
    }
    expect(first(broyden())).toEqual([-1.25, -2.5])
    expect(first(broyden({ start: 'identity' }))).toEqual([-1.25, -2.5])
    expect(first(broyden({ start: 'jacobian' }))).toEqual([-1, -2])
  })

  it("remember five differences in Anderson's method, or as many as there are unknowns", () => {
    const shapes = (n: number): unknown => {
      const z = fromArray(Array<number>(n).fill(1))
      return anderson()
        .init(problem, z, z)
        .map(({ shape }) => shape)
    }
    expect(shapes(7)).toEqual([
      [5, 7],
      [5, 7]
    ])
    expect(shapes(2)).toEqual([
      [2, 2],
      [2, 2]
    ])
  })

  it('name the states of their iteration, for listings', () => {
    const { names } = safeguardedIteration(picard, { tolerance: 1e-9, limit: 9 })(problem, at)
    expect(names).toEqual(['z', 'F', 'size', 'fallback', 'steps'])
  })
})
