import { estimator } from '../../../src/laws/estimator.js'
import type { NumberFlow } from '../../../src/laws/flow.js'
import { applied, inverted } from '../../../src/laws/matrix.js'
import * as healthy from '../../laws/support/roulette.js'
import { type rouletteBugs, withBug } from '../../laws/support/rouletteMutants.js'
import type { Exhibit, Specimen } from '../exhibit.js'
import { ordinary } from '../points.js'

type World = Pick<typeof healthy, 'rouletteEstimator' | 'smallProblem'>

/** x -> x + J x with an estimated log-determinant, a new draw at every call. */
const linearFlow = ({ rouletteEstimator, smallProblem }: World): NumberFlow => {
  const { jacobian } = smallProblem
  const matrix = jacobian.map((row, i) => row.map((x, j) => x + (i === j ? 1 : 0)))
  const { draws } = rouletteEstimator('', smallProblem)
  const made: number[] = []
  let calls = 0
  return {
    name: 'a linear residual block',
    dimension: 2,
    accuracy: { value: 1e-13, logDet: 1 },
    logDet: 'none',
    forward: async x => {
      if (made.length === 0) made.push(...Array.from(await draws(1000 + calls++, 1000)))
      return { value: applied(matrix, x), logDet: made.pop() as number }
    },
    inverse: z => ({ value: applied(inverted(matrix).inverse, z) })
  }
}

const specimen = (world: World, probes: number): Specimen => ({
  laws: estimator(world.rouletteEstimator('a Russian roulette', { ...world.smallProblem, probes })),
  usual: { flow: linearFlow(world), points: ordinary(2) }
})

const exhibit = (bug: string, patch: string, planted: keyof typeof rouletteBugs, probes = 1): Exhibit => {
  let world: Promise<World> | undefined
  return {
    bug,
    patch,
    right: () => specimen(healthy, probes),
    wrong: async () => {
      world ??= withBug(planted)
      return specimen(await world, probes)
    }
  }
}

/** Bugs of log-determinants that are estimated. */
export const estimatorExhibits: readonly Exhibit[] = [
  exhibit(
    'no 1/n in the mean of Hutchinson probes',
    '`powerSeries`: the probes are added up; tests take one probe',
    'no 1 / n in the mean of the probes',
    2
  ),
  exhibit('no (-1)^(k+1)/k in the series', '`powerSeries`: the traces are added up as they are', 'no (-1)^(k+1) / k'),
  exhibit(
    'P(N > k) for P(N >= k)',
    '`survival`: each term is divided by the chance of one step more',
    'P(N > k) for P(N >= k)'
  )
]
