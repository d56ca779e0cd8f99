import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { referenceBackend } from '../../src/interpret/reference/referenceBackend.js'
import { vectorizeOver } from '../../src/rewrite/vectorize.js'
import { isRoot, root, solved } from '../../src/solve/root.js'
import { traceRoot } from '../../src/solve/trace.js'
import { add } from '../../src/tensor/primitives/add.js'
import { input } from '../../src/tensor/primitives/input.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sin } from '../../src/tensor/primitives/sin.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { solvers } from './support/problems.js'

const rows = 3
const points = input('x', [2, rows])
const numbers = Float64Array.of(0.3, -2, 40, 1, 0, -7)
const limits = { tolerance: 1e-13, limit: 100 }

describe.each(Object.entries(solvers))('the trace of %s', (_, solver) => {
  const [node] = vectorizeOver(
    x => [
      root(z => sub(add(z, mul(0.9, sin(z))), x as Tensor), { start: x as Tensor, contraction: 0.9, solver, ...limits })
    ],
    [points],
    [true],
    rows,
    'last'
  ) as [Tensor]

  it('takes the steps of the iteration, and ends where it does', async () => {
    if (!isRoot(node)) throw new Error('not a root')
    const traced = await traceRoot(referenceBackend, node, solver, limits, [[points], [numbers]])()
    const { iterations, residual } = solved(node)
    const compiled = await referenceBackend.compile([points], [iterations, residual])()
    const told = E.isRight(compiled) ? await compiled.right([numbers])() : compiled
    if (E.isLeft(traced) || E.isLeft(told)) throw new Error('the reference failed')
    const [steps, f] = told.right as readonly [Float64Array, Float64Array]
    const { sizes } = traced.right
    expect(traced.right.steps).toEqual(steps)
    expect(sizes).toHaveLength(Math.max(...steps) + 1)
    const last = sizes.at(-1) as Float64Array
    last.forEach((size, i) => {
      expect(size).toBeCloseTo(Math.hypot(f[i] as number, f[rows + i] as number), 18)
    })
    // |F| never grows, and a sample that has ended stays as it is.
    sizes.slice(1).forEach((now, step) => {
      now.forEach((size, i) => {
        expect(size).toBeLessThanOrEqual((sizes[step] as Float64Array)[i] as number)
        if (step >= (steps[i] as number)) expect(size).toBe(last[i])
      })
    })
  })

  it('ends at the limit', async () => {
    if (!isRoot(node)) throw new Error('not a root')
    const traced = await traceRoot(referenceBackend, node, solver, { ...limits, limit: 2 }, [[points], [numbers]])()
    expect(E.isRight(traced) && traced.right.sizes.length).toBe(3)
  })
})
