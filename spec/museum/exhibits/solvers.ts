import { bijection } from '../../../src/laws/bijection.js'
import type { NumberFlow } from '../../../src/laws/flow.js'
import { distanceOf, lengthOf } from '../../../src/laws/matrix.js'
import { numeric } from '../../../src/laws/numeric.js'
import type { RootProblem } from '../../../src/laws/rootProblem.js'
import { type FoundRoot, type NumberSolver, solver } from '../../../src/laws/solver.js'
import { exact } from '../../../src/logdet/exact.js'
import { add } from '../../../src/tensor/primitives/add.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import { drawn } from '../../laws/support/subjects.js'
import { constantOfNet, nets, smoothOf } from '../../net/support/nets.js'
import type { Exhibit, Specimen } from '../exhibit.js'
import { ordinary } from '../points.js'

const tolerance = 1e-11

/** When a batch of residuals counts as small, and what is said of a sample at the end. */
interface Stop {
  readonly going: (sizes: readonly number[], lengths: readonly number[]) => boolean
  readonly converged: (size: number, length: number) => boolean
}

const right: Stop = {
  going: (sizes, lengths) => sizes.some((size, i) => size > tolerance * (1 + (lengths[i] as number))),
  converged: (size, length) => size <= tolerance * (1 + length)
}

type Problem = Pick<RootProblem, 'f' | 'start'>

/** Picard's iteration of several problems together; a sample that is done stays as it is. */
const picardAll =
  ({ going, converged }: Stop) =>
  (problems: readonly Problem[]): readonly FoundRoot[] => {
    let z = problems.map(({ start }) => start)
    let f = problems.map((problem, i) => problem.f(z[i] as readonly number[]))
    const sizes = () => f.map(lengthOf)
    for (let step = 0; step < 5000 && going(sizes(), z.map(lengthOf)); step++) {
      z = z.map((zi, i) => {
        const alone = going([lengthOf(f[i] as readonly number[])], [lengthOf(zi)]) || problems.length === 1
        return alone ? zi.map((x, k) => x - (f[i]?.[k] as number)) : zi
      })
      f = problems.map((problem, i) => problem.f(z[i] as readonly number[]))
    }
    return z.map((value, i) => ({ value, converged: converged(sizes()[i] as number, lengthOf(value)) }))
  }

const solverOf = (stop: Stop): NumberSolver => ({
  name: "Picard's iteration",
  tolerance,
  upTo: 0.9,
  solve: problem => picardAll(stop)([problem])[0] as FoundRoot,
  solveAll: picardAll(stop)
})

const net = drawn(nets(2, { activation: 'tanh', leading: false, depth: 2, constants: [0.9] }), 7)
const value = numeric([2], ([x]) => [add(x as Tensor, smoothOf(net).value(x as Tensor))])
const logDet = numeric([2], ([x]) => [exact(smoothOf(net))(x as Tensor)])
const forward = (x: readonly number[]): readonly number[] => [...(value([x])[0] as Float64Array)]
const logDetAt = (x: readonly number[]): number => logDet([x])[0]?.[0] as number

const problemOf = (z: readonly number[]): Problem => ({
  start: z,
  f: x => forward(x).map((y, i) => y - (z[i] as number))
})

/** A residual block whose inverse is found among others, as in a test of ten points. */
const flowOf = (stop: Stop): NumberFlow => ({
  name: 'a residual block',
  dimension: 2,
  accuracy: { value: 1e-10, logDet: 1e-10 },
  stretch: { forward: 1 + constantOfNet(net), inverse: 1 / (1 - constantOfNet(net)) },
  forward: x => ({ value: forward(x), logDet: logDetAt(x) }),
  inverse: z => {
    const [found] = picardAll(stop)([z, ...ordinary(2).map(forward)].map(problemOf))
    const x = Array.from((found as FoundRoot).value)
    return { value: x, logDet: -logDetAt(x), converged: (found as FoundRoot).converged }
  }
})

const specimen = (stop: Stop): Specimen => ({
  laws: solver(solverOf(stop)),
  usual: { flow: flowOf(stop), points: ordinary(2) }
})

/** An inverse of three steps only; with a memory of what the map was asked, as transforms of some libraries have. */
const hurried = (remembers: boolean): NumberFlow => {
  const memory: { readonly x: readonly number[]; readonly z: readonly number[] }[] = []
  const whole = flowOf(right)
  return {
    ...whole,
    forward: x => {
      const z = forward(x)
      if (remembers) memory.push({ x, z })
      return { value: z, logDet: logDetAt(x) }
    },
    inverse: async z => {
      const known = memory.find(pair => distanceOf(pair.z, z) === 0)
      if (!remembers) return whole.inverse(z)
      let x = known?.x ?? z
      if (known === undefined)
        for (let k = 0; k < 3; k++) x = x.map((xi, i) => xi - (forward(x)[i] as number) + (z[i] as number))
      return { value: x, logDet: -logDetAt(x) }
    }
  }
}

const inverseSpecimen = (remembers: boolean): Specimen => ({
  laws: bijection(hurried(remembers)),
  usual: { flow: hurried(remembers), points: ordinary(2) }
})

const exhibit = (bug: string, patch: string, wrong: Stop): Exhibit => ({
  bug,
  patch,
  right: () => specimen(right),
  wrong: () => specimen(wrong)
})

/** Bugs of roots and inverses. */
export const solverExhibits: readonly Exhibit[] = [
  exhibit('a squared step in the stop test', 'Picard (stand-in): |F|^2 is compared with the tolerance', {
    going: (sizes, lengths) => sizes.some((size, i) => size ** 2 > tolerance * (1 + (lengths[i] as number))),
    converged: (size, length) => size ** 2 <= tolerance * (1 + length)
  }),
  exhibit(
    'a stop on the norm of the whole batch',
    'Picard (stand-in): all samples stop when |F| of all together is small',
    {
      going: (sizes, lengths) => lengthOf(sizes) > tolerance * (1 + lengthOf(lengths)),
      converged: Number.isFinite
    }
  ),
  exhibit('NaN ends the solver silently', 'Picard (stand-in): converged is said where |F| is not above the tolerance', {
    ...right,
    converged: (size, length) => !(size > tolerance * (1 + length))
  }),
  {
    bug: 'a cached inverse',
    patch: 'residual block (stand-in): the inverse takes three steps, but remembers what the map was asked',
    right: () => inverseSpecimen(false),
    wrong: () => inverseSpecimen(true)
  }
]
