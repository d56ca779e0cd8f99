import { describe, expect, it } from 'vitest'
import { type Comparison, compared, timed } from '../../bench/comparison.js'
import { netComparisons } from '../../bench/topics/net.js'

describe('cases of the bench', () => {
  it('net: every backend that is there has the numbers of the first', async () => {
    const comparisons = await netComparisons(16, [2, 8, 8, 2])
    for (const comparison of comparisons) {
      const errors = await compared(comparison)
      expect(errors.length).toBe(comparison.subjects.length)
      expect(comparison.subjects.map(({ name }) => name)).toContain('impflow, reference')
      for (const missing of comparison.missing) console.log(`not run: ${missing}`)
    }
  }, 60_000)

  const subject = (name: string, numbers: readonly number[], precision: 'float32' | 'float64' = 'float64') => ({
    name,
    precision,
    threads: 1,
    run: () => Promise.resolve([numbers])
  })
  const comparison = (...subjects: Comparison['subjects']): Comparison => ({ name: 'numbers', subjects, missing: [] })

  it('numbers that differ are not timed: the subject is named', async () => {
    await expect(timed(comparison(subject('one', [1, 2]), subject('two', [1, 2.1])), 0)).rejects.toThrow(
      /numbers, two float64: off by 0\.05/
    )
    await expect(compared(comparison(subject('one', [1, 2]), subject('two', [1])))).rejects.toThrow('off by Infinity')
    await expect(compared(comparison(subject('one', [1]), subject('two', [Number.NaN])))).rejects.toThrow('off by NaN')
  })

  it('times and errors of those that agree', async () => {
    const rows = await timed(comparison(subject('one', [4, 2]), subject('two', [4, 2 + 2e-5], 'float32')), 0.01)
    expect(rows.map(row => row.error)).toEqual([0, expect.closeTo(5e-6, 9)])
    expect(rows.every(({ milliseconds, quartiles: [low, high] }) => low <= milliseconds && milliseconds <= high)).toBe(
      true
    )
  })
})
