import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { defaultShares, splitRows } from '../../src/data/split.js'
import { fromSeed } from '../../src/random/key.js'
import { anyKey } from '../random/arbitraries.js'
import { table } from './arbitraries.js'

const numbered = (rows: number) => table(Array.from({ length: rows }, (_, i) => [i, -i]))
const sizes = (rows: number, shares = defaultShares) =>
  E.map((s: { training: { rows: number }; validation: { rows: number }; test: { rows: number } }) => [
    s.training.rows,
    s.validation.rows,
    s.test.rows
  ])(splitRows(fromSeed(0), shares)(numbered(rows)))

describe('splitRows', () => {
  it('puts every row in exactly one part, the same way for the same key', () =>
    fc.assert(
      fc.property(anyKey, fc.integer({ min: 3, max: 200 }), (key, rows) => {
        const split = splitRows(key)(numbered(rows))
        expect(splitRows(key)(numbered(rows))).toEqual(split)
        if (E.isLeft(split)) throw new Error('too few')
        const { training, validation, test } = split.right
        const all = [training, validation, test].flatMap(part => [...part.values].filter((_, i) => i % 2 === 0))
        expect(all.sort((a, b) => a - b)).toEqual(Array.from({ length: rows }, (_, i) => i))
      })
    ))

  it('takes 80, 10 and 10 % unless told otherwise; a part that has a share has a row', () => {
    expect(sizes(1000)).toEqual(E.right([800, 100, 100]))
    expect(sizes(3)).toEqual(E.right([1, 1, 1]))
    expect(sizes(10, { validation: 0, test: 0.25 })).toEqual(E.right([8, 0, 2]))
    expect(sizes(1, { validation: 0, test: 0 })).toEqual(E.right([1, 0, 0]))
  })

  it('says how many rows it needs', () => {
    expect(sizes(2)).toEqual(E.left({ _tag: 'TooFewRows', rows: 2, needed: 3 }))
    expect(sizes(0)).toEqual(E.left({ _tag: 'TooFewRows', rows: 0, needed: 3 }))
    expect(sizes(10, { validation: 0.01, test: 0.95 })).toEqual(E.left({ _tag: 'TooFewRows', rows: 10, needed: 21 }))
  })

  it('refuses shares that leave nothing', () => {
    for (const shares of [
      { validation: 0.5, test: 0.5 },
      { validation: -0.1, test: 0.1 }
    ])
      expect(() => splitRows(fromSeed(0), shares)).not.toThrow()
    expect(() => sizes(10, { validation: 0.5, test: 0.5 })).toThrow(/leave rows to train on/)
    expect(() => sizes(10, { validation: -0.1, test: 0.1 })).toThrow(/must not be negative/)
  })
})
