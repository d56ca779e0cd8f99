import { must } from '../../spec/support/must.js'
import { compileDensity, compileSampler } from '../../src/distribution/evaluate.js'
import { freshModel, paperArchitecture, trainingCase } from '../cases.js'
import { type Comparison, type Size, type Subject, stopwatch } from '../comparison.js'
import { interpreters } from '../subjects.js'

/** From expressions to programs that run: the training step, the density with its errors, the sampler. */
export const compile = async (size: Size): Promise<readonly Comparison[]> => {
  const [blocks, hidden] = size === 'tiny' ? [1, [4]] : [4, [128, 128]]
  const architecture = { ...paperArchitecture, blocks, hidden }
  const model = await freshModel(architecture)
  const { found, missing } = await interpreters()
  const comparison = (
    name: string,
    task: (backend: (typeof found)[number]['backend']) => Promise<unknown>
  ): Comparison => ({
    name: `compiling ${name}, ${blocks} blocks`,
    subjects: found.map(
      ({ name: subject, backend }): Subject => ({
        name: subject,
        precision: backend.precision,
        threads: 1,
        answer: () => Promise.resolve([]),
        measure: stopwatch(() => task(backend))
      })
    ),
    missing
  })
  return [
    comparison('a training step', backend => trainingCase(500, 1, { architecture, backend })),
    comparison('a density', async backend => must(compileDensity(backend, model, { threads: 1 }))),
    comparison('a sampler', async backend => must(compileSampler(backend, model, { threads: 1 })))
  ]
}
