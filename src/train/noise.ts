import { blocksOf } from '../data/blocks.js'
import type { Architecture } from '../flow/architecture.js'
import { type Precision, type Reals, toPrecision, zerosOf } from '../interpret/backend.js'
import { finiteVarianceRoulette } from '../logdet/guarantee.js'
import { drawProbes } from '../logdet/probes.js'
import { drawTerms, type Roulette, rouletteCoefficients } from '../logdet/terms.js'
import { activations } from '../net/activations.js'
import { foldIn, fromSeed, type Key, split } from '../random/key.js'

/** How training finds log-determinants: exactly, or by a roulette with the Neumann gradient (Lu et al. 2021, eq. 14, 15). */
export type TrainingLogDet = 'exact' | 'roulette'

/** The roulette of an architecture, of finite variance for the constants that normalisation aims at; null if exact. */
export const trainingRoulette = (
  { hidden, activation, coefficient, leading = false }: Architecture,
  logDet: TrainingLogDet
): Roulette | null => {
  if (logDet === 'exact') return null
  const slopes = activations[activation].lipschitz ** (hidden.length + (leading ? 1 : 0))
  return finiteVarianceRoulette(coefficient ** (hidden.length + 1) * slopes)
}

/** Terms of a program that no draw goes beyond: uniforms have 53 bits, so P(N >= k) below 2^-53 is never drawn. */
export const mostTerms = ({ law, exactTerms }: Roulette): number =>
  exactTerms +
  (law.kind === 'geometric' ? Math.ceil(54 / -Math.log2(law.rho)) + 2 : law.kind === 'fixed' ? law.count : 0)

/** Where the noise of a step comes from: it depends on the seed and the step alone. */
const keyOf = (seed: number, step: number): Key => foldIn(foldIn(fromSeed(seed), 4), step)

/**
 * The noise of a training step, by blocks of rows: a probe of signs a row, [d size], padding like the points', and the
 * coefficients [terms] of one number of terms for the whole batch, as the authors have it.
 */
export const noiseOf = (
  roulette: Roulette,
  { seed, step, rows, size, dimension }: Readonly<Record<'seed' | 'step' | 'rows' | 'size' | 'dimension', number>>,
  precision: Precision
): readonly (readonly [probes: Reals, coefficients: Reals])[] => {
  const [first, second] = split(keyOf(seed, step))
  const drawn = rouletteCoefficients(roulette, drawTerms(roulette.law)(first)(1))
  const padded = new Float64Array(mostTerms(roulette))
  padded.set(drawn)
  const coefficients = toPrecision(precision, padded)
  const probes = { rows, columns: dimension, values: drawProbes('rademacher')(second)(rows, dimension) }
  return blocksOf(probes, size, zerosOf(precision)).map(({ points }) => [points, coefficients] as const)
}
