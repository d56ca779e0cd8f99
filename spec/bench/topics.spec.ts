import { describe, expect, it } from 'vitest'
import { type Comparison, compared, measured, type Subject } from '../../bench/comparison.js'
import { markdownOf } from '../../bench/report.js'
import { topics } from '../../bench/topics.js'

const installed = await import('onnxruntime-node').then(
  () => true,
  () => false
)

/** Every case runs once, so that it cannot rot, and gives the numbers of the first subject; nothing is timed. */
describe.runIf(installed)('every case of the bench, small', () => {
  it.each(Object.keys(topics))(
    '%s',
    async topic => {
      const comparisons = await (topics[topic] as (typeof topics)[string])('tiny')
      expect(comparisons.length).toBeGreaterThan(0)
      for (const comparison of comparisons) {
        const errors = await compared(comparison)
        expect(errors.length).toBe(comparison.subjects.length)
        expect(comparison.subjects.length).toBeGreaterThan(0)
        for (const { measure } of comparison.subjects)
          expect((await measure(0)).every(x => Number.isFinite(x) && x > 0)).toBe(true)
      }
      for (const missing of new Set(comparisons.flatMap(comparison => comparison.missing)))
        console.log(`not run: ${missing}`)
    },
    240_000
  )
})

describe('comparisons', () => {
  const subject = (
    name: string,
    numbers: readonly number[],
    precision: 'float32' | 'float64' = 'float64',
    times: readonly number[] = [1]
  ): Subject => ({
    name,
    precision,
    threads: 1,
    answer: () => Promise.resolve([numbers]),
    measure: () => Promise.resolve(times)
  })
  const comparison = (...subjects: Comparison['subjects']): Comparison => ({ name: 'numbers', subjects, missing: [] })

  it('numbers that differ are not timed: the subject is named', async () => {
    await expect(measured(comparison(subject('one', [1, 2]), subject('two', [1, 2.1])), 0, 1)).rejects.toThrow(
      /numbers, two float64: off by 0\.05/
    )
    await expect(compared(comparison(subject('one', [1, 2]), subject('two', [1])))).rejects.toThrow('off by Infinity')
    await expect(compared(comparison(subject('one', [1]), subject('two', [Number.NaN])))).rejects.toThrow('off by NaN')
  })

  it('medians, quartiles and errors of those that agree, in yardsticks too', async () => {
    const rows = await measured(
      {
        ...comparison(
          subject('one', [4, 2], 'float64', [3, 1, 2, 5, 4]),
          subject('two', [4, 2 + 2e-5], 'float32', [6])
        ),
        yardstick: { name: 'sticks', measure: () => Promise.resolve([2]) }
      },
      0,
      2
    )
    expect(rows.map(row => row.error)).toEqual([0, expect.closeTo(5e-6, 9)])
    expect(rows.map(row => row.median)).toEqual([3, 6])
    expect(rows[0]?.quartiles).toEqual([2, 4])
    expect(rows.map(row => row.yardsticks)).toEqual([1.5, 3])
    expect(rows.map(row => row.count)).toEqual([10, 2])
  })

  it('a table says whose numbers they are, and what did not run', () => {
    const row = { precision: 'float32', threads: 1, error: 0, quartiles: [1, 3], count: 3, yardsticks: null } as const
    const text = markdownOf({
      topic: 'sums',
      command: 'npm run bench -- --topic sums',
      machine: { cpu: 'a processor', cores: 2 },
      results: [
        {
          name: 'a sum',
          unit: 'ms',
          yardstick: null,
          missing: ['abacus: buy one'],
          rows: [
            { ...row, subject: 'impflow, onnx', median: 2 },
            { ...row, subject: 'fingers', median: 5, error: 1e-7 }
          ]
        }
      ]
    })
    expect(text).toContain('| fingers | float32 | 1 | 5.00 (1.00 to 3.00) | 2.50 | 1.0e-7 |')
    expect(text).toContain('Not run: abacus: buy one.')
    expect(text).toContain('a processor, 2 cores')
  })
})
