import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { certifiedNorm } from '../../src/lipschitz/certifiedNorm.js'
import { type Normed, reparametrised } from '../../src/lipschitz/contractive.js'
import { estimatedNorm, powerIteration, spectrallyNormalized, type Vectors } from '../../src/lipschitz/spectralNorm.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import {
  constantOfNet,
  contractiveOf,
  type NetSample,
  nets,
  parametersOf,
  points,
  smoothOf
} from '../net/support/nets.js'
import { distance, numbers, sizeOfExact, valuesOf } from '../solve/support/certificate.js'
import { law } from '../support/law.js'
import { singularValues, spectralNorm } from './support/singularValues.js'

const netAndPoint = (maxD = 5): fc.Arbitrary<readonly [NetSample, readonly number[]]> =>
  fc.integer({ min: 1, max: maxD }).chain(d => fc.tuple(nets(d), points(d)))

describe('the bound of a contractive net', () => {
  law(
    'of parameters made of others is that of what they are made into, value and constant',
    [netAndPoint(3)],
    ([net, x]) => {
      const halve = (p: Normed): Normed => ({ ...p, norms: p.norms.map(norm => mul(0.5, norm)) })
      const halved = reparametrised(contractiveOf(net), halve)
      const p = parametersOf(net)
      const at = fromArray(x)
      const [bound, expected, value, image] = numbers(
        halved.bound(p),
        contractiveOf(net).bound(halve(p)),
        halved.net(p).value(at),
        contractiveOf(net).net(halve(p)).value(at)
      ) as [Float64Array, Float64Array, Float64Array, Float64Array]
      return bound[0] === expected[0] && value.every((v, i) => v === image[i])
    }
  )

  law('is that of its weights and slopes, as an expression', [netAndPoint()], ([net]) => {
    const [bound] = numbers(contractiveOf(net).bound(parametersOf(net))) as [Float64Array]
    const proved = constantOfNet(net)
    return (bound[0] as number) <= proved && (bound[0] as number) >= proved * (1 - 2 ** -46)
  })

  law('is not exceeded by any singular value of a Jacobian', [netAndPoint()], ([net, x]) => {
    const d = x.length
    const jacobian = valuesOf(smoothOf(net).tangents(fromArray(x))[1])
    return spectralNorm(jacobian, d, d) <= constantOfNet(net) * (1 + 1e-12)
  })

  law('is not beaten by a pair of points along the steepest direction', [netAndPoint()], ([net, x]) => {
    const g = smoothOf(net)
    const d = x.length
    const c = constantOfNet(net)
    const steepest = (at: readonly number[]): readonly number[] => {
      const rows = valuesOf(g.tangents(fromArray(at))[1])
      const jacobian = Array.from({ length: d * d }, (_, k) => rows[(k % d) * d + Math.floor(k / d)] as number)
      return singularValues(jacobian, d, d)[0]?.right ?? []
    }
    const direction = steepest(x)
    return [2 ** -30, 2 ** -10, 1, 40].every(step => {
      const y = x.map((xi, i) => xi + step * (direction[i] as number))
      const moved = sizeOfExact(sub(g.value(fromArray(x)), g.value(fromArray(y))))
      return moved.value - moved.error <= c * distance(x, y) * (1 + 2 ** -50)
    })
  })
})

/** A matrix [n n], as rows, and a starting vector. */
const matrices = fc.integer({ min: 1, max: 6 }).chain(n => {
  const numbersOf = (count: number) =>
    fc.array(
      fc.integer({ min: -1000, max: 1000 }).map(i => i / 500),
      { minLength: count, maxLength: count }
    )
  return fc.tuple(fc.constant(n), numbersOf(n * n), numbersOf(n))
})

const iterated = (weight: Tensor, start: Vectors, steps: number): Vectors =>
  Array.from({ length: steps }).reduce<Vectors>(vectors => powerIteration(weight)(vectors), start)

describe('power iteration', () => {
  law('never estimates more than the norm', [matrices, fc.integer({ min: 1, max: 8 })], ([n, entries, v], steps) => {
    const weight = fromArray(entries, [n, n])
    const [estimate] = valuesOf(estimatedNorm(weight, iterated(weight, { u: fromArray(v), v: fromArray(v) }, steps)))
    return (estimate as number) <= spectralNorm(entries, n, n) * (1 + 1e-13) + 1e-300
  })

  law('only grows from step to step', [matrices, fc.integer({ min: 1, max: 6 })], ([n, entries, v], steps) => {
    const weight = fromArray(entries, [n, n])
    const at = (count: number) =>
      valuesOf(estimatedNorm(weight, iterated(weight, { u: fromArray(v), v: fromArray(v) }, count)))[0] as number
    return at(steps + 1) >= at(steps) * (1 - 1e-13)
  })

  it('alone does not make a contraction: where it starts across the largest singular vector, the norm stays above', () => {
    const weight = fromArray([2, 0, 0, 1], [2, 2])
    const across = fromArray([0, 1])
    const vectors = iterated(weight, { u: across, v: across }, 50)
    const normalized = valuesOf(spectrallyNormalized(weight, vectors, 0.9))
    expect(spectralNorm(normalized, 2, 2)).toBeCloseTo(1.8, 12)
    expect(certifiedNorm(normalized, [2, 2])).toBeGreaterThan(1)
  })
})
