import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { steepBlock, steepErrors, steepFloor, steepGrid, steepSlopes, steepTarget } from '../../src/experiment/steep.js'
import { toArray } from '../../src/interpret/reference/reference.js'
import { tangents } from '../../src/rewrite/derivatives.js'
import { vectorize } from '../../src/rewrite/vectorize.js'
import { fromArray } from '../../src/tensor/constructors.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { law } from '../support/law.js'

const grid = steepGrid(1000)

/** A map of one sample [1] at every number. */
const at = (f: (x: Tensor) => Tensor, xs: Float64Array): Float64Array =>
  Float64Array.from(toArray(vectorize(f)(fromArray(xs, [xs.length, 1]))))

const farthest = (a: Float64Array, b: Float64Array): number =>
  a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] as number))), 0)

describe('the closed form of the steep target', () => {
  const images = grid.map(steepTarget)

  it('is the target to 1e-12, as one block of two functions of constant 0.9', () => {
    expect(farthest(at(steepBlock.forward, grid), images)).toBeLessThan(1e-12)
  })

  it('is inverted to 1e-12 by the same equation', () => {
    expect(farthest(at(steepBlock.inverse, images), grid)).toBeLessThan(1e-12)
  })

  it('has the slopes of the target, by the implicit function theorem', () => {
    const slope = (x: Tensor): Tensor => tangents(steepBlock.forward)(x)[1]
    const away = grid.filter(x => x !== 0)
    const slopes = away.map(x => (x < 0 ? steepSlopes.left : steepSlopes.right))
    expect(farthest(at(slope, away), slopes)).toBeLessThan(1e-11)
  })
})

/** Increasing values on a grid that rise nowhere faster than a slope. */
const gentle = (lipschitz: number, halves: number): fc.Arbitrary<Float64Array> =>
  fc
    .tuple(
      fc.double({ min: -5, max: 5, noNaN: true }),
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2 * halves, maxLength: 2 * halves })
    )
    .map(([start, shares]) =>
      Float64Array.from([0, ...shares]).map((_, i, all) =>
        all.subarray(1, i + 1).reduce((sum, share) => sum + (share * lipschitz) / halves, start)
      )
    )

describe('the floors', () => {
  it('are 4, 3 and 1 for 1, 2 and 3 residual blocks, and nothing where the constant suffices', () => {
    expect([1, 2, 3, 4].map(blocks => steepFloor(2 ** blocks))).toEqual([4, 3, 1, 0])
  })

  law(
    'no function of Lipschitz constant K comes nearer to the target than (10 - K) / 2',
    [fc.constantFrom(2, 4, 8).chain(k => fc.tuple(fc.constant(k), gentle(k, 20)))],
    ([k, values]) => steepErrors(steepGrid(20), values).supError >= steepFloor(k) - 1e-12
  )

  it('are attained by slope K right of 0, the target left of it, both lifted by the floor', () => {
    for (const k of [2, 4, 8]) {
      const values = grid.map(x => (x < 0 ? steepTarget(x) : k * x) + steepFloor(k))
      expect(steepErrors(grid, values).supError).toBeCloseTo(steepFloor(k), 12)
    }
  })
})

describe('steepErrors', () => {
  it('of the target are 0, and bounded by what its values cannot tell between neighbours', () => {
    const { supError, supErrorBound, rootMeanSquare } = steepErrors(grid, grid.map(steepTarget))
    expect([supError, rootMeanSquare]).toEqual([0, 0])
    expect(supErrorBound).toBeCloseTo(steepSlopes.right / 1000, 12)
  })

  it('names the place of the largest error, and adds what is unsure of the values', () => {
    const bent = grid.map(x => (x === 0.5 ? 5.001 : steepTarget(x)))
    expect(steepErrors(grid, bent)).toMatchObject({ at: 0.5 })
    expect(steepErrors(grid, bent).supError).toBeCloseTo(0.001, 12)
    expect(steepErrors(grid, bent, 1).supErrorBound - steepErrors(grid, bent).supErrorBound).toBeCloseTo(1, 12)
  })
})
