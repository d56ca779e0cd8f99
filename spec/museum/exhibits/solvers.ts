import { bijection } from '../../../src/laws/bijection.js'
import type * as expressions from '../../../src/laws/expressions.js'
import type { NumberFlow } from '../../../src/laws/flow.js'
import { distanceOf } from '../../../src/laws/matrix.js'
import { numeric } from '../../../src/laws/numeric.js'
import type * as rootProblems from '../../../src/laws/rootProblem.js'
import type * as solvers from '../../../src/laws/solver.js'
import { exact } from '../../../src/logdet/exact.js'
import type * as picards from '../../../src/solve/picard.js'
import { add } from '../../../src/tensor/primitives/add.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import { drawn } from '../../laws/support/subjects.js'
import type * as netSupport from '../../net/support/nets.js'
import { constantOfNet, nets, smoothOf } from '../../net/support/nets.js'
import type { Exhibit, Specimen } from '../exhibit.js'
import { type Patch, planted } from '../planted.js'
import { ordinary } from '../points.js'

const net = drawn(nets(2, { activation: 'tanh', leading: false, depth: 2, constants: [0.9] }), 7)
const value = numeric([2], ([x]) => [add(x as Tensor, smoothOf(net).value(x as Tensor))])
const logDet = numeric([2], ([x]) => [exact(smoothOf(net))(x as Tensor)])
const forward = (x: readonly number[]): readonly number[] => [...(value([x])[0] as Float64Array)]
const logDetAt = (x: readonly number[]): number => logDet([x])[0]?.[0] as number
const stretch = { forward: 1 + constantOfNet(net), inverse: 1 / (1 - constantOfNet(net)) }

/** Picard's iteration of a package with bugs, and a residual block whose inverse it finds in company, as tests do. */
const specimen = async (patches: readonly Patch[]): Promise<Specimen> => {
  const [{ solver }, { solverFrom }, { rootProblem }, { picard }, { smoothOf: smooth }] = await planted<
    [typeof solvers, typeof expressions, typeof rootProblems, typeof picards, typeof netSupport]
  >(patches, [
    'src/laws/solver.ts',
    'src/laws/expressions.ts',
    'src/laws/rootProblem.ts',
    'src/solve/picard.ts',
    'spec/net/support/nets.ts'
  ])
  const mine = { ...solverFrom(picard, 1e-11), name: "Picard's iteration", upTo: 0.9 }
  const constant = constantOfNet(net)
  const g = { dimension: 2, constant, g: smooth(net).value, image: (z: readonly number[]) => ({ value: z, error: 0 }) }
  const company = ordinary(2).slice(0, 3).map(forward)
  const flow: NumberFlow = {
    name: 'a residual block',
    dimension: 2,
    accuracy: { value: 1e-10, logDet: 1e-10 },
    stretch,
    forward: x => ({ value: forward(x), logDet: logDetAt(x) }),
    inverse: async z => {
      const [found] = (await mine.solveAll?.([z, ...company].map(y => rootProblem(g, y, y)))) ?? []
      const x = Array.from(found?.value ?? [])
      return { value: x, logDet: -logDetAt(x), converged: found?.converged ?? false }
    }
  }
  return { laws: solver(mine), usual: { flow, points: ordinary(2) } }
}

/** An inverse of three steps only; with a memory of what the map was asked, as transforms of some libraries have. */
const hurried = (remembers: boolean): NumberFlow => {
  const memory: { readonly x: readonly number[]; readonly z: readonly number[] }[] = []
  return {
    name: 'a residual block',
    dimension: 2,
    accuracy: { value: 1e-10, logDet: 1e-10 },
    stretch,
    forward: x => {
      const z = forward(x)
      if (remembers) memory.push({ x, z })
      return { value: z, logDet: logDetAt(x) }
    },
    inverse: z => {
      const known = memory.find(pair => distanceOf(pair.z, z) === 0)
      let x = known?.x ?? z
      if (known === undefined)
        for (let k = 0; k < (remembers ? 3 : 300); k++)
          x = x.map((xi, i) => xi - (forward(x)[i] as number) + (z[i] as number))
      return { value: x, logDet: -logDetAt(x) }
    }
  }
}

const inverseSpecimen = (remembers: boolean): Specimen => ({
  laws: bijection(hurried(remembers)),
  usual: { flow: hurried(remembers), points: ordinary(2) }
})

/** Made once: a solver and a flow that remember nothing. */
const once = (patches: readonly Patch[]): (() => Promise<Specimen>) => {
  let made: Promise<Specimen> | undefined
  return () => {
    made ??= specimen(patches)
    return made
  }
}

const right = once([])

const exhibit = (bug: string, patch: string, ...patches: readonly Patch[]): Exhibit => ({
  bug,
  patch,
  right,
  wrong: once(patches)
})

/** Instead of row by row, the safeguarded iteration of all rows as one long vector. */
const allRowsAtOnce: Patch = {
  file: 'src/solve/root.ts',
  right: '  const [value, iterations, residual] = along(levels, sample, node.inputs) as [Tensor, Tensor, Tensor]\n',
  wrong: `  const [starts, contraction, ...captured] = node.inputs as readonly [Tensor, Tensor, ...Tensor[]]
  const rows = levels.map(level => ({ ...level, mapped: [true, ...level.mapped.slice(2)] }))
  const own = (z: Tensor, ...free: readonly Tensor[]) => [reshape(residualOf(body, free)(flat(z)), z.shape)]
  const all = (z: Tensor): Tensor =>
    flat(along(rows, own as typeof sample, [reshape(z, starts.shape), ...captured])[0] as Tensor)
  const found = safeguarded(solver, { tolerance, limit })({ residual: all, slopes: z => tangentRows(all)(z)[1], contraction }, flat(starts))
  const [value, iterations, residual] = [reshape(found.value, starts.shape), found.iterations, reshape(found.residual, starts.shape)]
`
}

/** Bugs of roots and inverses. */
export const solverExhibits: readonly Exhibit[] = [
  exhibit(
    'a squared step in the stop test',
    '`safeguarded` and `reportOf`: |F|^2 is compared with the tolerance',
    {
      file: 'src/solve/safeguard.ts',
      right: 'mul(greater(size as Tensor, mul(tolerance',
      wrong: 'mul(greater(mul(size as Tensor, size as Tensor), mul(tolerance'
    },
    { file: 'src/solve/report.ts', right: 'lessEqual(size, goal)', wrong: 'lessEqual(mul(size, size), goal)' }
  ),
  exhibit(
    'a stop on the norm of the whole batch',
    '`solved`: all rows stop when |F| of all together is small',
    allRowsAtOnce
  ),
  exhibit('NaN ends the solver silently', '`reportOf`: converged is said where |F| is not above the goal', {
    file: 'src/solve/report.ts',
    right: 'lessEqual(size, goal)',
    wrong: 'sub(1, mul(sub(1, lessEqual(size, goal)), lessEqual(goal, size)))'
  }),
  {
    bug: 'a cached inverse',
    patch: 'residual block (stand-in): the inverse takes three steps, but remembers what the map was asked',
    right: () => inverseSpecimen(false),
    wrong: () => inverseSpecimen(true)
  }
]
