import { describe, expect, it } from 'vitest'
import { reference } from '../../src/interpret/runningError/machine.js'
import { grad } from '../../src/rewrite/derivatives.js'
import { vectorize } from '../../src/rewrite/vectorize.js'
import { newton } from '../../src/solve/newton.js'
import { picard } from '../../src/solve/picard.js'
import { reportOf, withinTolerance } from '../../src/solve/report.js'
import { isRoot, knownAs, type RootNode, type RootOptions, root, rootsOf } from '../../src/solve/root.js'
import { fromArray } from '../../src/tensor/constructors.js'
import { add } from '../../src/tensor/primitives/add.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sin } from '../../src/tensor/primitives/sin.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { valuesOf } from './support/certificate.js'

/** z + sin(z) / 2 = y. */
const rootOfSine = (y: Tensor, options: Partial<RootOptions> = {}): RootNode => {
  const node = root(z => sub(add(z, mul(0.5, sin(z))), y), { start: y, contraction: 0.5, ...options })
  if (!isRoot(node)) throw new Error('not a root')
  return node
}

describe('a root as a node', () => {
  it('is found among what outputs depend on, in the order of computation', () => {
    const inner = rootOfSine(fromArray([1]))
    const outer = rootOfSine(inner)
    expect(rootsOf([add(outer, 1), sum(inner)])).toEqual([inner, outer])
    expect(rootsOf([fromArray([1])])).toEqual([])
  })

  it('may be known: then it is not looked for, and has the derivatives of a root there', () => {
    const target = fromArray([1])
    const slope = (known: boolean): number => {
      const there = (y: Tensor): Tensor => {
        const node = rootOfSine(y)
        return sum(known ? knownAs(node, fromArray([0.25])) : node)
      }
      return valuesOf(grad(there)(target))[0] as number
    }
    expect(valuesOf(knownAs(rootOfSine(target), fromArray([0.25])))[0]).toBe(0.25)
    const rows = vectorize((y: Tensor) => knownAs(rootOfSine(y), fromArray([0.25])))(fromArray([0, 1, 2], [3, 1]))
    expect(Array.from(valuesOf(rows))).toEqual([0.25, 0.25, 0.25])
    const cosine = Math.cos(valuesOf(rootOfSine(target))[0] as number)
    expect(slope(false)).toBeCloseTo(1 / (1 + cosine / 2), 12)
    expect(slope(true)).toBeCloseTo(1 / (1 + Math.cos(0.25) / 2), 12)
  })

  it('is no linear map', () => {
    const node = rootOfSine(fromArray([1]))
    expect(() => node.primitive.transpose(node, fromArray([1]), 0)).toThrow('root is not linear')
  })

  it('tells which samples are within the tolerance, as its report does where rounding does not matter', () => {
    const targets = fromArray([0, 2, -1], [3, 1])
    const found = (options: Partial<RootOptions>): RootNode => {
      const node = vectorize((y: Tensor) => rootOfSine(y, options))(targets)
      if (!isRoot(node)) throw new Error('not a root')
      return node
    }
    const all = found({ solver: newton, tolerance: 1e-9 })
    expect(Array.from(valuesOf(withinTolerance(all)))).toEqual([1, 1, 1])
    // 0 is the root of the first sample, and where it starts; the others would need more than a step.
    const some = found({ solver: picard, tolerance: 1e-9, limit: 1 })
    expect(Array.from(valuesOf(withinTolerance(some)))).toEqual([1, 0, 0])
    expect(Array.from(valuesOf(reportOf(reference, some).converged))).toEqual([1, 0, 0])
    // Within the tolerance is measured against 1 + |z|.
    const loose = found({ solver: picard, tolerance: 1, limit: 1 })
    expect(Array.from(valuesOf(withinTolerance(loose)))).toEqual([1, 1, 1])
  })
})
