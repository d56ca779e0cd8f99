import { expect, it } from 'vitest'
import { settingsOf } from '../../src/cli/run/settings.js'

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
