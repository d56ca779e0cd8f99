import { either as E, type taskEither as TE } from 'fp-ts'
import type { TopLevelSpec } from 'vega-lite'
import { heading, type LegendEntry } from './drawing/heading.js'
import { curveLayer, type Layer, panel } from './drawing/panel.js'
import { draw, type Picture } from './drawing/picture.js'
import { dataColour, modelColour, seriesColour, seriesDash } from './drawing/theme.js'
import { binCount, type Histogram, histogram } from './numbers/histogram.js'
import { extent, hull, type Interval, padded, robustExtent } from './numbers/interval.js'
import { checked, finite, nothingToPlot, type PlotError } from './plotError.js'

/** A density curve: `density[i]`, per unit of x, at `x[i]` in increasing order. */
export interface DensityCurve {
  readonly label: string
  readonly x: ArrayLike<number>
  readonly density: ArrayLike<number>
}

/** Numbers drawn as a histogram density: the first set filled, the others outlined. */
export interface SampleSet {
  readonly label: string
  readonly values: ArrayLike<number>
}

/** Densities on the line: histograms of samples, the exact density when known, and the curves of models. */
export interface Density1d {
  readonly title: string
  readonly subtitle?: string
  readonly axisTitle?: string
  readonly samples?: ReadonlyArray<SampleSet>
  readonly exact?: DensityCurve
  readonly models?: ReadonlyArray<DensityCurve>
}

const [width, height] = [680, 360]
const fillOpacity = 0.28

const bars = ({ edges, density }: Histogram, i: number, top: number): Layer => ({
  data: {
    values: Array.from(edges, (x, k) => ({ x, y: Math.min(top, density[Math.min(k, density.length - 1)] ?? 0) }))
  },
  mark:
    i === 0
      ? { type: 'area', interpolate: 'step-after', color: dataColour, opacity: fillOpacity, clip: true }
      : { type: 'line', interpolate: 'step-after', color: modelColour, strokeWidth: 1.5, clip: true },
  encoding: { x: { field: 'x', type: 'quantitative' }, y: { field: 'y', type: 'quantitative', stack: null } }
})

const curves = ({ exact, models = [] }: Density1d, offset: number) => [
  ...(exact === undefined ? [] : [{ ...exact, colour: dataColour, thickness: 5, opacity: 0.45, dash: [] as number[] }]),
  ...models.map((m, i) => ({ ...m, colour: seriesColour(i + offset), thickness: 2.5, opacity: 1, dash: seriesDash(i) }))
]

/** The x range: where the curves are, or else where all but 0.1 % of the samples on either side are. */
const domainOf = (samples: ReadonlyArray<SampleSet>, drawn: ReadonlyArray<DensityCurve>): Interval =>
  drawn.length > 0
    ? drawn.map(c => extent(c.x)).reduce(hull)
    : padded(0.03)(samples.map(s => robustExtent(0.001)(s.values)).reduce(hull))

/** The tallest thing shown, but at most twice the tallest of the data, so that a spike of a model flattens nothing. */
const ceiling = (reference: ReadonlyArray<ArrayLike<number>>, rest: ReadonlyArray<ArrayLike<number>>): number => {
  const top = (all: ReadonlyArray<ArrayLike<number>>) => Math.max(0, ...all.map(a => extent(a)[1]))
  const trusted = top(reference)
  return 1.06 * (trusted > 0 ? Math.min(Math.max(trusted, top(rest)), 2 * trusted) : top(rest) || 1)
}

/**
 * The specification of `density1d`.
 * failure  NothingToPlot when there is neither sample nor curve; NotFinite for any number that is not finite
 */
export const density1dSpec = (chart: Density1d): E.Either<PlotError, TopLevelSpec> => {
  const { title, subtitle, axisTitle = 'x', samples = [], exact, models = [] } = chart
  const drawn = curves(chart, samples.length > 1 ? 1 : 0)
  const checks = [
    ...samples.map(s => finite(s.label)(s.values)),
    ...drawn.flatMap(c => [finite(c.label)(c.x), finite(c.label)(c.density)])
  ]
  if (checks.length === 0) return E.left(nothingToPlot(title))
  return E.map((): TopLevelSpec => {
    const domain = domainOf(samples, drawn)
    const bins = Math.max(...samples.map(s => binCount(domain)(s.values)), 0)
    const histograms = samples.map(s => histogram(domain, bins)(s.values))
    const [reference, rest] = [histograms.slice(0, 1).map(h => h.density), histograms.slice(1).map(h => h.density)]
    const top = ceiling([...reference, ...(exact ? [exact.density] : [])], [...rest, ...models.map(m => m.density)])
    const keys: ReadonlyArray<LegendEntry> = [
      ...samples.map((s, i) =>
        i === 0
          ? ({ label: s.label, colour: dataColour, shape: 'square', opacity: fillOpacity * 1.4 } as const)
          : ({ label: s.label, colour: modelColour, shape: 'line', thickness: 1.5 } as const)
      ),
      ...drawn.map(c => ({ ...c, shape: 'line' as const }))
    ]
    const layers = [
      ...histograms.map((h, i) => bars(h, i, top)),
      ...drawn.map(c => curveLayer(c.x, c.density, [0, top], c))
    ]
    const x = { title: axisTitle, domain }
    const y = { title: 'density', domain: [0, top] as const, grid: true }
    return {
      vconcat: [heading({ title, subtitle, entries: keys, width }), panel({ width, height, x, y, layers })],
      spacing: 8
    }
  })(checked(checks))
}

/**
 * One-dimensional densities: histograms of samples, the exact density, model curves.
 * failure  as `density1dSpec`; RenderFailed
 */
export const density1d = (chart: Density1d): TE.TaskEither<PlotError, Picture> => draw(density1dSpec(chart))
