import { describe } from 'vitest'
import { estimator, power } from '../../src/laws/estimator.js'
import { run } from '../support/law.js'
import { mutants, type Roulette, rightRoulette, rouletteEstimator, smallProblem } from './support/roulette.js'

const lawsOf = (parts: Roulette) => estimator(rouletteEstimator('roulette', parts, smallProblem))
/** The laws of draws alone, as for estimators whose outcomes cannot be listed. */
const sampledOnly = (parts: Roulette) => {
  const { outcomes: _, ...rest } = rouletteEstimator('roulette', parts, strongProblem)
  return estimator({ ...rest, detectable: 0.004 })
}

/** A problem where the fifth term still matters. */
const strongProblem = { ...smallProblem, jacobian: [[-0.5]], c: 0.5 }

describe('a Russian roulette with Hutchinson traces', () => {
  run(lawsOf(rightRoulette))
  run(estimator(rouletteEstimator('with two probes', rightRoulette, { ...smallProblem, probes: 2 })))
})

describe('where all outcomes are listed', () => {
  run(power(lawsOf, rightRoulette, mutants))
})

describe('where draws are all there is', () => {
  run(power(sampledOnly, rightRoulette, mutants))
})
