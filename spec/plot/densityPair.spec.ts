import { either as E } from 'fp-ts'
import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { densityPair, densityPairSpec, sharedDomain } from '../../src/plot/densityPair.js'
import { cellCentres, histogramDensity, squareGrid } from '../../src/plot/numbers/densityGrid.js'
import { examine, right, sound, table } from './support/pictures.js'

const grid = squareGrid([-4, 4], 16)
const on = (density: (x: number, y: number) => number) => {
  const { values, rows } = cellCentres(grid)
  const at = (i: number) => Math.log(density(values[2 * i] ?? 0, values[2 * i + 1] ?? 0))
  return { grid, logDensity: Float64Array.from({ length: rows }, (_, i) => at(i)) }
}
const checkerboard = on((x, y) => ((Math.floor(x / 2) + Math.floor(y / 2)) % 2 === 0 ? 1 / 32 : 0))
const tilted = on((x, y) => (y < 3 ? 1 / 32 : (1 + x / 100) / 32))
const pair = {
  data: { title: 'checkerboard: data', density: checkerboard },
  model: { title: 'ImpFlow, 5.06 bits (entropy 5.00)', density: tilted }
}

/** The images of a specification, decoded, in drawing order: data, model, colour bar. */
const images = (spec: unknown) =>
  [...JSON.stringify(spec).matchAll(/data:image\/png;base64,([^"]+)/g)].map(([, body]) =>
    PNG.sync.read(Buffer.from(body ?? '', 'base64'))
  )

describe('densityPair', () => {
  test('draws both panels, axes and one colour bar', async () => {
    const { svg, facts } = await examine(densityPair({ ...pair, axisTitles: ['length (cm)', 'width (cm)'] }))
    expect(facts).toEqual(sound)
    for (const text of ['checkerboard: data', 'ImpFlow, 5.06 bits (entropy 5.00)', 'length (cm)', 'width (cm)'])
      expect(svg).toContain(`>${text}<`)
    expect(svg.match(/>density</g)).toHaveLength(1)
    expect(svg.match(/<image /g)).toHaveLength(3)
  })

  test('equal densities have equal colours in both panels, and the bar spans the shared domain', () => {
    const spec = right(densityPairSpec(pair))
    const [data, model] = images(spec)
    const pixel = (png: PNG | undefined, x: number, y: number) => [
      ...(png?.data.subarray(4 * (y * 800 + x), 4 * (y * 800 + x) + 3) ?? [])
    ]
    // bottom left cell, density 1/32 in both
    expect(pixel(data, 5, 795)).toEqual(pixel(model, 5, 795))
    expect(pixel(data, 205, 795)).not.toEqual(pixel(model, 205, 795))
    expect(JSON.stringify(spec)).toContain(JSON.stringify({ domain: sharedDomain(checkerboard, tilted), nice: false }))
  })

  test('a spike of the model is cut at 1.25 times the peak of the data, and the colour bar says so', () => {
    const spiky = on((x, y) => (Math.hypot(x, y) < 0.5 ? 9 : 1 / 32))
    expect(sharedDomain(checkerboard, spiky)[1]).toBeCloseTo(1.25 / 32, 12)
    expect(JSON.stringify(densityPairSpec({ ...pair, model: { title: 'm', density: spiky } }))).toContain(
      'model peaks at 9.0'
    )
  })

  test('-Infinity is density 0; NaN and empty grids are refused', () => {
    const broken = { grid, logDensity: checkerboard.logDensity.map((l, i) => (i === 7 ? NaN : l)) }
    const hollow = { grid: { ...grid, rows: 0, columns: 0 }, logDensity: new Float64Array(0) }
    expect(densityPairSpec({ ...pair, model: { title: 'm', density: broken } })).toEqual(
      E.left({ _tag: 'NotFinite', what: 'model density', index: 7, value: NaN })
    )
    const empty = { title: 'nothing', density: hollow }
    expect(densityPairSpec({ data: empty, model: empty })).toEqual(
      E.left({ _tag: 'NothingToPlot', what: 'data density' })
    )
    expect(() => densityPairSpec({ ...pair, model: empty })).toThrow(/one grid/)
  })

  test('a 400 x 400 grid is drawn', async () => {
    const fine = histogramDensity(squareGrid([-1, 1], 400))(table(2000, 2))
    const drawn = right(
      await densityPair({ data: { title: 'a', density: fine }, model: { title: 'b', density: fine } })()
    )
    expect(drawn.png.length).toBeGreaterThan(1000)
  })
})

describe('histogramDensity', () => {
  test('integrates to the fraction of points inside', () => {
    const { logDensity } = histogramDensity(squareGrid([0, 1], 5))(table(400, 2))
    const mass = logDensity.reduce((sum, l) => sum + Math.exp(l) / 25, 0)
    const { values } = table(400, 2)
    const inside = Array.from(
      { length: 400 },
      (_, i) => (values[2 * i] ?? 0) >= 0 && (values[2 * i + 1] ?? 0) >= 0
    ).filter(Boolean)
    expect(mass).toBeCloseTo(inside.length / 400, 12)
  })
})
