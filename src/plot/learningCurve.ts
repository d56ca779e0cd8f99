import { either as E, type taskEither as TE } from 'fp-ts'
import type { TopLevelSpec } from 'vega-lite'
import { defect } from '../prelude/defect.js'
import { heading, type LegendEntry } from './drawing/heading.js'
import { decimals } from './drawing/numberFormat.js'
import { curveLayer, type Layer, panel, pointsLayer } from './drawing/panel.js'
import { draw, type Picture } from './drawing/picture.js'
import { dataColour, ink, modelColour, muted, sizes } from './drawing/theme.js'
import { type Bin, binned } from './numbers/binned.js'
import { extent, type Interval, quantile } from './numbers/interval.js'
import { finite, nothingToPlot, type PlotError } from './plotError.js'

/** A negative log likelihood (lower is better), `bits[i]` at `steps[i]`, steps in increasing order. */
export interface Course {
  readonly steps: ArrayLike<number>
  readonly bits: ArrayLike<number>
}

/** A training run; `entropy` is the least bits that any model can reach, null when unknown; `minutes` of wall clock. */
export interface LearningCurve {
  readonly title: string
  readonly training: Course
  readonly validation: Course
  readonly entropy: number | null
  readonly minutes?: number
  readonly unit?: string
}

const [width, height] = [720, 380]
const mostBins = 160

/**
 * The bits shown: down to the entropy or the least value; up to the greatest value, but at most four times as far from
 * the bottom as the median, which cuts the first huge values off and keeps the approach to the entropy readable. Of
 * fewer than twelve values none is cut off, and the entropy is always shown.
 */
export const bitsRange = (bits: ReadonlyArray<number>, entropy: number | null): Interval => {
  const [least, greatest] = extent(bits)
  const low = Math.min(least, entropy ?? Infinity)
  const cut = bits.length < 12 ? greatest : Math.min(greatest, low + 4 * (quantile(0.5)(bits) - low))
  const high = Math.max(cut, entropy ?? -Infinity)
  const length = high > low ? high - low : Math.max(1e-3, Math.abs(low) / 100)
  return [low - 0.09 * length, low + 1.05 * length]
}

const lastStep = ({ training, validation }: LearningCurve): number =>
  Math.max(...[training, validation].map(({ steps }) => steps[steps.length - 1] ?? 0))

/** The second line of the title: how long, how good, what is cut off. */
const caption = (run: LearningCurve, cut: boolean, top: number): string => {
  const { validation, entropy, minutes, unit = 'bits' } = run
  const measured = Array.from(validation.bits).filter(Number.isFinite)
  const [best] = extent(measured)
  const time = minutes === undefined ? '' : ` in ${minutes.toFixed(minutes < 10 ? 1 : 0)} min`
  return [
    `${lastStep(run).toLocaleString('en-US')} steps${time}`,
    ...(measured.length === 0 ? [] : [`best validation ${decimals(3)(best)} ${unit}`]),
    ...(measured.length === 0 || entropy === null ? [] : [`${decimals(3)(best - entropy)} above the entropy`]),
    ...(cut ? [`values above ${decimals(2)(top)} are cut off`] : [])
  ].join(', ')
}

/** Where the middle 80 % of every run of values lie, cut at the frame: far outside it resvg draws no area at all. */
const band = (bins: ReadonlyArray<Bin>, [bottom, top]: Interval): Layer => {
  const cut = (bits: number) => Math.min(Math.max(bits, bottom), top)
  return {
    data: {
      values: bins.filter(b => Number.isFinite(b.mean)).map(b => ({ x: b.x, low: cut(b.low), high: cut(b.high) }))
    },
    mark: { type: 'area', clip: true, color: dataColour, opacity: 0.18 },
    encoding: {
      x: { field: 'x', type: 'quantitative' },
      y: { field: 'low', type: 'quantitative' },
      y2: { field: 'high' }
    }
  }
}

/** A dashed line at the entropy, named at the left, where the curves are still far above it. */
const entropyLine = (entropy: number, unit: string): ReadonlyArray<Layer> => {
  const data = { values: [{ y: entropy }] }
  const y = { field: 'y', type: 'quantitative' } as const
  const label = `entropy ${decimals(2)(entropy)} ${unit}`
  return [
    { data, encoding: { y }, mark: { type: 'rule', color: ink, strokeDash: [6, 4], strokeWidth: 1.5 } },
    {
      data,
      encoding: { y },
      mark: {
        type: 'text',
        text: label,
        align: 'left',
        baseline: 'top',
        dy: 5,
        x: 8,
        fontSize: sizes.caption,
        color: muted
      }
    }
  ]
}

const layersOf = (
  { training, validation, entropy, unit = 'bits' }: LearningCurve,
  bins: ReadonlyArray<Bin>,
  steps: Interval,
  shown: Interval
) => {
  const [x, mean] = [bins.map(b => b.x), bins.map(b => b.mean)]
  return [
    ...(training.bits.length > mostBins ? [band(bins, shown)] : []),
    ...(entropy === null ? [] : entropyLine(entropy, unit)),
    curveLayer(x, mean, shown, { colour: dataColour, thickness: 1.8 }),
    curveLayer(validation.steps, validation.bits, shown, { colour: modelColour, thickness: 2.6 }),
    ...(validation.bits.length > 40
      ? []
      : [pointsLayer(validation.steps, validation.bits, [steps, shown], { colour: modelColour, area: 40 })])
  ]
}

const keysOf = ({ training }: LearningCurve): ReadonlyArray<LegendEntry> => {
  const run = Math.ceil(training.bits.length / mostBins)
  const label = run > 1 ? `training (mean and 10 to 90 % range of ${run} values)` : 'training'
  return [
    { label, colour: dataColour, shape: 'line' },
    { label: 'validation', colour: modelColour, shape: 'line' }
  ]
}

const chart = (run: LearningCurve, bins: ReadonlyArray<Bin>, bits: ReadonlyArray<number>): TopLevelSpec => {
  const { title, entropy, unit = 'bits' } = run
  const shown = bitsRange(bits, entropy)
  const steps: Interval = [0, Math.max(lastStep(run), 1)]
  const subtitle = caption(run, extent(bits)[1] > shown[1], shown[1])
  const frame = panel({
    width,
    height,
    x: { title: 'step', domain: steps, whole: true },
    y: { title: unit, domain: shown, grid: true },
    layers: layersOf(run, bins, steps, shown)
  })
  return { vconcat: [heading({ title, subtitle, entries: keysOf(run), width }), frame], spacing: 8 }
}

/**
 * The specification of `learningCurve`. Numbers that are not finite are gaps: a run that diverged can still be drawn.
 * failure  NothingToPlot when no bits are finite; NotFinite for a step or the entropy; courses of unequal length are
 * a defect
 */
export const learningCurveSpec = (run: LearningCurve): E.Either<PlotError, TopLevelSpec> => {
  const { title, training, validation, entropy } = run
  const odd = [training, validation].find(({ steps, bits }) => steps.length !== bits.length)
  if (odd !== undefined) return defect(`learningCurve got ${odd.steps.length} steps and ${odd.bits.length} values`)
  const bins = binned(mostBins)(training.steps, training.bits)
  const bits = [...bins.map(b => b.mean), ...Array.from(validation.bits)].filter(Number.isFinite)
  if (bits.length === 0) return E.left(nothingToPlot(title))
  const numbers = [...Array.from(training.steps), ...Array.from(validation.steps), entropy ?? 0]
  return E.map((): TopLevelSpec => chart(run, bins, bits))(finite('steps and entropy')(numbers))
}
/**
 * Training and validation bits against the step, with the entropy as a dashed line.
 * failure  as `learningCurveSpec`; RenderFailed
 */
export const learningCurve = (run: LearningCurve): TE.TaskEither<PlotError, Picture> => draw(learningCurveSpec(run))
