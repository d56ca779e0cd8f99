import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { clipSwish } from '../../../src/lipschitz/layers/paired.js'
import { concatenated, sll } from '../../../src/lipschitz/layers/residualLayer.js'
import { fromArray, scalar } from '../../../src/tensor/constructors.js'
import { valuesOf } from '../../solve/support/certificate.js'
import { law } from '../../support/law.js'
import { spectralNorm } from '../support/singularValues.js'

describe('SLL layers', () => {
  it.each(['elu', 'tanh', 'lipschitzCube', 'softplus', 'identity'] as const)(
    'of %s have the constant 1',
    activation => {
      const parameters = { weight: fromArray([1, 0], [2, 1]), bias: fromArray([0]), logQ: fromArray([0]) }
      expect(valuesOf(sll(activation).bound(parameters))[0]).toBe(1)
    }
  )

  it('are the identity for weights of zeros, and reflect across a hyperplane far on its side', () => {
    const zeros = { weight: fromArray([0, 0], [2, 1]), bias: fromArray([0]), logQ: fromArray([0]) }
    expect(
      Array.from(
        valuesOf(
          sll('elu')
            .net(zeros)
            .value(fromArray([3, -1]))
        )
      )
    ).toEqual([3, -1])
    const mirror = { ...zeros, weight: fromArray([1, 0], [2, 1]) }
    expect(
      Array.from(
        valuesOf(
          sll('elu')
            .net(mirror)
            .value(fromArray([3, -1]))
        )
      )
    ).toEqual([-3, -1])
  })

  it('refuse activations that are not increasing', () => {
    expect(() => sll('sine')).toThrow('sll needs an activation with slopes in [0, 1], not sine: one of elu, tanh')
    expect(() => sll('lipSwish')).toThrow('not lipSwish')
  })
})

describe('dense layers', () => {
  const raw = fc.double({ min: -4, max: 4, noNaN: true })
  const points = fc.array(
    fc.integer({ min: -40, max: 40 }).map(i => i / 10),
    { minLength: 2, maxLength: 2 }
  )
  const layer = concatenated(clipSwish)

  law(
    'no Jacobian exceeds the bound; the weights of both halves are 0.98 together',
    [points, raw, raw],
    (x, kept, grown) => {
      const parameters = { kept: scalar(kept), grown: scalar(grown), f: { beta: scalar(0.5) } }
      const rows = valuesOf(layer.net(parameters).tangents(fromArray(x))[1])
      const bound = valuesOf(layer.bound(parameters))[0] as number
      const [e1, e2] = [kept, grown].map(k => Math.log1p(Math.exp(k)) + 0.1) as [number, number]
      const image = valuesOf(layer.net(parameters).value(fromArray(x)))
      const first = (0.98 * e1 * (x[0] as number)) / Math.hypot(e1, e2)
      return (
        bound === 0.98 &&
        spectralNorm(Array.from(rows), 2, 6) <= 0.98 * (1 + 1e-12) &&
        Math.abs((image[0] as number) - first) < 1e-12
      )
    }
  )

  it('have f in the second half, and the bound of a steep f', () => {
    const steep = concatenated(sll('identity'))
    const parameters = {
      kept: scalar(0),
      grown: scalar(0),
      f: { weight: fromArray([0], [1, 1]), bias: fromArray([0]), logQ: fromArray([0]) }
    }
    const [kept, grown] = valuesOf(steep.net(parameters).value(fromArray([2]))) as unknown as [number, number]
    expect(grown).toBeCloseTo(0.98 * Math.SQRT2, 14)
    expect(kept).toBe(grown)
  })
})
