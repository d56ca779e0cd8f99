import fc from 'fast-check'
import ndarray from 'ndarray'
import { describe, expect, it } from 'vitest'
import { toArray, toNested } from '../../src/interpret/reference/reference.js'
import { samples, shapes, tensorOf } from '../../src/laws/samples.js'
import { fromArray, fromNdarray, fromNested, scalar } from '../../src/tensor/constructors.js'
import { iota, oneHot } from '../../src/tensor/primitives/oneHot.js'
import { leaves, mapTree, namedLeaves, withLeaves } from '../../src/tensor/tree.js'
import { identical } from '../support/agreement.js'
import { law } from '../support/law.js'

const anySample = shapes({ maxRank: 6, empty: true }).chain(shape => samples(shape, 'real', 'wild'))

describe('constructors', () => {
  law('fromArray, then toArray, is the same to the bit', [anySample], sample =>
    identical([toArray(tensorOf(sample))], [sample.values])
  )

  law('toNested, then fromNested, keeps numbers, and shapes without empty axes', [anySample], sample => {
    const x = tensorOf(sample)
    const again = fromNested(toNested(x))
    if (!sample.shape.includes(0)) expect(again.shape).toEqual(sample.shape)
    return identical([toArray(again)], [sample.values])
  })

  law('changing the source afterwards changes nothing, nor does changing what came out', [anySample], sample => {
    const source = Float64Array.from(sample.values)
    const view = ndarray(Float64Array.from(sample.values), [...sample.shape])
    const [a, b] = [fromArray(source, sample.shape), fromNdarray(view)]
    source.fill(7)
    view.data.fill(7)
    const out = toArray(a)
    out.fill(9)
    return identical([toArray(a), toArray(b)], [sample.values, sample.values])
  })

  law('an ndarray view is read through its strides', [samples([3, 4], 'real'), fc.boolean()], (sample, turned) => {
    const whole = ndarray(Float64Array.from(sample.values), [3, 4])
    const view = turned ? whole.transpose(1, 0).lo(1, 1).step(-1, 1) : whole.step(2, -1)
    const expected = []
    for (let i = 0; i < (view.shape[0] as number); i++)
      for (let j = 0; j < (view.shape[1] as number); j++) expected.push(view.get(i, j))
    return identical([toArray(fromNdarray(view))], [expected])
  })

  it('the numbers of a constant cannot be reached from outside, and a tensor is frozen', () => {
    const x = fromArray([1, 2])
    expect(Object.keys(x.parameters as object)).toEqual(['shape'])
    expect(JSON.stringify(x.parameters)).toBe('{"shape":[2]}')
    expect(Object.isFrozen(x) && Object.isFrozen(x.parameters)).toBe(true)
  })

  it('refuses ragged nesting and numbers that do not fill the shape', () => {
    expect(() => fromNested([[1, 2], [3]])).toThrow('ragged nesting')
    expect(() => fromNested([1, [2]])).toThrow('ragged nesting')
    expect(() => fromArray([1, 2, 3], [2, 2])).toThrow('3 numbers do not fill shape [2 2]')
  })

  it('one-hot rows of what is no index are zero', () => {
    expect(toNested(oneHot(fromArray([2, -1, 0.5, 0]), 3))).toEqual([
      [0, 0, 1],
      [0, 0, 0],
      [0, 0, 0],
      [1, 0, 0]
    ])
    expect(toNested(iota(3))).toEqual([0, 1, 2])
  })
})

describe('trees of tensors', () => {
  const tree = { b: [scalar(1), { z: scalar(2), a: scalar(3) }], a: scalar(4) }

  it('leaves come in the order of sorted keys, named by their path', () => {
    expect(leaves(tree).map(x => toNested(x))).toEqual([4, 1, 3, 2])
    expect(namedLeaves(tree).map(([name]) => name)).toEqual(['a', 'b.0', 'b.1.a', 'b.1.z'])
  })

  it('withLeaves(tree, leaves(tree)) is the tree, and the number of leaves must fit', () => {
    expect(withLeaves(tree, leaves(tree))).toEqual(tree)
    expect(leaves(mapTree(tree, (_, i) => scalar(i))).map(x => toNested(x))).toEqual([0, 1, 2, 3])
    expect(() => withLeaves(tree, [scalar(1)])).toThrow('needs more than 1 leaves')
    expect(() => withLeaves(tree, Array(5).fill(scalar(1)))).toThrow('a tree of 4 leaves was given 5')
  })
})
