import { describe, expect, it } from 'vitest'
import { reference } from '../../src/interpret/runningError/machine.js'
import { boundsOf, roundingErrors } from '../../src/interpret/runningError/runningError.js'
import { dot } from '../../src/interpret/text/dot.js'
import { listing } from '../../src/interpret/text/listing.js'
import { grad, jvp } from '../../src/rewrite/derivatives.js'
import { expand } from '../../src/rewrite/expand.js'
import { simplify } from '../../src/rewrite/simplify.js'
import { vectorize } from '../../src/rewrite/vectorize.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { topological } from '../../src/tensor/graph.js'
import { add } from '../../src/tensor/primitives/add.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { sin } from '../../src/tensor/primitives/sin.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { numbersOfAll } from '../support/agreement.js'

const depth = 1e5

/** A chain of as many additions as asked for: x + count / 1024, exactly. */
const chain = (x: Tensor, count = depth): Tensor => {
  const step = scalar(1 / 1024)
  let y = x
  for (let i = 0; i < count; i++) y = add(y, step)
  return y
}

describe(`graphs of depth ${depth} do not overflow the stack`, () => {
  it('when evaluated, differentiated forwards and backwards, vectorized', () => {
    const x = scalar(1)
    const [, forward] = jvp((z: Tensor) => chain(z))(x, scalar(3))
    const backward = grad((z: Tensor) => chain(z))(x)
    const rows = vectorize(z => chain(z))(fromArray([1, 2]))
    expect(numbersOfAll([chain(x), forward, backward, rows]).map(y => [...y])).toEqual([
      [1 + depth / 1024],
      [3],
      [1],
      [1 + depth / 1024, 2 + depth / 1024]
    ])
  }, 60_000)

  it('when simplified, expanded, listed, drawn and bounded', () => {
    const y = chain(scalar(1))
    const wavy = sin(mul(2, y))
    expect(topological(simplify([wavy])).length).toBeLessThan(5)
    expect(expand(() => true)([y])[0]).toBe(y)
    expect(listing([y]).split('\n').length).toBe(depth + 3)
    expect(dot([y]).split('\n').length).toBeGreaterThan(depth)
    expect(roundingErrors(reference)([y])[0]?.shape).toEqual([])
    expect(boundsOf()([chain(scalar(1), depth / 10)])[0]?.[0]).toBeLessThan(1e-10)
  }, 60_000)
})
