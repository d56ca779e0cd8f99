import { expect, it } from 'vitest'
import { parseSettings, settingsOf } from '../../src/cli/run/settings.js'
import { tooSteep } from '../../src/net/activations.js'

it.each([
  [{}, 1e-2, 0.2],
  [{ steps: 1000 }, 1e-2, 0.2],
  [{ minutes: 2 }, 1e-2, 0.2],
  [{ steps: 5000 }, 5e-3, 0.4],
  [{ minutes: 20 }, 5e-3, 0.4],
  [{ learningRate: 1e-3 }, 1e-3, 1]
])('chooses learning rates by the length of the run: %j', (asked, learningRate, lastLayerRate) => {
  expect(settingsOf(asked)).toMatchObject({ learningRate, lastLayerRate })
})

it('refuses activations that are too steep by name, with their slope', () => {
  expect(parseSettings({ activation: 'SELU' })).toMatchObject({
    left: {
      message:
        '--activation is "SELU", where an activation whose slope is at most 1 (its own reaches 1.7581), ' +
        'one of sine, lipSwish, elu, tanh, lipschitzCube, softplus, identity, should be.'
    }
  })
  expect(parseSettings({ activation: 'relu6' })).toMatchObject({
    left: { message: expect.stringMatching('where one of sine, lipSwish') }
  })
})

it('slopes of the activations that are refused are those of their steepest points', () => {
  const steepest = (slope: (t: number) => number): number =>
    Math.max(...Array.from({ length: 80_001 }, (_, i) => slope((i - 40_000) / 4000)))
  const sigmoid = (t: number): number => 1 / (1 + Math.exp(-t))
  const swish = steepest(t => sigmoid(t) * (1 + t * (1 - sigmoid(t))))
  const mish = steepest(
    t => Math.tanh(Math.log1p(Math.exp(t))) + (t * sigmoid(t)) / Math.cosh(Math.log1p(Math.exp(t))) ** 2
  )
  expect(tooSteep.swish).toBeCloseTo(swish, 6)
  expect(tooSteep.silu).toBe(tooSteep.swish)
  expect(tooSteep.mish).toBeCloseTo(mish, 6)
  expect(tooSteep.selu).toBeCloseTo(1.0507009873554805 * 1.6732632423543772, 12)
  // x Phi(x) at sqrt 2: Phi(sqrt 2) + sqrt 2 phi(sqrt 2), Phi(sqrt 2) = (1 + erf 1) / 2
  expect(tooSteep.gelu).toBeCloseTo(
    (1 + 0.8427007929497149) / 2 + (Math.SQRT2 * Math.exp(-1)) / Math.sqrt(2 * Math.PI),
    9
  )
})
