import { either as E, type taskEither as TE } from 'fp-ts'
import { PNG } from 'pngjs'
import type { Points } from '../../../src/data/points.js'
import { type Picture, pixelRatio } from '../../../src/plot/drawing/picture.js'
import type { PlotError } from '../../../src/plot/plotError.js'

/** The Right, or a failed test that shows the Left. */
export const right = <A>(either: E.Either<PlotError, A>): A => {
  if (E.isLeft(either)) throw new Error(JSON.stringify(either.left))
  return either.right
}

/** Numbers that fill [-1, 1] evenly without a random generator (Weyl sequence). */
export const weyl = (count: number, shift = 0): Float64Array =>
  Float64Array.from({ length: count }, (_, i) => 2 * ((i * 0.6180339887498949 + shift) % 1) - 1)

/** A table of such numbers. */
export const table = (rows: number, columns: number, shift = 0): Points => ({
  rows,
  columns,
  values: Float64Array.from(
    { length: rows * columns },
    (_, k) => weyl(rows, shift + 0.37 * (k % columns))[Math.floor(k / columns)] ?? 0
  )
})

/** Whether every tag is closed in order: as much of well-formedness as a generator can get wrong. */
export const wellFormed = (svg: string): boolean => {
  const open: string[] = []
  for (const [tag, closing, name, , selfClosing] of svg.matchAll(/<(\/?)([A-Za-z]+)((?:"[^"]*"|[^">])*?)(\/?)>/g)) {
    if (closing === '/' && open.pop() !== name) return false
    if (closing === '' && selfClosing === '' && tag !== undefined && name !== undefined) open.push(name)
  }
  return open.length === 0 && svg.startsWith('<svg ') && !/\b(NaN|Infinity|undefined)\b/.test(svg)
}

/** The width and height that an SVG states, in px. */
export const sizeOf = (svg: string): readonly [number, number] => {
  const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(svg) ?? []
  return [Number(width), Number(height)]
}

/** Draw twice: the picture, its decoded PNG, and the facts every picture must have. */
export const examine = async (task: TE.TaskEither<PlotError, Picture>) => {
  const [picture, again] = [right(await task()), right(await task())]
  const png = PNG.sync.read(Buffer.from(picture.png))
  const [width, height] = sizeOf(picture.svg)
  return {
    svg: picture.svg,
    facts: {
      wellFormed: wellFormed(picture.svg),
      sameBytes: picture.svg === again.svg && Buffer.compare(picture.png, again.png) === 0,
      rightSize: png.width === Math.round(width * pixelRatio) && png.height === Math.round(height * pixelRatio)
    }
  }
}

/** What `facts` must be. */
export const sound = { wellFormed: true, sameBytes: true, rightSize: true }
