import { either as E, type taskEither as TE } from 'fp-ts'
import type { TopLevelSpec } from 'vega-lite'
import { blues, colourAt, css, oranges } from './drawing/colourMap.js'
import { heading } from './drawing/heading.js'
import { curveLayer, type Layer, type Panel, panel } from './drawing/panel.js'
import { draw, type Picture } from './drawing/picture.js'
import { column } from './numbers/column.js'
import { squareAround } from './numbers/frame.js'
import type { GridLine } from './numbers/gridLine.js'
import { extent } from './numbers/interval.js'
import { checked, finite, nothingToPlot, type PlotError } from './plotError.js'

/** One side of the picture: a space and the lines in it. */
export interface GridPanel {
  readonly title: string
  readonly lines: ReadonlyArray<GridLine>
  readonly axisTitles?: readonly [string, string]
}

/** A map drawn as what it does to a grid: the regular grid on the left, its image on the right. */
export interface WarpedGrid {
  readonly title: string
  readonly subtitle?: string
  readonly before: GridPanel
  readonly after: GridPanel
}

const [side, gap] = [400, 84]

/** Lines of constant x in blues, lines of constant y in oranges, both from dark to light with the coordinate. */
const colourOf = (lines: ReadonlyArray<GridLine>) => {
  const range = (along: 'x' | 'y') => extent(lines.filter(l => l.along === along).map(l => l.coordinate))
  const ranges = { x: range('x'), y: range('y') }
  const maps = { x: colourAt(oranges), y: colourAt(blues) }
  return ({ along, coordinate }: GridLine): string => {
    const [low, high] = ranges[along]
    return css(maps[along](high > low ? (coordinate - low) / (high - low) : 0.5))
  }
}

const half = ({ title, lines, axisTitles = ['x₁', 'x₂'] }: GridPanel): Panel => {
  const [x, y] = squareAround(
    lines.map(l => l.points),
    0
  )
  const colour = colourOf(lines)
  const layers: ReadonlyArray<Layer> = lines.map(l =>
    curveLayer(column(0)(l.points), column(1)(l.points), y, { colour: colour(l), thickness: 1.3, opacity: 0.9 })
  )
  return panel({
    width: side,
    height: side,
    title,
    x: { title: axisTitles[0], domain: x },
    y: { title: axisTitles[1], domain: y },
    layers
  })
}

/**
 * The specification of `warpedGrid`; each side has its own square frame with equal units on both axes.
 * failure  NothingToPlot when a side has no line or a line no point; NotFinite
 */
export const warpedGridSpec = ({ title, subtitle, before, after }: WarpedGrid): E.Either<PlotError, TopLevelSpec> => {
  const sides = [before, after]
  const empty = sides.find(s => s.lines.length === 0)
  if (empty !== undefined) return E.left(nothingToPlot(empty.title))
  return E.map(
    (): TopLevelSpec => ({
      vconcat: [
        heading({ title, subtitle, width: 2 * side + gap }),
        { hconcat: sides.map(half), spacing: gap, bounds: 'flush' }
      ],
      spacing: 10
    })
  )(checked(sides.flatMap(s => s.lines.map(l => finite(s.title)(l.points.values)))))
}

/**
 * The regular grid beside its image under a map.
 * failure  as `warpedGridSpec`; RenderFailed
 */
export const warpedGrid = (grid: WarpedGrid): TE.TaskEither<PlotError, Picture> => draw(warpedGridSpec(grid))
