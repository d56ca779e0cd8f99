import { either as E } from 'fp-ts'
import { describe, expect, test } from 'vitest'
import { squareAround } from '../../src/plot/numbers/frame.js'
import { mapLines, regularGrid } from '../../src/plot/numbers/gridLine.js'
import { pairPlot, pairPlotSpec } from '../../src/plot/pairPlot.js'
import { mostPoints, samplesPlot, samplesPlotSpec } from '../../src/plot/samplesPlot.js'
import { warpedGrid, warpedGridSpec } from '../../src/plot/warpedGrid.js'
import { examine, right, sound, table } from './support/pictures.js'

const spoilt = (rows: number, columns: number) => {
  const points = table(rows, columns)
  return { ...points, values: points.values.map((v, i) => (i === 4 ? NaN : v)) }
}

describe('samplesPlot', () => {
  test('in two dimensions, two scatter plots with the same axes', async () => {
    const plot = { title: 'Square', data: table(300, 2), samples: table(200, 2, 0.1) }
    const { svg, facts } = await examine(samplesPlot(plot))
    expect(facts).toEqual(sound)
    for (const text of ['>Square<', '>data: 300 points<', '>model samples: 200 points<', '>x₁<', '>x₂<'])
      expect(svg).toContain(text)
    const domains = [...JSON.stringify(right(samplesPlotSpec(plot))).matchAll(/"domain":(\[[^\]]+\])/g)].map(m => m[1])
    expect(domains).toHaveLength(4)
    expect(new Set([domains[0], domains[2]]).size + new Set([domains[1], domains[3]]).size).toBe(2)
  })

  test('equal units on both axes, whatever the spread', () => {
    const flat = { ...table(50, 2), values: table(50, 2).values.map((v, i) => (i % 2 === 0 ? 100 * v : v)) }
    const [x, y] = squareAround([flat])
    expect(x[1] - x[0]).toBeCloseTo(y[1] - y[0], 9)
  })

  test('in one dimension, histograms and a curve', async () => {
    const curve = { label: 'model density', x: [-1, 0, 1], density: [0.5, 0.5, 0.5] }
    const { svg, facts } = await examine(
      samplesPlot({ title: 'Line', data: table(300, 1), samples: table(300, 1, 0.2), curve })
    )
    expect(facts).toEqual(sound)
    for (const text of ['>Line<', '>data: 300 points<', '>model density<']) expect(svg).toContain(text)
  })

  test('says when points are left out', () => {
    const rows = mostPoints + 1
    const many = { rows, columns: 2, values: new Float64Array(2 * rows).map((_, i) => i % 7) }
    expect(JSON.stringify(samplesPlotSpec({ title: '', data: many, samples: table(9, 2) }))).toContain(
      'first 4,000 of 4,001 points'
    )
  })

  test('refuses NaN, empty tables and other numbers of columns', () => {
    const data = table(9, 2)
    expect(samplesPlotSpec({ title: '', data, samples: spoilt(9, 2) })).toEqual(
      E.left({ _tag: 'NotFinite', what: 'model samples', index: 4, value: NaN })
    )
    expect(samplesPlotSpec({ title: '', data: table(0, 2), samples: data })).toEqual(
      E.left({ _tag: 'NothingToPlot', what: 'data' })
    )
    expect(() => samplesPlotSpec({ title: '', data: table(9, 3), samples: table(9, 3) })).toThrow(/1 or 2 columns/)
  })
})

describe('pairPlot', () => {
  test('draws all pairs, and the first six columns of more', async () => {
    const { svg, facts } = await examine(
      pairPlot({ title: 'Cube', data: table(200, 3), samples: table(100, 3, 0.1), names: ['a', 'b', 'c'] })
    )
    expect(facts).toEqual(sound)
    for (const text of ['>Cube<', '>a<', '>b<', '>c<', '>all 3 columns<']) expect(svg).toContain(text)
    expect(svg.match(/<image /g)).toHaveLength(6)
    const eight = JSON.stringify(pairPlotSpec({ title: '', data: table(50, 8), samples: table(50, 8) }))
    expect(eight).toContain('the first 6 of 8 columns')
    expect(eight.match(/data:image/g)).toHaveLength(30)
  })

  test('refuses NaN and unequal columns', () => {
    expect(E.isLeft(pairPlotSpec({ title: '', data: spoilt(9, 3), samples: table(9, 3) }))).toBe(true)
    expect(() => pairPlotSpec({ title: '', data: table(9, 3), samples: table(9, 4) })).toThrow(/got 3 and 4/)
  })
})

describe('warpedGrid', () => {
  const lines = regularGrid([-1, 1], [-1, 1], 5, 10)
  const sheared = mapLines(p => ({
    ...p,
    values: p.values.map((v, i) => (i % 2 === 0 ? v + 0.5 * (p.values[i + 1] ?? 0) : v))
  }))(lines)

  test('draws the grid and its image', async () => {
    const { svg, facts } = await examine(
      warpedGrid({
        title: 'Shear',
        before: { title: 'latent', lines, axisTitles: ['z₁', 'z₂'] },
        after: { title: 'image', lines: sheared }
      })
    )
    expect(facts).toEqual(sound)
    for (const text of ['>Shear<', '>latent<', '>image<', '>z₁<', '>x₂<']) expect(svg).toContain(text)
    expect(svg.match(/mark-line/g)).toHaveLength(20)
  })

  test('a line keeps its colour under the map', () => {
    const colours = [
      ...JSON.stringify(
        right(warpedGridSpec({ title: '', before: { title: 'a', lines }, after: { title: 'b', lines: sheared } }))
      ).matchAll(/"type":"line","clip":true,"color":"(#\w+)"/g)
    ].map(m => m[1])
    expect(colours.slice(0, 10)).toEqual(colours.slice(10))
    expect(new Set(colours).size).toBe(10)
  })

  test('refuses no lines and points that are not finite', () => {
    const before = { title: 'a', lines }
    const nowhere = mapLines(p => ({ ...p, values: p.values.map(() => Infinity) }))(lines)
    expect(warpedGridSpec({ title: '', before, after: { title: 'b', lines: [] } })).toEqual(
      E.left({ _tag: 'NothingToPlot', what: 'b' })
    )
    expect(E.isLeft(warpedGridSpec({ title: '', before, after: { title: 'b', lines: nowhere } }))).toBe(true)
  })
})
