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

const must = async <L, A>(task: () => Promise<E.Either<L, A>>): Promise<A> => {
  const result = await task()
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
  return result.right
}

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
