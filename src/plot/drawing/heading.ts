import type { Layer, Panel } from './panel.js'
import { ink, muted, sizes } from './theme.js'

/** An entry of a legend: how the thing looks and what it is. */
export interface LegendEntry {
  readonly label: string
  readonly colour: string
  readonly shape: 'line' | 'square'
  readonly dash?: number[]
  readonly thickness?: number
  readonly opacity?: number
}

/** What stands above a chart, `width` px wide. */
export interface Heading {
  readonly title: string
  readonly subtitle?: string | undefined
  readonly entries?: ReadonlyArray<LegendEntry>
  readonly width: number
}

interface Placed {
  readonly entry: LegendEntry
  readonly x: number
  readonly row: number
}

const keyWidth = { line: 28, square: 15 } as const
const keyGap = 8
const entryGap = 24
const rowHeight = 22

/** The width of a caption in Inter, in px, a little on the safe side. */
const textWidth = (text: string): number => text.length * sizes.caption * 0.54

/** Legend entries from left to right, a new row where the next would not fit. */
export const placed = (entries: ReadonlyArray<LegendEntry>, width: number): ReadonlyArray<Placed> =>
  entries.reduce<{ readonly at: number; readonly row: number; readonly done: ReadonlyArray<Placed> }>(
    ({ at, row, done }, entry) => {
      const wide = keyWidth[entry.shape] + keyGap + textWidth(entry.label)
      const [x, r] = at > 0 && at + wide > width ? [0, row + 1] : [at, row]
      return { at: x + wide + entryGap, row: r, done: [...done, { entry, x, row: r }] }
    },
    { at: 0, row: 0, done: [] }
  ).done

const text = (content: string, x: number, y: number, size: number, color: string, weight: 'normal' | 600): Layer => ({
  mark: {
    type: 'text',
    text: content,
    align: 'left',
    baseline: 'middle',
    fontSize: size,
    color,
    fontWeight: weight,
    clip: true
  },
  encoding: { x: { value: x }, y: { value: y } }
})

const key = ({ shape, colour, dash, thickness, opacity }: LegendEntry, x: number, y: number): Layer =>
  shape === 'line'
    ? {
        mark: {
          type: 'rule',
          color: colour,
          strokeDash: dash ?? [],
          strokeWidth: thickness ?? 2.5,
          opacity: opacity ?? 1
        },
        encoding: { x: { value: x }, x2: { value: x + keyWidth.line }, y: { value: y } }
      }
    : {
        mark: { type: 'square', color: colour, opacity: opacity ?? 1, size: 180 },
        encoding: { x: { value: x + keyWidth.square / 2 }, y: { value: y } }
      }

/**
 * Title, subtitle and legend as a row of their own, so that a legend never covers a curve. They are laid out and
 * clipped here because Vega without a canvas takes text to be half as wide again as it is, and would widen the picture.
 */
export const heading = ({ title, subtitle, entries = [], width }: Heading): Panel => {
  const places = placed(entries, width)
  const top = 26 + (subtitle === undefined ? 0 : 22)
  const rows = entries.length === 0 ? 0 : (places.at(-1)?.row ?? 0) + 1
  return {
    width,
    height: top + (rows === 0 ? 0 : 6 + rows * rowHeight),
    data: { values: [{}] },
    layer: [
      text(title, 0, 12, sizes.title, ink, 600),
      ...(subtitle === undefined ? [] : [text(subtitle, 0, 36, sizes.caption, muted, 'normal')]),
      ...places.flatMap(({ entry, x, row }) => {
        const y = top + 6 + rowHeight * (row + 0.5)
        return [
          key(entry, x, y),
          text(entry.label, x + keyWidth[entry.shape] + keyGap, y, sizes.caption, ink, 'normal')
        ]
      })
    ]
  }
}
