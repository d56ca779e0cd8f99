import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import type { Architecture } from '../../src/flow/architecture.js'
import { certify } from '../../src/flow/certify.js'
import { layoutOf, segmentsOf } from '../../src/flow/layout.js'
import { spectralNorm } from '../lipschitz/support/singularValues.js'
import { law } from '../support/law.js'

const architecture = (coefficient: number): Architecture => ({
  model: 'impflow',
  dimension: 2,
  blocks: 1,
  hidden: [3, 4],
  activation: 'sine',
  coefficient
})

const coefficients = fc.constantFrom(0.5, 0.9, 0.99, 0.999)
const size = layoutOf(architecture(0.9)).size

/** Numbers for a whole flow; nets whose weights are small, large, or anything between. */
const flat = fc
  .tuple(
    fc.constantFrom(0, 1e-3, 0.3, 1, 30, 1e200, 1e-200),
    fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: size, maxLength: size })
  )
  .map(([scale, entries]) => Float64Array.from(entries, i => (scale * i) / 1000))

const weightsOf = (coefficient: number, values: Float64Array) =>
  segmentsOf(layoutOf(architecture(coefficient)), values).filter(([{ kind }]) => kind === 'weight')

describe('certified weights', () => {
  law('make contractions, whatever they were, if they are finite', [coefficients, flat], (coefficient, values) => {
    const certified = certify(architecture(coefficient), values)
    if (E.isLeft(certified)) return false
    const { effective, norms, lipschitzBound } = certified.right
    return (
      lipschitzBound < 1 &&
      weightsOf(coefficient, effective).every(([{ shape }, weight], i) => {
        const [rows, columns] = shape as [number, number]
        return spectralNorm(weight, rows, columns) * (1 - 1e-14) <= (norms[i] as number)
      })
    )
  })

  law(
    'are those given, to the bit, where they already make contractions',
    [coefficients, flat],
    (coefficient, values) => {
      const certified = certify(architecture(coefficient), values)
      if (E.isLeft(certified)) return false
      const again = certify(architecture(coefficient), certified.right.effective)
      return E.isRight(again) && again.right.effective.every((x, i) => Object.is(x, certified.right.effective[i]))
    }
  )

  law(
    'have norms of at most the coefficient where they had to be corrected',
    [coefficients, flat],
    (coefficient, values) => {
      const certified = certify(architecture(coefficient), values)
      if (E.isLeft(certified)) return false
      const { effective, norms } = certified.right
      return weightsOf(coefficient, effective).every(([{ offset }, weight], i) => {
        const changed = weight.some((x, j) => !Object.is(x, values[offset + j]))
        return !changed || (norms[i] as number) <= coefficient * (1 + 2 ** -40)
      })
    }
  )

  it('are refused if one is not a number, and the error names the net', () => {
    const values = new Float64Array(size)
    const last = weightsOf(0.9, values).at(-1)?.[0]
    values[last?.offset ?? 0] = Number.NaN
    expect(certify(architecture(0.9), values)).toMatchObject(E.left({ tag: 'NotContractive', net: 'blocks.0.gz' }))
  })
})
