import { either as E } from 'fp-ts'
import { PNG } from 'pngjs'
import { describe, expect, test } from 'vitest'
import { canonicalIds } from '../../src/plot/drawing/canonicalIds.js'
import { colourAt, css, viridis } from '../../src/plot/drawing/colourMap.js'
import { type LegendEntry, placed } from '../../src/plot/drawing/heading.js'
import { draw, pictureOf } from '../../src/plot/drawing/picture.js'
import { rasterUri } from '../../src/plot/drawing/raster.js'
import { learningCurve } from '../../src/plot/learningCurve.js'
import { sideBySide } from '../../src/plot/sideBySide.js'
import { right, sizeOf, wellFormed } from './support/pictures.js'

const words = (text: string) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="80" height="20"><text x="2" y="15" font-family="Inter">${text}</text></svg>`
const darkPixels = (png: Uint8Array) => {
  const { data } = PNG.sync.read(Buffer.from(png))
  return Array.from({ length: data.length / 4 }, (_, i) => data[4 * i] ?? 255).filter(red => red < 128).length
}

describe('pictureOf', () => {
  test('text is drawn without any font of the machine, mathematical signs included', () => {
    for (const text of ['density', '600', 'λ', 'κ', '≤', '∞', '−', 'x₁', '²'])
      expect(darkPixels(right(pictureOf(words(text))).png), text).toBeGreaterThan(10)
  })

  test('what is not SVG is RenderFailed, and so is a specification that Vega refuses', async () => {
    expect(E.mapLeft((e: { _tag: string }) => e._tag)(pictureOf('<svg'))).toEqual(E.left('RenderFailed'))
    const nonsense = { data: { values: [] }, mark: 'bar', encoding: {}, transform: [{ filter: '(((' }] } as const
    expect(E.isLeft(await draw(E.right({ ...nonsense, transform: [...nonsense.transform] }))())).toBe(true)
  })
})

describe('sideBySide', () => {
  test('puts pictures on one sheet without clashing ids', async () => {
    const course = { steps: [1, 2], bits: [6, 5] }
    const one = right(await learningCurve({ title: 'one', training: course, validation: course, entropy: 5 })())
    const { svg, png } = right(sideBySide([one, one]))
    const ids = [...svg.matchAll(/\bid="([^"]+)"/g)].map(m => m[1])
    expect(new Set(ids).size).toBe(ids.length)
    expect(ids.length).toBeGreaterThan(0)
    expect(wellFormed(svg)).toBe(true)
    expect(sizeOf(svg)).toEqual([2 * sizeOf(one.svg)[0], sizeOf(one.svg)[1]])
    expect(PNG.sync.read(Buffer.from(png)).width).toBe(2 * sizeOf(svg)[0])
    expect(sideBySide([])).toEqual(E.left({ _tag: 'NothingToPlot', what: 'side by side' }))
  })
})

describe('canonicalIds', () => {
  test('renames in order of appearance, references too', () =>
    expect(canonicalIds('a')('<g clip-path="url(#c9)"/><g id="c9"/><g id="g4"/>')).toBe(
      '<g clip-path="url(#a1)"/><g id="a1"/><g id="a2"/>'
    ))

  test('is idempotent', () => {
    const once = canonicalIds('a')('<g id="a2"/><g id="a1"/><g clip-path="url(#a1)"/>')
    expect(canonicalIds('a')(once)).toBe(once)
  })
})

describe('rasterUri', () => {
  test('row 0 is at the bottom and every value is a block of its own colour', () => {
    const uri = rasterUri(viridis, 4)({ rows: 2, columns: 2, values: [0, 0.25, 0.5, 1] })
    const { data, width, height } = PNG.sync.read(Buffer.from(uri.split(',')[1] ?? '', 'base64'))
    const pixel = (x: number, y: number) => [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 3)]
    expect([width, height]).toEqual([4, 4])
    expect(pixel(0, 3)).toEqual(colourAt(viridis)(0))
    expect(pixel(1, 2)).toEqual(colourAt(viridis)(0))
    expect(pixel(2, 3)).toEqual(colourAt(viridis)(0.25))
    expect(pixel(3, 0)).toEqual(colourAt(viridis)(1))
  })

  test('colours are clamped', () => {
    expect(colourAt(viridis)(7)).toEqual(colourAt(viridis)(1))
    expect(colourAt(viridis)(NaN)).toEqual(colourAt(viridis)(0))
    expect(css([255, 0, 16])).toBe('#ff0010')
  })
})

describe('placed', () => {
  test('legend entries start a new row where they no longer fit', () => {
    const entry: LegendEntry = { label: 'twenty letters or so', colour: '#000', shape: 'line' }
    const places = placed([entry, entry, entry, entry], 500)
    expect(places.map(p => p.row)).toEqual([0, 0, 1, 1])
    expect(places[2]?.x).toBe(0)
  })
})
