import { either as E } from 'fp-ts'
import type { Backend } from '../interpret/backend.js'
import { seriesDraws } from '../logdet/powerSeries.js'
import { simplify } from '../rewrite/simplify.js'
import { reportOf } from '../solve/report.js'
import { rootsOf } from '../solve/root.js'
import { stack } from '../tensor/primitives/concat.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { input } from '../tensor/primitives/input.js'
import { sub } from '../tensor/primitives/sub.js'
import type { Model } from './model.js'
import { standardNormal } from './normal.js'
import { everyRow, flowAt, standardisationOf } from './programs.js'
import { evaluationRows } from './rowBlocks.js'

/** Draws that one run of the program makes of every row. */
export const together = 32

/**
 * A model's estimates as a program of points [d rows], probes [draws d] and coefficients [draws terms]: what is exact of
 * ln p(x) [rows], the draws of the sum of log-determinants [draws rows], and for every root a bound of its error, its steps
 * and whether it converged, stacked.
 * @returns Left if the weights do not make contractions
 */
export const estimateProgram = (backend: Backend, model: Model, terms: number) => {
  const d = model.architecture.dimension
  const probes = input('probes', [together, d])
  const coefficients = input('coefficients', [together, terms])
  return E.map(({ flow, parameters, certified, lipschitzBound }: FlowAt) => {
    const points = input('points', [d, evaluationRows])
    const { standardised, logScale } = standardisationOf(model)
    const [base, draws] = simplify(
      everyRow(points, x => {
        const { value, logDet } = flow.forward(parameters)(standardised(x))
        return [sub(standardNormal(value), logScale), logDet]
      })
    )
    const outputs = [base, draws].map(t => t ?? constantOf(0))
    const reports = rootsOf(outputs).map(node => reportOf(backend.machine, node))
    const columns = [
      reports.map(({ errorBound }) => errorBound),
      reports.map(({ iterations }) => iterations),
      reports.map(({ converged }) => converged)
    ]
    return {
      inputs: [points, probes, coefficients],
      outputs: [...outputs, ...(reports.length === 0 ? [] : columns.map(rows => stack(rows)))],
      roots: reports.length,
      certified,
      lipschitzBound
    }
  })(flowAt(backend, model, seriesDraws({ probes, coefficients })))
}

type FlowAt = ReturnType<typeof flowAt> extends E.Either<unknown, infer A> ? A : never
