import { describe, expect, it } from 'vitest'
import { estimator, type NumberEstimator, power } from '../../src/laws/estimator.js'
import { run } from '../support/law.js'
import { type RouletteProblem, rouletteEstimator, smallProblem } from './support/roulette.js'
import { rouletteBugs, withBug } from './support/rouletteMutants.js'

/** A problem where the fifth term still matters. */
const strongProblem: RouletteProblem = { ...smallProblem, jacobian: [[-0.5]], c: 0.5 }

const twoProbes: RouletteProblem = { ...smallProblem, probes: 2 }

/** The laws of draws alone, as for estimators whose outcomes cannot be listed. */
const sampledOnly = ({ outcomes: _, ...rest }: NumberEstimator) => estimator({ ...rest, detectable: 0.004 })

const bugs = Object.keys(rouletteBugs) as readonly (keyof typeof rouletteBugs)[]
const worlds = await Promise.all(bugs.map(async bug => [bug, await withBug(bug)] as const))

/** Only several probes have a mean that can be wrong. */
const problemOf = (bug: string, other: RouletteProblem): RouletteProblem =>
  bug === 'no 1 / n in the mean of the probes' ? twoProbes : other

describe('the Russian roulette of the program, with Hutchinson traces', () => {
  run(estimator(rouletteEstimator('one probe', smallProblem)))
  run(estimator(rouletteEstimator('two probes', twoProbes)))
})

describe('the Neumann gradient of the program', () => {
  run(estimator({ ...rouletteEstimator('along a direction', smallProblem, 'Neumann gradient'), detectable: 0.06 }))
})

describe('the pathwise gradient', () => {
  const [pathwise, neumann] = (['pathwise gradient', 'Neumann gradient'] as const).map(what =>
    rouletteEstimator(what, smallProblem, what)
  ) as [NumberEstimator, NumberEstimator]

  run(estimator({ ...pathwise, detectable: 0.06 }))

  it('differs from the Neumann gradient draw by draw', async () => {
    const [a, b] = [await pathwise.draws(3, 50), await neumann.draws(3, 50)]
    expect(Array.from(a).filter((x, i) => Math.abs(x - (b[i] as number)) > 1e-3).length).toBeGreaterThan(10)
  })
})

describe('where all outcomes are listed', () => {
  for (const [bug, world] of worlds) {
    const problem = problemOf(bug, smallProblem)
    const [right, wrong] = [rouletteEstimator(bug, problem), world.rouletteEstimator(bug, problem)]
    run(power(one => estimator(one), right, { [bug]: wrong }))
  }
})

describe('where draws are all there is', () => {
  for (const [bug, world] of worlds) {
    const problem = problemOf(bug, strongProblem)
    const [right, wrong] = [rouletteEstimator(bug, problem), world.rouletteEstimator(bug, problem)]
    run(power(sampledOnly, right, { [bug]: wrong }))
  }
})
