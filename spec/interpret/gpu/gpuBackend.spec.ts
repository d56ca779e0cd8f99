import { expect, it } from 'vitest'
import { gpuBackend } from '../../../src/interpret/gpu/gpuBackend.js'
import { input } from '../../../src/tensor/primitives/input.js'
import { mul } from '../../../src/tensor/primitives/mul.js'
import { must } from '../../support/must.js'

it.each(['cpu', 'webasm'] as const)('gives results of their own, which no later run of %s changes', async mode => {
  const x = input('x', [4])
  const run = await must((await must(gpuBackend(mode, { from: 0 }))).compile([x], [x, mul(x, x)]))
  const given = Float32Array.from([1, 2, 3, 4])
  const [same, squares] = await must(run([given]))
  expect(same).not.toBe(given)
  await must(run([Float32Array.from([5, 6, 7, 8])]))
  given.fill(0)
  expect(Array.from(same as Float32Array)).toEqual([1, 2, 3, 4])
  expect(Array.from(squares as Float32Array)).toEqual([1, 4, 9, 16])
})
