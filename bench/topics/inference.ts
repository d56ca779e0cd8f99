import type { Precision } from '../../src/interpret/backend.js'
import { freshModel, inferenceCase, inferenceInputs, paperArchitecture } from '../cases.js'
import { type Comparison, type Size, type Subject, timedHere } from '../comparison.js'
import { python, pythonMissing } from '../python.js'
import { interpreters } from '../subjects.js'
import { type TorchCommand, torchAnswer, torchSubjects, torchTimes } from '../torchFlow.js'

/** Points up to which slow interpreters take part. */
const few = 100

/** One thread against one, and in float32, where there is enough for two, the best of one and two against the best. */
const threadsOf = (precision: Precision, count: number): readonly number[] =>
  precision === 'float32' && count > 256 ? [1, 2] : [1]

/** Density and sampling by the paper's checkerboard flow, with the weights that training starts from. */
export const inference = async (size: Size): Promise<readonly Comparison[]> => {
  const architecture = size === 'tiny' ? { ...paperArchitecture, blocks: 1, hidden: [4] } : paperArchitecture
  const model = await freshModel(architecture)
  const effective = Float64Array.from(model.effective)
  const { found } = await interpreters()
  const missing = python === undefined ? [`PyTorch: ${pythonMissing}`] : []
  const counts = { tiny: [3], quick: [1000], full: [1, 100, 1000, 10_000] }[size]
  const comparisons: Comparison[] = []
  for (const count of counts) {
    const { points, noise } = inferenceInputs(count)
    const [density, sample]: [Subject[], Subject[]] = [[], []]
    for (const { name, backend, slow } of found) {
      if (slow && (count > few || (size !== 'tiny' && backend.name === 'gpu'))) continue
      for (const threads of backend.name === 'onnx' ? threadsOf(backend.precision, count) : [1]) {
        const runs = await inferenceCase(model, backend, threads, count)
        const how = { name, precision: backend.precision, threads }
        density.push(timedHere(how, async () => [await runs.density()]))
        density.push(
          timedHere({ ...how, name: `${name}, with error estimates` }, async () => [await runs.densityWithErrors()])
        )
        sample.push(timedHere(how, async () => [await runs.sample()]))
      }
    }
    const torch = (command: TorchCommand, given: typeof points): readonly Subject[] =>
      torchSubjects(
        precision => threadsOf(precision, count),
        setting => ({
          answer: () => torchAnswer(command, architecture, effective, given, setting),
          measure: async seconds => {
            const how = { batch: count, steps: seconds === 0 ? 1 : count > 1000 ? 5 : 15, ...setting }
            return [(await torchTimes(command, architecture, effective, how)).ms]
          }
        })
      )
    density.push(...torch('density', points))
    sample.push(...torch('sample', noise))
    const shown = count.toLocaleString('en-US')
    // Roots to 1e-6 in float32.
    const allowed = { float32: 1e-4, float64: 1e-9 }
    comparisons.push({
      name: `density of ${shown} point${count === 1 ? '' : 's'}`,
      subjects: density,
      missing,
      allowed
    })
    comparisons.push({ name: `${shown} sample${count === 1 ? '' : 's'}`, subjects: sample, missing, allowed })
  }
  return comparisons
}
