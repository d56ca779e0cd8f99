import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import type { Points } from '../../src/data/points.js'
import { logScale, standardisationOf, standardise, unstandardise } from '../../src/data/standardise.js'
import { anyPoints, table } from './arbitraries.js'

const size = fc.double({ min: -1e6, max: 1e6, noNaN: true })
/** Tables none of whose columns is nearly constant. */
const varied = anyPoints(12, size).filter(points => points.rows > 1 && spreads(points).every(s => s > 1e-3))
const spreads = ({ rows, columns, values }: Points): ReadonlyArray<number> =>
  Array.from({ length: columns }, (_, j) => {
    const column = Array.from({ length: rows }, (_, i) => values[i * columns + j] as number)
    return Math.max(...column) - Math.min(...column)
  })
const of = (points: Points) =>
  E.getOrElseW(() => {
    throw new Error('constant')
  })(standardisationOf(points))

describe('standardise', () => {
  it('gives mean 0 and deviation 1, and is undone', () =>
    fc.assert(
      fc.property(varied, points => {
        const s = of(points)
        const standard = standardise(s)(points)
        const again = of(standard)
        expect(again.mean.every(m => Math.abs(m) < 1e-8)).toBe(true)
        expect(again.scale.every(v => Math.abs(v - 1) < 1e-9)).toBe(true)
        const back = unstandardise(s)(standard)
        for (const [i, v] of points.values.entries())
          expect(Math.abs(v - (back.values[i] as number))).toBeLessThan(1e-9 * (1 + Math.abs(v)))
      })
    ))

  it('has the log of the volume it divides by', () => {
    const s = of(
      table([
        [0, 0],
        [2, 20]
      ])
    )
    expect([...s.mean]).toEqual([1, 10])
    expect([...s.scale]).toEqual([1, 10])
    expect(logScale(s)).toBeCloseTo(Math.log(10), 15)
  })

  it('survives tiny and huge deviations', () => {
    expect([...of(table([[1e-200], [3e-200]])).scale]).toEqual([1e-200])
    expect(of(table([[-1e200], [1e200]])).scale[0]).toBeCloseTo(1e200, -190)
  })

  it('refuses a constant column, no rows, and points of another width', () => {
    expect(
      standardisationOf(
        table([
          [1, 5],
          [2, 5]
        ])
      )
    ).toEqual(E.left({ _tag: 'ConstantColumn', column: 2, value: 5 }))
    expect(standardisationOf(table([]))).toEqual(E.left({ _tag: 'TooFewRows', rows: 0, needed: 1 }))
    expect(() => standardise(of(table([[1], [2]])))(table([[1, 2]]))).toThrow(/1 columns cannot be used on points of 2/)
  })
})
