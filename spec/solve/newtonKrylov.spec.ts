import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { newtonKrylov } from '../../src/solve/newtonKrylov.js'
import { root } from '../../src/solve/root.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { matmul } from '../../src/tensor/primitives/matmul.js'
import { reshape } from '../../src/tensor/primitives/reshape.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { law } from '../support/law.js'
import { found } from './support/problems.js'

const n = 4
/** W with row and column sums of |W| at most 3/4, so that its norm is, and x. */
const equations = fc.tuple(
  fc.array(fc.integer({ min: -12, max: 12 }), { minLength: n * n, maxLength: n * n }),
  fc.array(fc.integer({ min: -50, max: 50 }), { minLength: n, maxLength: n }).filter(x => x.some(e => e !== 0))
)

/** z + W z = x, solved from 0 by some steps of some products. */
const afterSteps = (entries: readonly number[], x: readonly number[], products: number, limit: number) => {
  const w = fromArray(
    entries.map(m => m / 64),
    [n, n]
  )
  const residual = (z: Tensor): Tensor => sub(add(z, reshape(matmul(w, reshape(z, [n, 1])), [n])), fromArray(x))
  const options = { contraction: 0.75, solver: newtonKrylov({ products }), limit, tolerance: 1e-12 }
  return found(root(residual, { ...options, start: fromArray(x.map(() => 0)) }))
}

const times = (entries: readonly number[], v: readonly number[]): readonly number[] =>
  v.map((e, i) => e + v.reduce((sum, x, j) => sum + ((entries[i * n + j] as number) / 64) * x, 0))
const dot = (a: readonly number[], b: readonly number[]): number =>
  a.reduce((sum, x, i) => sum + x * (b[i] as number), 0)

describe('a step of Newton and Krylov on linear equations', () => {
  law(
    'solves them with as many products as unknowns, or more',
    [equations, fc.integer({ min: n, max: 9 })],
    ([w, x], k) => {
      const { iterations, residual } = afterSteps(w, x, k, 10)
      return iterations <= 2 && Math.hypot(...residual) <= 1e-11 * Math.hypot(...x)
    }
  )

  law('of one product is the multiple of F that leaves the least of it', [equations], ([w, x]) => {
    const image = times(w, x)
    const factor = dot(x, image) / dot(image, image)
    const { z, iterations } = afterSteps(w, x, 1, 1)
    return iterations === 1 && x.every((e, i) => Math.abs((z[i] as number) - factor * e) <= 1e-12 * Math.hypot(...x))
  })

  law('leaves less of F with every product more, at most c^k of it', [equations], ([w, x]) => {
    const left = [1, 2, 3, 4].map(k => Math.hypot(...afterSteps(w, x, k, 1).residual))
    return left.every(
      (size, i) => size <= (left[i - 1] ?? Infinity) + 1e-10 && size <= 0.75 ** (i + 1) * Math.hypot(...x) + 1e-10
    )
  })

  it('stays where F is zero', () => {
    expect(afterSteps(Array<number>(n * n).fill(3), [0, 0, 0, 0], 3, 5)).toMatchObject({ iterations: 0 })
  })
})
