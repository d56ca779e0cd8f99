import type fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Failed, type Holds, type Law, lawOf, register, usualCases, usualSeed } from '../../src/laws/law.js'

/** The seed of every law, from IMPFLOW_SEED. */
const seed = Number(process.env.IMPFLOW_SEED ?? usualSeed)

/**
 * How many times the usual cases and draws: IMPFLOW_CASES in the place of the usual number, ten times as many with
 * IMPFLOW_LONG=1. Laws on many draws keep their error rate and see a smaller bias.
 */
export const factor =
  (process.env.IMPFLOW_LONG === '1' ? 10 : 1) * (Number(process.env.IMPFLOW_CASES ?? usualCases) / usualCases)

console.info(`laws: seed ${seed}, ${usualCases * factor} cases each`)

const replay = ({ seed: failed }: Failed): string => {
  const { testPath = '', currentTestName = '' } = expect.getState()
  const path = testPath.slice(testPath.lastIndexOf('/spec/') + 1)
  return `IMPFLOW_SEED=${failed} npx vitest run ${path} -t '${currentTestName.replaceAll(' > ', ' ').replace(/[^\w\s]/g, '.')}'`
}

/** Hands laws to vitest. */
export const run = (laws: readonly Law[], { cases = usualCases }: { readonly cases?: number } = {}): void =>
  register((name, body) => it(name, body, 120_000 * Math.max(1, factor)), laws, {
    seed,
    cases: Math.ceil(cases * factor),
    replay
  })

type Values = readonly unknown[]

/**
 * A law: a statement in words, what it is about, and a predicate that holds for all of it. The only way in which specs
 * meet fast-check.
 * @param cases how many to try at least, 100 unless a case is many in one
 */
export const law = <T extends Values>(
  statement: string,
  arbitraries: { readonly [K in keyof T]: fc.Arbitrary<T[K]> },
  predicate: (...values: T) => Holds | Promise<Holds>,
  options: { readonly cases?: number } = {}
): void => run([lawOf(statement, arbitraries, predicate)], options)
