import { either as E, type taskEither as TE } from 'fp-ts'
import type { TopLevelSpec } from 'vega-lite'
import type { Points } from '../data/points.js'
import { defect } from '../prelude/defect.js'
import { type DensityCurve, density1dSpec } from './density1d.js'
import { heading } from './drawing/heading.js'
import { type Layer, panel, pointsLayer } from './drawing/panel.js'
import { draw, type Picture } from './drawing/picture.js'
import { dataColour, modelColour } from './drawing/theme.js'
import { column } from './numbers/column.js'
import { squareAround } from './numbers/frame.js'
import type { Interval } from './numbers/interval.js'
import { checked, finite, type PlotError } from './plotError.js'

/** Data and model samples of one or two columns; `curve`, the model's density, is drawn in one dimension only. */
export interface SamplesPlot {
  readonly title: string
  readonly data: Points
  readonly samples: Points
  readonly dataTitle?: string
  readonly samplesTitle?: string
  readonly axisTitles?: readonly [string, string]
  readonly curve?: DensityCurve
}

/** No panel shows more points than this, so that the SVG stays small. */
export const mostPoints = 4000

const [side, gap] = [400, 28]

const dots = (points: Points, domains: readonly [Interval, Interval], colour: string): Layer => {
  const first = { ...points, rows: Math.min(points.rows, mostPoints) }
  return pointsLayer(column(0)(first), column(1)(first), domains, { colour, area: 7, opacity: 0.4 })
}

const caption = (points: Points): string => {
  const all = points.rows.toLocaleString('en-US')
  return points.rows > mostPoints ? `first ${mostPoints.toLocaleString('en-US')} of ${all} points` : `${all} points`
}

const scatter = (plot: SamplesPlot): TopLevelSpec => {
  const { title, data, samples, dataTitle = 'data', samplesTitle = 'model samples', axisTitles = ['x₁', 'x₂'] } = plot
  const [x, y]: readonly [Interval, Interval] = squareAround([data, samples])
  const half = (points: Points, name: string, colour: string, left: boolean) => {
    const axes = { x: { title: axisTitles[0], domain: x }, y: { title: axisTitles[1], domain: y, shown: left } }
    return panel({
      ...axes,
      width: side,
      height: side,
      title: `${name}: ${caption(points)}`,
      layers: [dots(points, [x, y], colour)]
    })
  }
  const panels = [half(data, dataTitle, dataColour, true), half(samples, samplesTitle, modelColour, false)]
  return {
    vconcat: [heading({ title, width: 2 * side + gap }), { hconcat: panels, spacing: gap, bounds: 'flush' }],
    spacing: 10
  }
}

/**
 * The specification of `samplesPlot`: two columns give two scatter plots with the same equal axes (ranges leave out
 * 0.1 % of the points on either side), one column gives two histograms and the curve.
 * failure  NothingToPlot for no rows; NotFinite; other numbers of columns are a defect (see `pairPlot`)
 */
export const samplesPlotSpec = (plot: SamplesPlot): E.Either<PlotError, TopLevelSpec> => {
  const { title, data, samples, dataTitle = 'data', samplesTitle = 'model samples', axisTitles, curve } = plot
  if (data.columns !== samples.columns || data.columns < 1 || data.columns > 2)
    return defect(`samplesPlot wants 1 or 2 columns on both sides, got ${data.columns} and ${samples.columns}`)
  if (data.columns === 2)
    return E.map(() => scatter(plot))(checked([finite(dataTitle)(data.values), finite(samplesTitle)(samples.values)]))
  const sets = [
    { label: `${dataTitle}: ${data.rows.toLocaleString('en-US')} points`, values: column(0)(data) },
    { label: `${samplesTitle}: ${samples.rows.toLocaleString('en-US')} points`, values: column(0)(samples) }
  ]
  return density1dSpec({
    title,
    axisTitle: axisTitles?.[0] ?? 'x',
    samples: sets,
    models: curve === undefined ? [] : [curve]
  })
}

/**
 * Model samples beside data samples in one or two dimensions.
 * failure  as `samplesPlotSpec`; RenderFailed
 */
export const samplesPlot = (plot: SamplesPlot): TE.TaskEither<PlotError, Picture> => draw(samplesPlotSpec(plot))
