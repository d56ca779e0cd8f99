import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { evaluationMethod } from '../../src/distribution/programs.js'
import type { Architecture } from '../../src/flow/architecture.js'
import { certify } from '../../src/flow/certify.js'
import { layoutOf } from '../../src/flow/layout.js'
import type { Reals } from '../../src/interpret/backend.js'
import { referenceBackend } from '../../src/interpret/reference/referenceBackend.js'
import { guaranteeOf } from '../../src/logdet/guarantee.js'
import { rouletteCoefficients, survival } from '../../src/logdet/terms.js'
import { fromSeed } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'
import { mostTerms, noiseOf, trainingRoulette } from '../../src/train/noise.js'
import { rowsProgram } from '../../src/train/rows.js'
import { must } from '../support/must.js'

const architecture: Architecture = {
  model: 'impflow',
  dimension: 1,
  blocks: 2,
  hidden: [3],
  activation: 'tanh',
  coefficient: 0.6
}
const roulette = trainingRoulette(architecture, 'roulette')
if (roulette === null || roulette.law.kind !== 'geometric') throw new Error('a geometric roulette was expected')
const { law } = roulette

describe('the noise of a training step', () => {
  it('has a roulette of finite variance for the constants that training aims at', () => {
    for (const coefficient of [0.5, 0.9, 0.99]) {
      const one = { ...architecture, coefficient, hidden: [8, 8] }
      const chosen = trainingRoulette(one, 'roulette')
      expect(chosen && guaranteeOf(chosen, 1, coefficient ** 3).varianceIsFinite).toBe(true)
    }
    expect(trainingRoulette(architecture, 'exact')).toBeNull()
  })

  it('leaves room for every number of terms that can be drawn', () => {
    expect(survival(law)(mostTerms(roulette) - roulette.exactTerms + 1)).toBeLessThan(2 ** -53)
  })

  /** Signs of the probe of one row, and the number of terms, of many steps. */
  const drawn = Array.from({ length: 20_000 }, (_, step) => {
    const [[probes, coefficients] = []] = noiseOf(
      roulette,
      { seed: 3, step, rows: 1, size: 1, dimension: 2 },
      'float64'
    )
    const count = Array.from(coefficients ?? []).filter(c => c !== 0).length - roulette.exactTerms
    return { signs: Array.from(probes ?? []), count }
  })

  /** The same, where one of ten first signs is told by the number of terms. */
  const planted = drawn.map(({ signs, count }, i) => ({
    signs: i % 10 === 0 ? [count >= 2 ? 1 : -1, ...signs.slice(1)] : signs,
    count
  }))

  /** The largest of the means of v_1, v_2, v_1 v_2 times 1 (N >= k) - P(N >= k), k = 2, 3: 0 on average if independent. */
  const dependence = (draws: typeof drawn): number =>
    Math.max(
      ...[2, 3].flatMap(k =>
        [[0], [1], [0, 1]].map(which => {
          const terms = draws.map(
            ({ signs, count }) =>
              which.reduce((product, i) => product * (signs[i] as number), 1) *
              ((count >= k ? 1 : 0) - survival(law)(k))
          )
          return Math.abs(terms.reduce((a, b) => a + b, 0) / draws.length)
        })
      )
    )

  it('law 24: signs and the number of terms are independent (Hoeffding, error rate 1e-8)', () => {
    const allowed = Math.sqrt((2 * Math.log((2 * 6) / 1e-8)) / drawn.length)
    expect(dependence(drawn)).toBeLessThan(allowed)
    expect(dependence(planted)).toBeGreaterThan(allowed)
  })

  it('depends on seed and step, and has a probe of signs a row, padded like the points', () => {
    const of = (seed: number, step: number) =>
      noiseOf(roulette, { seed, step, rows: 5, size: 3, dimension: 2 }, 'float64')
    const [[first, terms], [second, same]] = of(1, 7) as [[Reals, Reals], [Reals, Reals]]
    expect(of(1, 7)).toEqual(of(1, 7))
    expect(of(1, 8)).not.toEqual(of(1, 7))
    expect(of(2, 7)).not.toEqual(of(1, 7))
    for (const probes of [first, second]) expect(Array.from(probes, Math.abs)).toEqual([1, 1, 1, 1, 1, 1])
    expect(same).toEqual(terms)
    expect(second[2]).toBe(second[0])
  })
})

it('the mean over all numbers of terms is the exact loss and its exact gradient, in one dimension', async () => {
  const layout = layoutOf(architecture)
  const certified = certify(architecture, normal(fromSeed(5))(layout.size))
  if (E.isLeft(certified)) throw new Error('the weights do not contract')
  const method = evaluationMethod(referenceBackend)
  const terms = 60
  const [estimated, exact] = [
    await must(rowsProgram(referenceBackend, architecture, method, 2, 1, terms)),
    await must(rowsProgram(referenceBackend, architecture, method, 2, 1))
  ]
  const inputs = [certified.right.effective, Float64Array.of(0.4, -1.1), Float64Array.of(1, 1)]
  const [loss, gradient] = (await must(exact.run(inputs))) as readonly [Reals, Reals]
  let mean = 0
  const slopes = new Float64Array(gradient.length)
  for (let n = 1; n <= terms - roulette.exactTerms; n++) {
    const chance = survival(law)(n) - (n < terms - roulette.exactTerms ? survival(law)(n + 1) : 0)
    const coefficients = new Float64Array(terms)
    coefficients.set(rouletteCoefficients(roulette, [n]))
    const noise = [Float64Array.of(1, -1), coefficients]
    const [value, by] = (await must(estimated.run([...inputs, ...noise]))) as readonly [Reals, Reals]
    mean += chance * (value[0] as number)
    by.forEach((slope, i) => {
      slopes[i] = (slopes[i] as number) + chance * slope
    })
  }
  const c = 0.36
  const tail = (8 * c ** (terms - 2)) / (1 - c) + 1e-11
  expect(Math.abs(mean - (loss[0] as number))).toBeLessThan(tail)
  slopes.forEach((slope, i) => {
    expect(Math.abs(slope - (gradient[i] as number))).toBeLessThan(100 * tail)
  })
})
