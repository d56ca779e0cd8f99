import { either as E, type taskEither as TE } from 'fp-ts'
import type { TopLevelSpec } from 'vega-lite'
import { defect } from '../prelude/defect.js'
import { viridis } from './drawing/colourMap.js'
import { axisFormat } from './drawing/numberFormat.js'
import { imageLayer, type Panel, panel } from './drawing/panel.js'
import { draw, type Picture } from './drawing/picture.js'
import { rasterUri } from './drawing/raster.js'
import type { DensityGrid } from './numbers/densityGrid.js'
import { extent, type Interval } from './numbers/interval.js'
import { checked, nothingToPlot, type PlotError } from './plotError.js'

/** A density with the title of its panel, for example "ImpFlow, 5.06 bits (entropy 5.00)". */
export interface TitledDensity {
  readonly title: string
  readonly density: DensityGrid
}

/** The data's density beside the model's on the same grid; axis titles default to x₁ and x₂. */
export interface DensityPair {
  readonly data: TitledDensity
  readonly model: TitledDensity
  readonly axisTitles?: readonly [string, string]
}

const side = 400

/** A log density may be -Infinity (density 0), never NaN or +Infinity. */
const drawable = (what: string, { logDensity }: DensityGrid): E.Either<PlotError, unknown> => {
  const index = logDensity.findIndex(l => Number.isNaN(l) || l === Infinity)
  if (logDensity.length === 0) return E.left(nothingToPlot(what))
  return index < 0 ? E.right(null) : E.left({ _tag: 'NotFinite', what, index, value: logDensity[index] ?? NaN })
}

/** The largest density of a panel. */
const peak = ({ logDensity }: DensityGrid): number => Math.exp(extent(logDensity)[1])

/**
 * The one colour domain of both panels: from 0 to the larger peak, but at most 1.25 times the data's peak, so that a
 * spike of the model cannot darken everything else.
 */
export const sharedDomain = (data: DensityGrid, model: DensityGrid): Interval => [
  0,
  Math.max(Math.min(Math.max(peak(data), peak(model)), 1.25 * (peak(data) || Infinity)), Number.MIN_VALUE)
]

const densityPanel = (
  { title, density }: TitledDensity,
  top: number,
  names: readonly [string, string],
  left: boolean
): Panel => {
  const { grid, logDensity } = density
  const uri = rasterUri(viridis)({
    rows: grid.rows,
    columns: grid.columns,
    values: logDensity.map(l => Math.exp(l) / top)
  })
  const height = Math.round((side * (grid.y[1] - grid.y[0])) / (grid.x[1] - grid.x[0]))
  const y = { title: names[1], domain: grid.y, shown: left }
  return panel({
    width: side,
    height,
    x: { title: names[0], domain: grid.x },
    y,
    title,
    layers: [imageLayer(uri, side, height)]
  })
}

/** A vertical strip from density 0 to `top`, with its axis on the right. */
const colourBar = (top: number, height: number, clippedAt: number | null): Panel => {
  const uri = rasterUri(
    viridis,
    256
  )({ rows: 256, columns: 1, values: Float64Array.from({ length: 256 }, (_, i) => i / 255) })
  const title = clippedAt === null ? 'density' : `density (model peaks at ${clippedAt.toPrecision(2)})`
  return {
    width: 14,
    height,
    layer: [
      imageLayer(uri, 14, height),
      {
        data: { values: [{ y: 0 }] },
        mark: { type: 'point', opacity: 0 },
        encoding: {
          y: {
            field: 'y',
            type: 'quantitative',
            scale: { domain: [0, top], nice: false },
            title,
            axis: { orient: 'right', tickCount: 5, ...axisFormat([0, top]) }
          }
        }
      }
    ]
  }
}

/**
 * The specification of `densityPair`: two panels and one colour bar under one colour domain.
 * failure  NothingToPlot for an empty grid; NotFinite for NaN or +Infinity (-Infinity is density 0); different grids
 * are a defect
 */
export const densityPairSpec = ({
  data,
  model,
  axisTitles = ['x₁', 'x₂']
}: DensityPair): E.Either<PlotError, TopLevelSpec> => {
  const grids = [data.density.grid, model.density.grid].map(g => JSON.stringify(g))
  if (grids[0] !== grids[1]) return defect(`densityPair wants one grid, got ${grids.join(' and ')}`)
  return E.map((): TopLevelSpec => {
    const [, top] = sharedDomain(data.density, model.density)
    const panels = [densityPanel(data, top, axisTitles, true), densityPanel(model, top, axisTitles, false)]
    const height = panels[0]?.height
    const bar = colourBar(
      top,
      typeof height === 'number' ? height : side,
      peak(model.density) > top ? peak(model.density) : null
    )
    return { hconcat: [...panels, bar], spacing: 24, bounds: 'flush' }
  })(checked([drawable('data density', data.density), drawable('model density', model.density)]))
}

/**
 * Data density beside model density: same grid, same colour scale, one colour bar (density per unit area).
 * failure  as `densityPairSpec`; RenderFailed
 */
export const densityPair = (pair: DensityPair): TE.TaskEither<PlotError, Picture> => draw(densityPairSpec(pair))
