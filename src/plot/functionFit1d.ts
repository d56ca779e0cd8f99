import { either as E, type taskEither as TE } from 'fp-ts'
import type { TopLevelSpec } from 'vega-lite'
import { defect } from '../prelude/defect.js'
import { heading } from './drawing/heading.js'
import { curveLayer, panel } from './drawing/panel.js'
import { draw, type Picture } from './drawing/picture.js'
import { dataColour, seriesColour, seriesDash } from './drawing/theme.js'
import { extent, hull, type Interval, padded } from './numbers/interval.js'
import { checked, finite, type PlotError } from './plotError.js'

/** A fitted function by its values on the target's abscissas. */
export interface FunctionFit {
  readonly label: string
  readonly values: ArrayLike<number>
}

/** A target function `target[i]` at `x[i]` (increasing) and the functions fitted to it, the most important first. */
export interface FunctionFit1d {
  readonly title: string
  readonly subtitle?: string
  readonly x: ArrayLike<number>
  readonly target: ArrayLike<number>
  readonly targetLabel?: string
  readonly fits: ReadonlyArray<FunctionFit>
  readonly axisTitles?: readonly [string, string]
}

const width = 720
const heights = { functions: 330, errors: 140 }
const targetStroke = { colour: dataColour, thickness: 7, opacity: 0.3 }

/** |fit - target| at every abscissa. */
const errors = (target: ArrayLike<number>, { values }: FunctionFit): ReadonlyArray<number> =>
  Array.from(values, (v, i) => Math.abs(v - (target[i] as number)))

/** The greatest error on the abscissas: the sup distance as far as the grid sees it. */
export const supError = (target: ArrayLike<number>, fit: FunctionFit): number => extent(errors(target, fit))[1]

/**
 * The specification of `functionFit1d`.
 * failure  NothingToPlot for no abscissas; NotFinite; unequal lengths are a defect
 */
export const functionFit1dSpec = (chart: FunctionFit1d): E.Either<PlotError, TopLevelSpec> => {
  const { title, subtitle, x, target, targetLabel = 'target', fits, axisTitles = ['x', 'f(x)'] } = chart
  const odd = [target, ...fits.map(f => f.values)].find(v => v.length !== x.length)
  if (odd !== undefined) return defect(`functionFit1d got ${x.length} abscissas and ${odd.length} values`)
  return E.map((): TopLevelSpec => {
    const strokes = fits.map((_, i) => ({ colour: seriesColour(i), thickness: i === 0 ? 2.6 : 2, dash: seriesDash(i) }))
    const keys = [
      { ...targetStroke, label: targetLabel, shape: 'line' as const },
      ...fits.map((f, i) => ({
        ...(strokes[i] ?? targetStroke),
        label: `${f.label}: sup error ${supError(target, f).toPrecision(2)}`,
        shape: 'line' as const
      }))
    ]
    const values = padded(0.05)([target, ...fits.map(f => f.values)].map(extent).reduce(hull))
    const greatest = Math.max(...fits.map(f => supError(target, f)), 0)
    const range: Interval = [0, 1.08 * greatest || 1]
    const backwards = fits.map((f, i) => [f, strokes[i] ?? targetStroke] as const).reverse()
    const functions = panel({
      width,
      height: heights.functions,
      x: { title: axisTitles[0], domain: extent(x), shown: false },
      y: { title: axisTitles[1], domain: values, grid: true },
      layers: [
        curveLayer(x, target, values, targetStroke),
        ...backwards.map(([f, s]) => curveLayer(x, f.values, values, s))
      ]
    })
    const below = panel({
      width,
      height: heights.errors,
      x: { title: axisTitles[0], domain: extent(x) },
      y: { title: '|error|', domain: range, grid: true },
      layers: backwards.map(([f, s]) => curveLayer(x, errors(target, f), range, s))
    })
    return {
      vconcat: [heading({ title, subtitle, entries: keys, width }), functions, below],
      spacing: 14
    }
  })(checked([finite('abscissas')(x), finite(targetLabel)(target), ...fits.map(f => finite(f.label)(f.values))]))
}

/**
 * A target function, fitted functions and, below, their absolute errors; sup errors are in the legend.
 * failure  as `functionFit1dSpec`; RenderFailed
 */
export const functionFit1d = (chart: FunctionFit1d): TE.TaskEither<PlotError, Picture> => draw(functionFit1dSpec(chart))
