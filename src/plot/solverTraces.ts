import { either as E, type taskEither as TE } from 'fp-ts'
import type { TopLevelSpec } from 'vega-lite'
import { heading } from './drawing/heading.js'
import { curveLayer, panel } from './drawing/panel.js'
import { draw, type Picture } from './drawing/picture.js'
import { muted, seriesColour } from './drawing/theme.js'
import { nothingToPlot, type PlotError } from './plotError.js'

/** How one solver gets to the roots of some samples: |F| before the first step and after every step, [steps + 1][rows]. */
export interface SolverTrace {
  readonly solver: string
  readonly sizes: readonly ArrayLike<number>[]
}

/** Traces of several solvers on the same roots. */
export interface SolverTraces {
  readonly title: string
  readonly subtitle: string
  readonly traces: readonly SolverTrace[]
  /** |F| that counts as converged, for a root near 0. */
  readonly tolerance: number
}

const [width, height, perRow] = [250, 210, 3]

/** log10 |F| of one sample by its steps; a size of 0 is where the picture ends below. */
const course = ({ sizes }: SolverTrace, row: number, floor: number): readonly number[] =>
  sizes.map(all => Math.max(floor, Math.log10(all[row] as number)))

const specOf = ({ title, subtitle, traces, tolerance }: SolverTraces): E.Either<PlotError, TopLevelSpec> => {
  const sizes = traces.flatMap(trace => trace.sizes.flatMap(all => Array.from(all))).filter(x => x > 0)
  if (sizes.length === 0) return E.left(nothingToPlot('traces of solvers'))
  const floor = Math.floor(Math.log10(Math.min(tolerance / 10, ...sizes)))
  const y = {
    title: 'log10 |F|',
    domain: [floor, Math.ceil(Math.log10(Math.max(...sizes)) + 0.1)] as const,
    grid: true
  }
  const most = Math.max(...traces.map(trace => trace.sizes.length - 1), 1)
  const views = traces.map((trace, i) => {
    const rows = trace.sizes[0]?.length ?? 0
    const steps = trace.sizes.map((_, step) => step)
    return panel({
      width,
      height,
      title: trace.solver,
      x: { title: 'step', domain: [0, most], whole: true },
      y,
      layers: [
        ...Array.from({ length: rows }, (_, row) =>
          curveLayer(steps, course(trace, row, floor), y.domain, {
            colour: seriesColour(i),
            thickness: 1,
            opacity: 0.35
          })
        ),
        curveLayer([0, most], [Math.log10(tolerance), Math.log10(tolerance)], y.domain, { colour: muted, dash: [4, 4] })
      ]
    })
  })
  const lines = Array.from({ length: Math.ceil(views.length / perRow) }, (_, i) => ({
    hconcat: views.slice(i * perRow, (i + 1) * perRow),
    spacing: 26
  }))
  return E.right({
    vconcat: [heading({ title, subtitle, width: perRow * (width + 50) }), ...lines],
    spacing: 18
  } as TopLevelSpec)
}

/**
 * |F| of every sample by steps, a panel a solver, all on one scale; the dashed line is the tolerance.
 * failure  NothingToPlot without a size above 0; RenderFailed
 */
export const solverTraces = (traces: SolverTraces): TE.TaskEither<PlotError, Picture> => draw(specOf(traces))
