import fc from 'fast-check'
import { expect, it } from 'vitest'

/** The seed of every law, from IMPFLOW_SEED. */
const seed = Number(process.env.IMPFLOW_SEED ?? 20210503)

/** At least this many cases a law; ten times as many with IMPFLOW_LONG=1. */
const usual = 100
const factor = process.env.IMPFLOW_LONG === '1' ? 10 : 1

console.info(`laws: seed ${seed}, ${usual * factor} cases each`)

type Values = readonly unknown[]
type Arbitraries<T extends Values> = { readonly [K in keyof T]: fc.Arbitrary<T[K]> }

const replay = (): string => {
  const { testPath = '', currentTestName = '' } = expect.getState()
  const path = testPath.slice(testPath.lastIndexOf('/spec/') + 1)
  return `IMPFLOW_SEED=${seed} npx vitest run ${path} -t '${currentTestName.replaceAll(' > ', ' ').replace(/[^\w\s]/g, '.')}'`
}

/** What a failed law says: itself, the smallest counterexample found, why, and how to see it again. */
const report = (statement: string, details: fc.RunDetails<[unknown[]]>): string =>
  [
    `law: ${statement}`,
    details.counterexample === null
      ? `finds no cases: ${details.numSkips} of ${details.numSkips + details.numRuns} tried were none`
      : `counterexample: ${details.counterexample[0].map(value => fc.stringify(value)).join('\n  and ')}`,
    `because: ${details.errorInstance instanceof Error ? details.errorInstance.message : 'it does not hold there'}`,
    `seed ${details.seed}, path ${details.counterexamplePath}; again: ${replay()}`
  ].join('\n')

/** A predicate holds for its values: true, or nothing at all; or it says why not by an error. */
type Holds = boolean | undefined | Promise<boolean | undefined>

/**
 * A law: a statement in words, what it is about, and a predicate that holds for all of it. The only way in which specs
 * meet fast-check.
 * @param cases how many to try at least, 100 unless a case is many in one
 */
export const law = <T extends Values>(
  statement: string,
  arbitraries: Arbitraries<T>,
  predicate: (...values: T) => Holds,
  { cases = usual }: { readonly cases?: number } = {}
): void =>
  it(statement, async () => {
    const values = fc.tuple<unknown[]>(...(arbitraries as readonly fc.Arbitrary<unknown>[]))
    const property = fc.asyncProperty(values, async chosen => (await predicate(...(chosen as unknown as T))) ?? true)
    const details = await fc.check(property, { seed, numRuns: cases * factor, maxSkipsPerRun: 20 })
    if (details.failed) throw new Error(report(statement, details))
  }, 120_000)
