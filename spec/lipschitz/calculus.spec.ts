import { describe, expect, it } from 'vitest'
import { byLemma, type Contractive, composed, scaled, summed } from '../../src/lipschitz/contractive.js'
import { tangents } from '../../src/rewrite/derivatives.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { maximum } from '../../src/tensor/primitives/maximum.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import type { Tree } from '../../src/tensor/tree.js'
import { contractiveOf, nets, parametersOf, points } from '../net/support/nets.js'
import { numbers } from '../solve/support/certificate.js'
import { law } from '../support/law.js'
import { spectralNorm } from './support/singularValues.js'

const two = [nets(2), nets(2), points(2)] as const

/** A net's own tangents, and what differentiating its value gives. */
const bothTangents = <P extends Tree>(f: Contractive<P>, p: P, x: Tensor): readonly [Float64Array, Float64Array] =>
  numbers(f.net(p).tangents(x)[1], tangents(f.net(p).value)(x)[1]) as [Float64Array, Float64Array]

const holds = <P extends Tree>(f: Contractive<P>, p: P, at: readonly number[]): boolean => {
  const [own, differentiated] = bothTangents(f, p, fromArray(at))
  const [bound] = numbers(f.bound(p)) as [Float64Array]
  const scale = Math.max(...own.map(Math.abs), 1)
  const same = own.every((value, i) => Math.abs(value - (differentiated[i] as number)) <= 1e-12 * scale)
  return same && spectralNorm([...own], 2, 2) <= (bound[0] as number) * (1 + 1e-12)
}

describe('the Lipschitz calculus', () => {
  law('a sum has the sum of the bounds, and the tangents of the sum', two, (f, g, x) =>
    holds(summed(contractiveOf(f), contractiveOf(g)), [parametersOf(f), parametersOf(g)], x)
  )
  law('a composition has the product of the bounds, and the chain rule', two, (f, g, x) =>
    holds(composed(contractiveOf(f), contractiveOf(g)), [parametersOf(f), parametersOf(g)], x)
  )
  law('a multiple has the multiple of the bound', two, (f, _, x) =>
    holds(scaled(-0.7, contractiveOf(f)), parametersOf(f), x)
  )
  it('takes a lemma with its source only', () => {
    const clipped = byLemma(
      'Lu et al. 2021, Fig. 2',
      () => x => mul(-0.9, maximum(x, 0)),
      () => scalar(0.9)
    )
    expect(bothTangents(clipped, [], fromArray([2]))[0]).toEqual(Float64Array.of(-0.9))
    expect(() =>
      byLemma(
        ' ',
        () => x => x,
        () => scalar(1)
      )
    ).toThrow('needs a source')
  })
})
