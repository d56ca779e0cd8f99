import fc from 'fast-check'
import { type Law, lawOf } from './law.js'
import { distanceOf, lengthOf } from './matrix.js'
import { brokenPoints, pointsOf, sameBits, shown, wildPoints } from './points.js'
import { type Contraction, contractions, kinked, type RootProblem, residualAt, rootProblem } from './rootProblem.js'

/** What a solver says that it found. */
export interface FoundRoot {
  readonly value: ArrayLike<number>
  /** Whether the solver calls it converged. */
  readonly converged: boolean
  /** An upper bound of the distance to the exact root, where the solver gives one. */
  readonly errorBound?: number
}

/** Anyone's solver of F(z) = 0, F - Id a contraction. */
export interface NumberSolver {
  readonly name: string
  /** Claimed of what it calls converged: |F| <= tolerance (1 + |z|), or what rounding allows. */
  readonly tolerance: number
  readonly solve: (problem: RootProblem) => FoundRoot | Promise<FoundRoot>
  /** Several problems of the same dimension at once, where the solver can do that. */
  readonly solveAll?: (problems: readonly RootProblem[]) => readonly FoundRoot[] | Promise<readonly FoundRoot[]>
  /** Largest contraction for which it claims to converge; 0.97 unless told. */
  readonly upTo?: number
}

const room = 1 + 2 ** -40

const values = (found: FoundRoot): readonly number[] => Array.from(found.value)

/** Whether |F| is as small as a solver claims, by an evaluation of F of our own; or why not. */
const small = (problem: RootProblem, tolerance: number, found: FoundRoot): true | string => {
  const { size, rounding } = residualAt(problem, values(found))
  const goal = Math.max(tolerance * (1 + lengthOf(found.value)), 2 * rounding)
  return size <= goal || `|F| is ${size} at ${shown(found.value)}; claimed ${goal}`
}

const chosen = (upTo: number, wild: boolean): fc.Arbitrary<readonly [Contraction, readonly number[]]> =>
  contractions(upTo).chain(g => fc.tuple(fc.constant(g), (wild ? wildPoints : pointsOf)(g.dimension, 3)))

/** The laws of what a solver calls converged. */
const honesty = ({ name, tolerance, solve, upTo = 0.97 }: NumberSolver): readonly Law[] => [
  lawOf(`${name}: what it calls converged is a root as good as it claims`, [chosen(upTo, true)], async ([g, y]) => {
    const problem = rootProblem(g, y, y)
    const found = await solve(problem)
    return !found.converged || small(problem, tolerance, found)
  }),
  lawOf(
    `${name}: a problem that is not finite never converges`,
    [contractions(upTo).chain(g => fc.tuple(fc.constant(g), brokenPoints(g.dimension, 3)))],
    async ([g, y]) => {
      const found = await Promise.resolve()
        .then(() => solve(rootProblem(g, y, y)))
        .catch(() => null)
      return found === null || !found.converged || `y = ${shown(y)} gives ${shown(found.value)}, called converged`
    }
  )
]

/** The root certificate: a radius around the computed root holds the exact one. */
const certificates = ({ name, solve, upTo = 0.97 }: NumberSolver): readonly Law[] => [
  lawOf(
    `${name}: a bound of the error that it gives holds, |F| / (1 + c) <= |z - z*| <= bound`,
    [contractions(upTo).chain(g => fc.tuple(fc.constant(g), pointsOf(g.dimension, 3), pointsOf(g.dimension, 3)))],
    async ([g, exact, start]) => {
      const { value, error } = g.image(exact)
      const problem = rootProblem(g, value, start)
      const found = await solve(problem)
      const apart = distanceOf(found.value, exact)
      const off = error / (1 - g.constant)
      const { size, rounding } = residualAt(problem, values(found))
      const least = Math.max(0, (size - rounding) / (1 + g.constant))
      const { errorBound = Infinity } = found
      if (!(least <= (apart + off) * room)) return `|F| says at least ${least}, the root is ${apart} away`
      return apart <= (errorBound + off) * room || `it is ${apart} from the root, its bound is ${errorBound}`
    }
  )
]

/** The laws of where and from where a solver converges. */
const reach = ({ name, solve, tolerance, upTo = 0.97 }: NumberSolver): readonly Law[] => [
  lawOf(
    `${name}: finds the root from anywhere`,
    [contractions(upTo).chain(g => fc.tuple(fc.constant(g), wildPoints(g.dimension, 3), pointsOf(g.dimension, 9)))],
    async ([g, y, start]) => {
      const problem = rootProblem(g, y, start)
      const found = await solve(problem)
      return found.converged ? small(problem, tolerance, found) : `it gave up at ${shown(found.value)}`
    }
  ),
  lawOf(
    `${name}: finds the root where Newton's method cycles`,
    [kinked(upTo), fc.integer({ min: 2, max: 400 }), fc.constantFrom(1, -1)],
    async (g, i, sign) => {
      const found = await solve(rootProblem(g, [0], [(sign * i) / 2]))
      const allowed = (2 * tolerance) / (1 - g.constant)
      return (
        Math.abs(found.value[0] as number) <= allowed || `it ends at ${shown(found.value)}, not within ${allowed} of 0`
      )
    }
  ),
  lawOf(
    `${name}: the root does not depend on the start, up to the radii`,
    [contractions(upTo).chain(g => fc.tuple(fc.constant(g), pointsOf(g.dimension, 3), pointsOf(g.dimension, 3)))],
    async ([g, y, start]) => {
      const problems = [rootProblem(g, y, y), rootProblem(g, y, start)]
      const ends = await Promise.all(problems.map(async problem => ({ problem, found: await solve(problem) })))
      const radius = ends.reduce((sum, { problem, found }) => {
        const { size, rounding } = residualAt(problem, values(found))
        return sum + (size + rounding) / (1 - g.constant)
      }, 0)
      const [a, b] = ends.map(({ found }) => values(found)) as [readonly number[], readonly number[]]
      return distanceOf(a, b) <= radius * room || `${shown(a)} and ${shown(b)} are more than ${radius} apart`
    }
  )
]

/** The laws of solving many problems at once. */
const company = ({ name, solveAll, upTo = 0.97 }: NumberSolver): readonly Law[] =>
  solveAll === undefined
    ? []
    : [
        lawOf(
          `${name}: a root does not depend on the problems it is solved with`,
          [
            contractions(upTo).chain(g =>
              fc.tuple(fc.constant(g), fc.array(wildPoints(g.dimension, 3), { minLength: 1, maxLength: 3 }))
            )
          ],
          async ([g, ys]) => {
            const problems = ys.map(y => rootProblem(g, y, y))
            const together = await solveAll(problems)
            for (const [i, problem] of problems.entries()) {
              const [alone] = await solveAll([problem])
              const beside = together[i]
              if (alone === undefined || beside === undefined) return `${ys.length} problems, ${together.length} roots`
              if (!sameBits(values(alone), values(beside)) || alone.converged !== beside.converged)
                return `y = ${shown(ys[i] ?? [])} alone gives ${shown(alone.value)}, in company ${shown(beside.value)}`
            }
            return true
          }
        )
      ]

/**
 * The laws of a solver: honest about convergence and errors, independent of start and company, and reaching the root from
 * anywhere, over random contractions and those where Newton's method cycles for ever.
 */
export const solver = (mine: NumberSolver): readonly Law[] => [
  ...honesty(mine),
  ...certificates(mine),
  ...reach(mine),
  ...company(mine)
]
