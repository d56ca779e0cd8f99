import { describe, expect, it } from 'vitest'
import { grad, jvp } from '../../src/rewrite/derivatives.js'
import { vectorize, vectorizeOver } from '../../src/rewrite/vectorize.js'
import { linearRootsOf } from '../../src/solve/linearRoot.js'
import { root } from '../../src/solve/root.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sin } from '../../src/tensor/primitives/sin.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { valuesOf } from './support/certificate.js'

describe('rows of linear systems behind derivatives', () => {
  const n = 9
  const target = (k: number): number[] => Array.from({ length: n }, (_, i) => Math.sin(3 * i + k))
  /** z + W sin(z) / 2 = y of many unknowns, w a number each row or all rows have. */
  const solution = (w: Tensor, y: Tensor): Tensor =>
    root(z => sub(add(z, mul(mul(0.5, w), sin(z))), y), { start: y, contraction: 0.5 })
  const rows = fromArray([...target(0), ...target(1)], [2, n])
  const each = fromArray([0.3, 0.8])

  it('differ where a captured number does, and are shared where it is', () => {
    const own = (w: Tensor): Tensor =>
      sum(
        vectorizeOver((v, y) => [solution(v as Tensor, y as Tensor)], [w, rows], [true, true], 2, 'first')[0] as Tensor
      )
    const one = (k: number, w: number): number => {
      const y = fromArray(target(k))
      return valuesOf(grad((v: Tensor) => sum(solution(v, y)))(scalar(w)))[0] as number
    }
    const slopes = valuesOf(grad(own)(each))
    expect(slopes[0]).toBeCloseTo(one(0, 0.3), 10)
    expect(slopes[1]).toBeCloseTo(one(1, 0.8), 10)
    const shared = (w: Tensor): Tensor => sum(vectorize((y: Tensor) => solution(w, y))(rows))
    expect(valuesOf(grad(shared)(scalar(0.3)))[0]).toBeCloseTo(one(0, 0.3) + one(1, 0.3), 10)
  })

  it('have second derivatives along rows: the map of a linear system moves with what it captured', () => {
    const own = (w: Tensor): Tensor =>
      sum(
        vectorizeOver((v, y) => [solution(v as Tensor, y as Tensor)], [w, rows], [true, true], 2, 'first')[0] as Tensor
      )
    const direction = fromArray([1, 0])
    const [, slope] = jvp((w: Tensor) => sum(mul(direction, grad(own)(w))))(each, direction)
    const alone = (w: Tensor): Tensor => sum(solution(w, fromArray(target(0))))
    const [, expected] = jvp((w: Tensor) => grad(alone)(w))(scalar(0.3), scalar(1))
    expect(linearRootsOf([slope]).length).toBeGreaterThan(0)
    expect(valuesOf(slope)[0]).toBeCloseTo(valuesOf(expected)[0] as number, 9)
    const step = 1e-5
    const at = (w: number): number => valuesOf(grad(alone)(scalar(w)))[0] as number
    expect(valuesOf(slope)[0]).toBeCloseTo((at(0.3 + step) - at(0.3 - step)) / (2 * step), 6)
  })
})
