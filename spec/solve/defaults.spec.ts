import { describe, expect, it } from 'vitest'
import { reference } from '../../src/interpret/runningError/machine.js'
import { grad, jvp } from '../../src/rewrite/derivatives.js'
import { vectorize, vectorizeOver } from '../../src/rewrite/vectorize.js'
import { anderson } from '../../src/solve/anderson.js'
import { broyden } from '../../src/solve/broyden.js'
import { defaultSolver, eliminates } from '../../src/solve/defaultSolver.js'
import { limitedBroyden } from '../../src/solve/limitedBroyden.js'
import { linearRootsOf } from '../../src/solve/linearRoot.js'
import { newton } from '../../src/solve/newton.js'
import { newtonKrylov } from '../../src/solve/newtonKrylov.js'
import { picard } from '../../src/solve/picard.js'
import { reportOf, withinTolerance } from '../../src/solve/report.js'
import { isRoot, type RootNode, type RootOptions, root, rootsOf, startedAt } from '../../src/solve/root.js'
import { safeguardedIteration } from '../../src/solve/safeguard.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sin } from '../../src/tensor/primitives/sin.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { valuesOf } from './support/certificate.js'

const solvers = [picard, newton, broyden(), anderson(), limitedBroyden(), newtonKrylov()]

/** z + sin(z) / 2 = y. */
const rootOfSine = (y: Tensor, options: Partial<RootOptions> = {}): RootNode => {
  const node = root(z => sub(add(z, mul(0.5, sin(z))), y), { start: y, contraction: 0.5, ...options })
  if (!isRoot(node)) throw new Error('not a root')
  return node
}

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

describe('a root as a node', () => {
  it('is found among what outputs depend on, in the order of computation', () => {
    const inner = rootOfSine(fromArray([1]))
    const outer = rootOfSine(inner)
    expect(rootsOf([add(outer, 1), sum(inner)])).toEqual([inner, outer])
    expect(rootsOf([fromArray([1])])).toEqual([])
    const moved = startedAt(outer, fromArray([-3]))
    expect(moved.primitive).toBe(outer.primitive)
    expect(valuesOf(moved)[0]).toBeCloseTo(valuesOf(outer)[0] as number, 12)
  })

  it('is no linear map', () => {
    const node = rootOfSine(fromArray([1]))
    expect(() => node.primitive.transpose(node, fromArray([1]), 0)).toThrow('root is not linear')
  })

  it('tells which samples are within the tolerance, as its report does where rounding does not matter', () => {
    const targets = fromArray([0, 2, -1], [3, 1])
    const found = (options: Partial<RootOptions>): RootNode => {
      const node = vectorize((y: Tensor) => rootOfSine(y, options))(targets)
      if (!isRoot(node)) throw new Error('not a root')
      return node
    }
    const all = found({ solver: newton, tolerance: 1e-9 })
    expect(Array.from(valuesOf(withinTolerance(all)))).toEqual([1, 1, 1])
    // 0 is the root of the first sample, and where it starts; the others would need more than a step.
    const some = found({ solver: picard, tolerance: 1e-9, limit: 1 })
    expect(Array.from(valuesOf(withinTolerance(some)))).toEqual([1, 0, 0])
    expect(Array.from(valuesOf(reportOf(reference, some).converged))).toEqual([1, 0, 0])
    // Within the tolerance is measured against 1 + |z|.
    const loose = found({ solver: picard, tolerance: 1, limit: 1 })
    expect(Array.from(valuesOf(withinTolerance(loose)))).toEqual([1, 1, 1])
  })
})

describe('rows of linear systems behind derivatives', () => {
  const n = 9
  const target = (k: number): number[] => Array.from({ length: n }, (_, i) => Math.sin(3 * i + k))
  /** z + W sin(z) / 2 = y of many unknowns, w a number each row or all rows have. */
  const solution = (w: Tensor, y: Tensor): Tensor =>
    root(z => sub(add(z, mul(mul(0.5, w), sin(z))), y), { start: y, contraction: 0.5 })
  const rows = fromArray([...target(0), ...target(1)], [2, n])
  const each = fromArray([0.3, 0.8])

  it('differ where a captured number does, and are shared where it is', () => {
    const own = (w: Tensor): Tensor =>
      sum(
        vectorizeOver((v, y) => [solution(v as Tensor, y as Tensor)], [w, rows], [true, true], 2, 'first')[0] as Tensor
      )
    const one = (k: number, w: number): number => {
      const y = fromArray(target(k))
      return valuesOf(grad((v: Tensor) => sum(solution(v, y)))(scalar(w)))[0] as number
    }
    const slopes = valuesOf(grad(own)(each))
    expect(slopes[0]).toBeCloseTo(one(0, 0.3), 10)
    expect(slopes[1]).toBeCloseTo(one(1, 0.8), 10)
    const shared = (w: Tensor): Tensor => sum(vectorize((y: Tensor) => solution(w, y))(rows))
    expect(valuesOf(grad(shared)(scalar(0.3)))[0]).toBeCloseTo(one(0, 0.3) + one(1, 0.3), 10)
  })

  it('have second derivatives along rows: the map of a linear system moves with what it captured', () => {
    const own = (w: Tensor): Tensor =>
      sum(
        vectorizeOver((v, y) => [solution(v as Tensor, y as Tensor)], [w, rows], [true, true], 2, 'first')[0] as Tensor
      )
    const direction = fromArray([1, 0])
    const [, slope] = jvp((w: Tensor) => sum(mul(direction, grad(own)(w))))(each, direction)
    const alone = (w: Tensor): Tensor => sum(solution(w, fromArray(target(0))))
    const [, expected] = jvp((w: Tensor) => grad(alone)(w))(scalar(0.3), scalar(1))
    expect(linearRootsOf([slope]).length).toBeGreaterThan(0)
    expect(valuesOf(slope)[0]).toBeCloseTo(valuesOf(expected)[0] as number, 9)
    const step = 1e-5
    const at = (w: number): number => valuesOf(grad(alone)(scalar(w)))[0] as number
    expect(valuesOf(slope)[0]).toBeCloseTo((at(0.3 + step) - at(0.3 - step)) / (2 * step), 6)
  })
})
