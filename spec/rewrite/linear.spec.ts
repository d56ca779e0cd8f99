import { describe } from 'vitest'
import { type Application, applications, argumentsOf, functionOf, withDirections } from '../../src/laws/applications.js'
import { type Several, tangent } from '../../src/laws/contractions.js'
import { type Sample, tensorOf } from '../../src/laws/samples.js'
import { jacobian } from '../../src/rewrite/derivatives.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { range, sizeOf } from '../../src/tensor/shape.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { identical, numbersOfAll } from '../support/agreement.js'
import { law } from '../support/law.js'

const severalOf = (application: Application): Several => {
  const f = functionOf(application)
  return xs => f(...xs)
}

const tensors = (sampled: readonly Sample[]): readonly Tensor[] => sampled.map(tensorOf)

const linearOnes = ['broadcast', 'concat', 'neg', 'pad', 'permute', 'reshape', 'slice', 'sum', 'add', 'sub'] as const
const bilinearOnes = ['mul', 'matmul'] as const

describe('linear primitives', () => {
  for (const name of linearOnes)
    law(`the tangent of ${name} is ${name}`, [withDirections(name, 1)], ([application, v = []]) => {
      const f = severalOf(application)
      return identical(
        numbersOfAll([tangent(f, argumentsOf(application), tensors(v))]),
        numbersOfAll([f(tensors(v))]),
        { signs: false }
      )
    })
  for (const name of bilinearOnes)
    law(`the tangent of ${name}(a, b) along (a, b) is twice ${name}(a, b)`, [applications(name)], application => {
      const [f, xs] = [severalOf(application), argumentsOf(application)]
      return identical(numbersOfAll([tangent(f, xs, xs)]), numbersOfAll([mul(2, f(xs))]), { signs: false })
    })
  law('the derivative of x in x is the identity, exactly', [applications('neg', 'wild')], application => {
    const x = argumentsOf(application)[0] as Tensor
    const n = sizeOf(x.shape)
    const expected = range(n * n).map(i => (i % (n + 1) === 0 ? 1 : 0))
    return identical(numbersOfAll([jacobian(z => z)(x)]), [expected])
  })
})
