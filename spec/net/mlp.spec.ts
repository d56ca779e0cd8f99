import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ActivationName, activations } from '../../src/net/activations.js'
import { mlp } from '../../src/net/mlp.js'
import { mlpTangents } from '../../src/net/mlpTangents.js'
import { tangents } from '../../src/rewrite/derivatives.js'
import { vectorize } from '../../src/rewrite/vectorize.js'
import { fromArray, fromNested, scalar } from '../../src/tensor/constructors.js'
import { agree, numbersOfAll } from '../support/agreement.js'
import { law } from '../support/law.js'
import { nets, parametersOf, points } from './support/nets.js'

const names = Object.keys(activations) as ActivationName[]
const withPoint = (activation: ActivationName) =>
  fc.integer({ min: 1, max: 4 }).chain(d => fc.tuple(nets(d, { activation, maxWidth: 6 }), points(d, { wild: false })))

describe('a dense net', () => {
  for (const activation of names)
    law(
      `of ${activation} has the tangents that differentiation gives it, at 1 to 3 layers, whether or not it comes first`,
      [withPoint(activation)],
      ([net, x]) => {
        const shape = { activation: activations[activation], leading: net.leading }
        const parameters = parametersOf(net)
        return agree(
          [...mlpTangents(shape)(parameters)(fromArray(x))],
          [...tangents(mlp(shape)(parameters))(fromArray(x))]
        )
      }
    )

  law(
    'is its layers one after the other, each activation scaled as the paper writes it',
    [fc.integer({ min: 1, max: 4 }).chain(d => fc.tuple(nets(d), points(d, { wild: false })))],
    ([net, x]) => {
      const formula = formulas[net.activation]
      const activate = (h: readonly number[], i: number) => h.map(t => formula(t, net.betas[i] ?? 0))
      const first = net.leading ? 1 : 0
      const expected = net.weights.reduce<readonly number[]>(
        (h, weight, i) => {
          const bias = net.biases[i] as readonly number[]
          const t = bias.map((b, row) => h.reduce((sum, y, j) => sum + (weight[row * h.length + j] as number) * y, b))
          return i < net.weights.length - 1 ? activate(t, i + first) : t
        },
        net.leading ? activate(x, 0) : x
      )
      const shape = { activation: activations[net.activation], leading: net.leading }
      const value = mlp(shape)(parametersOf(net))(fromArray(x))
      const [found] = numbersOfAll([value])
      const size = 1 + Math.max(...x.map(Math.abs), ...expected.map(Math.abs))
      return expected.every((y, i) => Math.abs(y - (found?.[i] as number)) <= 1e-13 * size)
    }
  )
})

const tau = 2 * Math.PI
const formulas: Readonly<Record<ActivationName, (t: number, beta: number) => number>> = {
  sine: t => Math.sin(tau * t) / tau,
  tanh: Math.tanh,
  elu: t => (t > 0 ? t : Math.expm1(t)),
  lipSwish: (t, beta) => t / (1 + Math.exp(-t * Math.log1p(Math.exp(beta)))) / 1.1,
  lipschitzCube: t => (Math.abs(t) < 1 ? t ** 3 / 3 : t - (Math.sign(t) * 2) / 3),
  softplus: t => Math.log1p(Math.exp(t)),
  identity: t => t
}

describe('the slope bound of', () => {
  it.each(names)('%s holds on a dense grid, and is nearly attained', name => {
    const { apply, inner, outer, lipschitz } = activations[name]
    const grid = Array.from({ length: 20_001 }, (_, i) => (i - 10_000) / 500)
    const slopes = [-3, 0, 0.5, 4].flatMap(beta => {
      const [, slope] = tangents(t => apply(t, scalar(beta)))(scalar(0.5))
      expect(slope.shape).toEqual([1])
      const all = vectorize(t => tangents(s => apply(s, scalar(beta)))(t)[1])(fromNested(grid.map(t => inner * t)))
      return [...(numbersOfAll([all])[0] as Float64Array)].map(x => Math.abs(x * inner * outer))
    })
    const most = Math.max(...slopes)
    expect(most).toBeLessThanOrEqual(lipschitz * (1 + 2 ** -50))
    expect(most).toBeGreaterThan(lipschitz - 1e-4)
  })
})
