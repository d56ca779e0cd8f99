import { either as E } from 'fp-ts'
import { canonicalIds } from './drawing/canonicalIds.js'
import { type Picture, pictureOf } from './drawing/picture.js'
import { nothingToPlot, type PlotError } from './plotError.js'

interface Placed {
  readonly width: number
  readonly height: number
  readonly parts: ReadonlyArray<string>
}

const sizeOf = (svg: string): readonly [number, number] => {
  const [, width, height] = /<svg[^>]*? width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? []
  return [Number(width ?? 0), Number(height ?? 0)]
}

/**
 * Pictures from left to right on one sheet, tops aligned, as one picture.
 * failure  NothingToPlot for none; RenderFailed
 */
export const sideBySide = (pictures: ReadonlyArray<Picture>): E.Either<PlotError, Picture> => {
  if (pictures.length === 0) return E.left(nothingToPlot('side by side'))
  const { width, height, parts } = pictures.reduce<Placed>(
    (sheet, { svg }, i) => {
      const [w, h] = sizeOf(svg)
      const part = canonicalIds(`p${i + 1}-`)(svg).replace('<svg ', `<svg x="${sheet.width}" y="0" `)
      return { width: sheet.width + w, height: Math.max(sheet.height, h), parts: [...sheet.parts, part] }
    },
    { width: 0, height: 0, parts: [] }
  )
  const size = `width="${width}" height="${height}"`
  const sheet = `<svg xmlns="http://www.w3.org/2000/svg" version="1.1" ${size} viewBox="0 0 ${width} ${height}">`
  return pictureOf(`${sheet}<rect ${size} fill="white"/>${parts.join('')}</svg>`)
}
