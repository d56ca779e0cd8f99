import type { Field, PositionFieldDef } from 'vega-lite/types_unstable/channeldef.js'
import type { LayerSpec, UnitSpec } from 'vega-lite/types_unstable/spec/index.js'
import { clipped } from '../numbers/clipped.js'
import { holds, type Interval } from '../numbers/interval.js'
import { axisFormat } from './numberFormat.js'
import { line, sizes } from './theme.js'

/** A Vega-Lite view of one frame. */
export type Panel = LayerSpec<Field>

/** One layer of a panel. */
export type Layer = LayerSpec<Field> | UnitSpec<Field>

/**
 * An axis: what it says and the numbers it spans. `shown: false` keeps the scale and drops ticks, labels and title;
 * `whole` puts ticks at whole numbers only.
 */
export interface Axis {
  readonly title: string
  readonly domain: Interval
  readonly shown?: boolean
  readonly whole?: boolean
  readonly grid?: boolean
}

const position = (axis: Axis, ticks: number): PositionFieldDef<Field> => ({
  type: 'quantitative',
  scale: { domain: [...axis.domain], nice: false, zero: false },
  title: axis.shown === false ? null : axis.title,
  axis:
    axis.shown === false
      ? { labels: false, ticks: false, grid: axis.grid ?? false, tickCount: ticks }
      : {
          grid: axis.grid ?? false,
          tickCount: ticks,
          labelOverlap: true,
          ...axisFormat(axis.domain),
          ...(axis.whole === true ? { tickMinStep: 1 } : {})
        }
})

/** The frame, drawn last: an image would hide half of it. */
const border = (width: number, height: number): Layer => ({
  data: { values: [{}] },
  mark: { type: 'rect', filled: false, stroke: line, strokeWidth: 1 },
  encoding: { x: { value: 0 }, x2: { value: width }, y: { value: 0 }, y2: { value: height } }
})

/** What a panel is made of; width and height in px. */
export interface Frame {
  readonly width: number
  readonly height: number
  readonly x: Axis
  readonly y: Axis
  readonly title?: string
  readonly layers: ReadonlyArray<Layer>
}

/**
 * A frame with fixed axes around its layers. The axes belong to an invisible first layer, so that a panel has the same
 * frame whatever is drawn in it; layers use the fields `x` and `y`.
 */
export const panel = ({ width, height, x, y, title, layers }: Frame): Panel => ({
  width,
  height,
  ...(title === undefined ? {} : { title: { text: title, fontSize: sizes.panelTitle, offset: 10 } }),
  layer: [
    {
      data: { values: [{ x: x.domain[0], y: y.domain[0] }] },
      mark: { type: 'point', opacity: 0 },
      encoding: {
        x: { field: 'x', ...position(x, Math.max(3, Math.round(width / 65))) },
        y: { field: 'y', ...position(y, Math.max(3, Math.round(height / 65))) }
      }
    },
    ...layers,
    border(width, height)
  ]
})

/** How a line is drawn; thickness in px. */
export interface Stroke {
  readonly colour: string
  readonly thickness?: number
  readonly dash?: number[]
  readonly opacity?: number
}

/** The curve through (x[i], y[i]) within an interval of y; it breaks where y is not finite. */
export const curveLayer = (x: ArrayLike<number>, y: ArrayLike<number>, within: Interval, stroke: Stroke): Layer => ({
  data: { values: clipped(within)(x, y).map((vertex, i) => ({ ...vertex, i })) },
  mark: {
    type: 'line',
    clip: true,
    color: stroke.colour,
    strokeWidth: stroke.thickness ?? 2,
    strokeDash: stroke.dash ?? [],
    opacity: stroke.opacity ?? 1
  },
  encoding: {
    x: { field: 'x', type: 'quantitative' },
    y: { field: 'y', type: 'quantitative' },
    order: { field: 'i', type: 'quantitative' }
  }
})

/** How points are drawn; area in square px. */
export interface Dot {
  readonly colour: string
  readonly area: number
  readonly opacity?: number
}

/** Round points at (x[i], y[i]); those outside the two intervals, or not finite, are left out. */
export const pointsLayer = (
  x: ArrayLike<number>,
  y: ArrayLike<number>,
  [across, up]: readonly [Interval, Interval],
  { colour, area, opacity = 1 }: Dot
): Layer => ({
  data: {
    values: Array.from(x, (at, i) => ({ x: at, y: y[i] as number })).filter(p => holds(across)(p.x) && holds(up)(p.y))
  },
  mark: { type: 'circle', size: area, color: colour, opacity, clip: true },
  encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative' } }
})

/** An image that fills a panel of that size. */
export const imageLayer = (uri: string, width: number, height: number): Layer => ({
  data: { values: [{ uri }] },
  mark: { type: 'image', width, height, align: 'left', baseline: 'top', aspect: false },
  encoding: { x: { value: 0 }, y: { value: 0 }, url: { field: 'uri' } }
})
