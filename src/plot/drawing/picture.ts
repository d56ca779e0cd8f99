import { Resvg } from '@resvg/resvg-js'
import { either as E, taskEither as TE } from 'fp-ts'
import type { TopLevelSpec } from 'vega-lite'
import type { PlotError } from '../plotError.js'
import { canonicalIds } from './canonicalIds.js'
import { fontFiles } from './fonts.js'
import { paper, themeConfig } from './theme.js'

/** A finished picture: SVG text, and the same as PNG bytes at `pixelRatio` pixels a px. */
export interface Picture {
  readonly svg: string
  readonly png: Uint8Array
}

/** PNG pixels per SVG px. */
export const pixelRatio = 2

const renderFailed = (cause: unknown): PlotError => ({ _tag: 'RenderFailed', message: String(cause) })

/** The picture of an SVG: the text as it is, and its PNG drawn with the shipped fonts only. */
export const pictureOf = (svg: string): E.Either<PlotError, Picture> =>
  E.tryCatch(() => {
    const font = { loadSystemFonts: false, fontFiles: fontFiles(), defaultFontFamily: 'Inter' }
    const options = { font, background: paper, fitTo: { mode: 'zoom', value: pixelRatio } } as const
    return { svg, png: Uint8Array.from(new Resvg(svg, options).render().asPng()) }
  }, renderFailed)

/** Vega takes a third of a second to load, so it is loaded by the first picture. */
const toSvg = async (spec: TopLevelSpec): Promise<string> => {
  const [{ parse, View }, { compile }] = await Promise.all([import('vega'), import('vega-lite')])
  const view = new View(parse(compile(spec, { config: themeConfig }).spec), { renderer: 'none' })
  try {
    return canonicalIds('i')(await view.toSVG())
  } finally {
    view.finalize()
  }
}

/**
 * Draw a Vega-Lite specification under the common theme. Deterministic: same specification, same bytes.
 * failure  the Left of the specification; RenderFailed when Vega, resvg or the font package refuses
 */
export const draw = (spec: E.Either<PlotError, TopLevelSpec>): TE.TaskEither<PlotError, Picture> =>
  TE.chainEitherK(pictureOf)(
    TE.chain((s: TopLevelSpec) => TE.tryCatch(() => toSvg(s), renderFailed))(TE.fromEither(spec))
  )
