import fc from 'fast-check'
import { describe } from 'vitest'
import { rowMajor, withShape } from '../../src/interpret/reference/arrays.js'
import { program } from '../../src/interpret/reference/evaluate.js'
import { reference } from '../../src/interpret/runningError/machine.js'
import { roundingErrors } from '../../src/interpret/runningError/runningError.js'
import { picard } from '../../src/solve/picard.js'
import { input } from '../../src/tensor/primitives/input.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import { law } from '../support/law.js'
import { distance, length } from './support/certificate.js'
import { constantOfProblem, found, problems, residualOf, rootOf } from './support/problems.js'

describe('a Picard step', () => {
  law(
    'shrinks |F| by c, up to the rounding of F; the solver takes no others',
    [problems(), fc.integer({ min: 1, max: 8 })],
    (problem, steps) => {
      const z = input('z', [problem.y.length])
      const f = residualOf(problem)(z)
      const next = sub(z, f)
      const run = program([z], [f, ...roundingErrors(reference)([f]), next])
      const states = [problem.y]
      const sizes: { readonly value: number; readonly error: number }[] = []
      for (let k = 0; k <= steps; k++) {
        const [now, error, then] = run([withShape(Float64Array.from(states[k] as readonly number[]), z.shape)]).map(x =>
          Float64Array.from(rowMajor(x))
        ) as [Float64Array, Float64Array, Float64Array]
        sizes.push({ value: length(now), error: length(error) })
        states.push([...then])
      }
      const c = constantOfProblem(problem)
      const contracts = sizes.slice(1).every((size, k) => {
        const before = sizes[k] as { readonly value: number; readonly error: number }
        const step = length(states[k + 1] as readonly number[]) * 2 ** -53 * (1 + c)
        return size.value - size.error <= (c * (before.value + before.error) + step + before.error) * (1 + 2 ** -40)
      })
      const solver = found(rootOf(problem, { solver: picard, limit: steps, tolerance: 0 }))
      const last = states[Math.min(steps, solver.iterations)] as readonly number[]
      const drift = sizes.reduce((sum, { error }, k) => sum + 2 * error + length(states[k] ?? []) * 2 ** -52, 0)
      return contracts && (solver.iterations < steps || distance(solver.z, last) <= drift * (1 + 2 ** -40))
    }
  )
})
