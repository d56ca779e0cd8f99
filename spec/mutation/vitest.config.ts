import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** A run ends at the first failure, so what takes longest comes last: the laws, and comparisons with the proofs. */
class ShortFirst extends BaseSequencer {
  override sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const long = ({ moduleId }: TestSpecification): number => (/spec\/(laws|proofs)\//.test(moduleId) ? 1 : 0)
    return Promise.resolve([...files].sort((a, b) => long(a) - long(b) || a.moduleId.localeCompare(b.moduleId)))
  }
}

/** The specs of the folder that is mutated, named by `npm run mutation`. */
export default defineConfig({
  test: {
    include: (process.env.IMPFLOW_SPECS ?? 'spec/**/*.spec.ts').split(','),
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: ShortFirst }
  }
})
