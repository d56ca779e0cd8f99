import { must } from '../../spec/support/must.js'
import { evaluationMethod } from '../../src/distribution/programs.js'
import type { Backend } from '../../src/interpret/backend.js'
import { rowsProgram } from '../../src/train/rows.js'
import { freshModel, inferenceCase, inferenceInputs, paperArchitecture } from '../cases.js'
import { type Comparison, type Size, type Subject, timedHere } from '../comparison.js'
import { given, interpreters } from '../subjects.js'

/** One ImpFlow block: forward with its log-determinant, inverse, and the loss with its gradient by every weight. */
export const block = async (size: Size): Promise<readonly Comparison[]> => {
  const architecture = { ...paperArchitecture, blocks: 1, hidden: size === 'tiny' ? [4, 4] : [128, 128] }
  const rows = { tiny: 8, quick: 64, full: 512 }[size]
  const model = await freshModel(architecture)
  const { points } = inferenceInputs(rows)
  const { found, missing } = await interpreters()
  const columns = points.values.map((_, k) => points.values[(k % rows) * 2 + Math.floor(k / rows)] as number)

  const gradientOf = async (backend: Backend): Promise<() => Promise<readonly ArrayLike<number>[]>> => {
    const { run } = await must(rowsProgram(backend, architecture, evaluationMethod(backend), rows, 1))
    const numbers = [Float64Array.from(model.effective), columns, new Float64Array(rows).fill(1)].map(v =>
      given(backend, v)
    )
    return async () => (await must(run(numbers))).slice(0, 2)
  }

  const [forward, inverse, gradient]: [Subject[], Subject[], Subject[]] = [[], [], []]
  for (const { name, backend } of found) {
    const how = { name, precision: backend.precision, threads: 1 }
    const runs = await inferenceCase(model, backend, 1, rows)
    forward.push(timedHere(how, async () => [await runs.density()]))
    inverse.push(timedHere(how, async () => [await runs.sample()]))
    const slope = await gradientOf(backend)
    gradient.push(timedHere(how, slope))
  }
  // Roots to 1e-6 in float32, and devices whose products are off by as much.
  const allowed = { float32: 1e-3, float64: 1e-8 }
  const title = `block 2-${architecture.hidden.join('-')}-2, ${rows} points`
  return [
    { name: `${title}: forward with log-determinant`, subjects: forward, missing, allowed },
    { name: `${title}: inverse`, subjects: inverse, missing, allowed },
    { name: `${title}: loss and gradient`, subjects: gradient, missing, allowed }
  ]
}
