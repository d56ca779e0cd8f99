import { estimator } from '../../../src/laws/estimator.js'
import type { NumberFlow } from '../../../src/laws/flow.js'
import { applied, inverted } from '../../../src/laws/matrix.js'
import { type Roulette, rightRoulette, rouletteEstimator, smallProblem } from '../../laws/support/roulette.js'
import type { Exhibit, Specimen } from '../exhibit.js'
import { ordinary } from '../points.js'

const { jacobian } = smallProblem
const matrix = jacobian.map((row, i) => row.map((x, j) => x + (i === j ? 1 : 0)))

/** x -> x + J x with an estimated log-determinant, a new draw at every call. */
const linearFlow = (parts: Roulette): NumberFlow => {
  const { draws } = rouletteEstimator('', parts, smallProblem)
  let calls = 0
  return {
    name: 'a linear residual block',
    dimension: 2,
    accuracy: { value: 1e-13, logDet: 1 },
    logDet: 'none',
    forward: async x => ({ value: applied(matrix, x), logDet: (await draws(1000 + calls++, 1))[0] as number }),
    inverse: z => ({ value: applied(inverted(matrix).inverse, z) })
  }
}

const specimen = (parts: Roulette, probes: number): Specimen => ({
  laws: estimator(rouletteEstimator('a Russian roulette', parts, { ...smallProblem, probes })),
  usual: { flow: linearFlow(parts), points: ordinary(2) }
})

const exhibit = (bug: string, patch: string, change: Partial<Roulette>, probes = 1): Exhibit => ({
  bug,
  patch,
  right: () => specimen(rightRoulette, probes),
  wrong: () => specimen({ ...rightRoulette, ...change }, probes)
})

/** Bugs of log-determinants that are estimated. */
export const estimatorExhibits: readonly Exhibit[] = [
  exhibit(
    'no 1/n in the mean of Hutchinson probes',
    'roulette (stand-in): the probes are added up; tests take one probe',
    { average: sum => sum },
    2
  ),
  exhibit('no (-1)^(k+1)/k in the series', 'roulette (stand-in): the traces are added up as they are', {
    coefficient: () => 1
  }),
  exhibit('P(N > k) for P(N >= k)', 'roulette (stand-in): each term is divided by the chance of one step more', {
    survival: (rho, k) => rho ** k
  })
]
