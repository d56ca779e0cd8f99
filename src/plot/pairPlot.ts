import { either as E, type taskEither as TE } from 'fp-ts'
import type { TopLevelSpec } from 'vega-lite'
import type { Points } from '../data/points.js'
import { defect } from '../prelude/defect.js'
import { type ColourMap, slates, vermillions } from './drawing/colourMap.js'
import { heading, type LegendEntry } from './drawing/heading.js'
import { curveLayer, imageLayer, type Layer, type Panel, panel } from './drawing/panel.js'
import { draw, type Picture } from './drawing/picture.js'
import { rasterUri } from './drawing/raster.js'
import { dataColour, modelColour } from './drawing/theme.js'
import { column } from './numbers/column.js'
import { cellCounts } from './numbers/densityGrid.js'
import { histogram } from './numbers/histogram.js'
import { extent, type Interval, padded, robustExtent } from './numbers/interval.js'
import { checked, finite, type PlotError } from './plotError.js'

/** Data and samples with the same columns, two or more; `names` of the columns default to x₁, x₂, ... */
export interface PairPlot {
  readonly title: string
  readonly data: Points
  readonly samples: Points
  readonly names?: ReadonlyArray<string>
}

/** The number of columns drawn at most. */
const mostColumns = 6

const subscripts = '₀₁₂₃₄₅₆₇₈₉'
const defaultName = (j: number): string => `x${[...String(j + 1)].map(d => subscripts[Number(d)]).join('')}`

/** The width of the matrix in px. */
const sheet = 840

/** Bins a side: about eight points a cell if they were spread evenly, between 16 and 64. */
const binsFor = (rows: number): number => Math.min(64, Math.max(16, Math.round(Math.sqrt(rows / 8))))

const image = (
  points: Points,
  i: number,
  j: number,
  domains: ReadonlyArray<Interval>,
  map: ColourMap,
  side: number
): Layer => {
  const n = binsFor(points.rows)
  const counts = cellCounts({ x: domains[j] ?? [0, 1], y: domains[i] ?? [0, 1], columns: n, rows: n }, j, i)(points)
  const most = Math.max(extent(counts)[1], 1)
  return imageLayer(
    rasterUri(map, 2 * side)({ rows: n, columns: n, values: counts.map(c => Math.sqrt(c / most)) }),
    side,
    side
  )
}

/** Both histograms of a column, the taller one as high as the panel. */
const marginals = (data: Points, samples: Points, j: number, domain: Interval): ReadonlyArray<Layer> => {
  const bins = binsFor(Math.min(data.rows, samples.rows))
  const both = [data, samples].map(p => histogram(domain, bins)(column(j)(p)))
  const top = 1.08 * Math.max(...both.map(h => extent(h.density)[1]), Number.MIN_VALUE)
  const height =
    ([low, high]: Interval) =>
    (density: number) =>
      low + (density / top) * (high - low)
  return both.map((h, k) => {
    const x = Array.from(h.edges.subarray(1)).flatMap((edge, b) => [h.edges[b] as number, edge])
    const y = Array.from(h.density).flatMap(d => [height(domain)(d), height(domain)(d)])
    return curveLayer(x, y, domain, { colour: k === 0 ? dataColour : modelColour, thickness: 1.8 })
  })
}

const keys = (data: Points, samples: Points): ReadonlyArray<LegendEntry> => [
  {
    label: `data, ${data.rows.toLocaleString('en-US')} rows (above the diagonal)`,
    colour: dataColour,
    shape: 'square'
  },
  {
    label: `model, ${samples.rows.toLocaleString('en-US')} samples (below the diagonal)`,
    colour: modelColour,
    shape: 'square'
  }
]

/**
 * The specification of `pairPlot`. Pairs are 2-D histograms (colour goes with the square root of the count), so that
 * millions of rows cost no more than thousands. Ranges hold all but 0.5 % of the data on either side.
 * failure  NothingToPlot for no rows; NotFinite; unequal or too few columns are a defect
 */
export const pairPlotSpec = ({ title, data, samples, names }: PairPlot): E.Either<PlotError, TopLevelSpec> => {
  if (data.columns !== samples.columns || data.columns < 2)
    return defect(`pairPlot wants the same 2 or more columns, got ${data.columns} and ${samples.columns}`)
  return E.map((): TopLevelSpec => {
    const d = Math.min(data.columns, mostColumns)
    const side = Math.floor(sheet / d)
    const domains = Array.from({ length: d }, (_, j) => padded(0.05)(robustExtent(0.005)(column(j)(data))))
    const axis = (j: number, shown: boolean) => ({
      title: names?.[j] ?? defaultName(j),
      domain: domains[j] ?? ([0, 1] as const),
      shown
    })
    const cell = (i: number, j: number): Panel => {
      const layers =
        i === j
          ? marginals(data, samples, j, domains[j] ?? [0, 1])
          : [i < j ? image(data, i, j, domains, slates, side) : image(samples, i, j, domains, vermillions, side)]
      return panel({ width: side, height: side, x: axis(j, i === d - 1), y: axis(i, j === 0), layers })
    }
    const cells = Array.from({ length: d * d }, (_, k) => cell(Math.floor(k / d), k % d))
    const subtitle = d < data.columns ? `the first ${d} of ${data.columns} columns` : `all ${d} columns`
    const head = heading({ title, subtitle, entries: keys(data, samples), width: sheet })
    return { vconcat: [head, { concat: cells, columns: d, spacing: 6, bounds: 'flush' }], spacing: 10 }
  })(checked([finite('data')(data.values), finite('samples')(samples.values)]))
}

/**
 * A matrix of all pairs of columns, data above and model samples below the diagonal, both histograms on it.
 * failure  as `pairPlotSpec`; RenderFailed
 */
export const pairPlot = (plot: PairPlot): TE.TaskEither<PlotError, Picture> => draw(pairPlotSpec(plot))
