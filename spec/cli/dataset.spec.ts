import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { duration, statusLine } from '../../src/cli/terminal/status.js'
import { checkerboard } from '../../src/data/toy/checkerboard.js'
import { fromSeed } from '../../src/random/key.js'
import { entropyBits, epochRows, generatedDataset, tableDataset } from '../../src/train/dataset.js'
import { editDistance, namedDataset } from '../../src/train/datasetName.js'
import { law } from '../support/law.js'
import { points } from './support/world.js'

describe('data sets', () => {
  law(
    'epochs are permutations, and a batch is a function of seed and step',
    [fc.nat(1000), fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 40 })],
    (seed, rows, batch) => {
      const steps = Array.from({ length: 2 * rows }, (_, step) => step)
      const inOrder = epochRows(fromSeed(seed), rows, batch)
      const all = steps.flatMap(step => [...inOrder(step)])
      const backwards = epochRows(fromSeed(seed), rows, batch)
      expect(
        [...steps]
          .reverse()
          .map(step => [...backwards(step)])
          .reverse()
          .flat()
      ).toEqual(all)
      for (let epoch = 0; (epoch + 1) * rows <= all.length; epoch++)
        expect(all.slice(epoch * rows, (epoch + 1) * rows).sort((a, b) => a - b)).toEqual(
          Array.from({ length: rows }, (_, i) => i)
        )
      return true
    }
  )

  it('generators give fresh points: batches, validation and test share none', () => {
    const made = generatedDataset(checkerboard, { seed: 1, batch: 50 })
    const parts = [made.batch(0), made.batch(1), made.validation, made.test()]
    const seen = parts.flatMap(({ values }) => [...values].filter((_, i) => i % 2 === 0))
    expect(new Set(seen).size).toBe(seen.length)
    expect(parts.map(({ rows }) => rows)).toEqual([50, 50, 5000, 50_000])
    expect(made.batch(7)).toEqual(generatedDataset(checkerboard, { seed: 1, batch: 50 }).batch(7))
    expect(entropyBits(made)).toBe(5)
  })

  it('tables hold the same rows out whatever the seed', () => {
    const of = (seed: number) => {
      const made = tableDataset('t', points(100, 2), { seed, batch: 10 })
      if (E.isLeft(made)) throw new Error('not made')
      return made.right
    }
    expect(of(1).test()).toEqual(of(2).test())
    expect(of(1).validation).toEqual(of(2).validation)
    expect(of(1).batch(0)).not.toEqual(of(2).batch(0))
    expect([of(1).test().rows, of(1).validation.rows]).toEqual([10, 10])
  })

  it('are found by name; near misses get the name meant', () => {
    expect(namedDataset('moons').tag).toBe('Generator')
    expect(namedDataset('cos').tag).toBe('NoDensity')
    expect(namedDataset('a/b.npz:train')).toEqual({ tag: 'File', path: 'a/b.npz:train' })
    expect(namedDataset('Moon')).toEqual({ tag: 'Unknown', name: 'Moon', nearest: 'moons' })
    expect(namedDataset('xyzzy')).toEqual({ tag: 'Unknown', name: 'xyzzy', nearest: null })
    expect([editDistance('kitten', 'sitting'), editDistance('', 'abc'), editDistance('a', 'a')]).toEqual([3, 3, 0])
  })
})

describe('progress', () => {
  law(
    'a line of progress fits',
    [
      fc.nat(20_000),
      fc.option(fc.integer({ min: 1, max: 20_000 })),
      fc.double({ min: -99, max: 99, noNaN: true }),
      fc.integer({ min: 20, max: 200 })
    ],
    (step, planned, bits, columns) =>
      statusLine({ step, planned, bits, entropyBits: 5, stepsPerSecond: 30 }, columns).length <= columns
  )

  it('says step, bits, distance, speed and time left', () => {
    const line = statusLine({ step: 500, planned: 3000, bits: 5.25, entropyBits: 5, stepsPerSecond: 25 }, 79)
    expect(line).toBe('[##-------]  500/3000  5.250 bits (0.250 above entropy)  25 steps/s  1:40 left')
    expect([duration(7), duration(754), duration(3723)]).toEqual(['0:07', '12:34', '1:02:03'])
  })
})
