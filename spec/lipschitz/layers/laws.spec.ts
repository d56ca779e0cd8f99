import { describe } from 'vitest'
import { lipschitz } from '../../../src/laws/contractive.js'
import { netFrom } from '../../../src/laws/expressions.js'
import { clipSwish, clipSwishBound, maxMin } from '../../../src/lipschitz/layers/paired.js'
import { sll } from '../../../src/lipschitz/layers/residualLayer.js'
import { fromSeed } from '../../../src/random/key.js'
import { normal } from '../../../src/random/normal.js'
import { fromArray, scalar } from '../../../src/tensor/constructors.js'
import { run } from '../../support/law.js'

const draws = (seed: number, shape: readonly number[]) =>
  fromArray(Array.from(normal(fromSeed(seed))(shape.reduce((a, b) => a * b, 1))), shape)

/** Nets are made while tests are collected: apart from other tests, which would vanish with them if they could not be made. */
describe('layers that are contractive by their lemmas', () => {
  run(lipschitz(netFrom('maxMin', maxMin.net([]), 1, 4)))
  run(lipschitz(netFrom('clipSwish', clipSwish.net({ beta: scalar(0.5) }), clipSwishBound, 3)))
  const parameters = { weight: draws(1, [3, 5]), bias: draws(2, [5]), logQ: draws(3, [5]) }
  for (const activation of ['tanh', 'elu', 'softplus', 'lipschitzCube'] as const)
    run(lipschitz(netFrom(`sll of ${activation}`, sll(activation).net(parameters), 1, 3)))
})
