/**
 * A law: a statement in words with a check that knows nothing of the test runner. Every law of this folder is one, so the
 * same equations run in our specs, in anyone else's runner, and on the command line.
 */
import fc from 'fast-check'

/** How a law is to be checked. */
export interface CheckOptions {
  /** Where the draws start; 20210503 unless told. The same seed draws the same cases. */
  readonly seed?: number
  /**
   * How many cases to try, 100 unless told; a law that needs another number says so itself. A statistical law takes as many
   * times its usual draws as this is times 100, never fewer, and then sees a smaller bias, at the same error rate.
   */
  readonly cases?: number
  /** The path of a failure that was reported: only that case is tried. */
  readonly path?: string
}

/** A law was not seen to fail. */
export interface Held {
  readonly holds: true
  readonly law: string
  /** Cases, or for a statistical law draws, that were looked at. */
  readonly cases: number
}

/** A law failed: all there is to say about it, and how to see it again. */
export interface Failed {
  readonly holds: false
  readonly law: string
  /** The smallest failing values found, in JavaScript's notation; null if no case could be tried. */
  readonly counterexample: string | null
  readonly because: string
  readonly seed: number
  /** Where the counterexample lies in the draws of the seed; null where there is nothing to shrink. */
  readonly path: string | null
}

/** What a check comes to. */
export type Verdict = Held | Failed

/** A statement in words, and the function that checks it. It does not reject, whatever the subject does. */
export interface Law {
  readonly statement: string
  readonly check: (options?: CheckOptions) => Promise<Verdict>
}

/** A predicate holds by true or nothing at all; it fails by false, by saying why not, or by an error. */
export type Holds = boolean | string | undefined

type Values = readonly unknown[]
type Arbitraries<T extends Values> = { readonly [K in keyof T]: fc.Arbitrary<T[K]> }

/** The seed of every law, unless told. */
export const usualSeed = 20210503

/** Cases of a law, unless told. */
export const usualCases = 100

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

/**
 * A law about drawn values, by fast-check. A predicate may call `fc.pre` for what is no case.
 * @param cases that the law needs, as a share of those asked for: 0.1 where one case is ten in one
 */
export const lawOf = <T extends Values>(
  statement: string,
  arbitraries: Arbitraries<T>,
  predicate: (...values: T) => Holds | Promise<Holds>,
  { share = 1 }: { readonly share?: number } = {}
): Law => ({
  statement,
  check: async ({ seed = usualSeed, cases = usualCases, path } = {}) => {
    const values = fc.tuple<unknown[]>(...(arbitraries as readonly fc.Arbitrary<unknown>[]))
    const property = fc.asyncProperty(values, async chosen => {
      const said = (await predicate(...(chosen as unknown as T))) ?? true
      return said === true || Promise.reject(new Error(said || 'it does not hold there'))
    })
    const numRuns = Math.max(1, Math.ceil(cases * share))
    const details = await fc.check(property, {
      seed,
      numRuns,
      maxSkipsPerRun: 20,
      ...(path ? { path, endOnFailure: true } : {})
    })
    if (!details.failed) return { holds: true, law: statement, cases: details.numRuns }
    return {
      holds: false,
      law: statement,
      counterexample: details.counterexample?.[0].map(value => fc.stringify(value)).join('\n  and ') ?? null,
      because:
        details.counterexample === null
          ? `it finds no cases: ${details.numSkips} of ${details.numSkips + details.numRuns} tried were none`
          : messageOf(details.errorInstance),
      seed: details.seed,
      path: details.counterexamplePath
    }
  }
})

/**
 * A law that is decided once, by a function of the seed: an enumeration, or a test on many draws.
 * @param decide what was looked at, and why it fails, if it does; of a seed and of how many times the usual draws to take
 */
export const decidedLaw = (
  statement: string,
  decide: (
    seed: number,
    effort: number
  ) => Promise<{ readonly looked: number; readonly why?: string | undefined; readonly shown?: string }>
): Law => ({
  statement,
  check: async ({ seed = usualSeed, cases = usualCases } = {}) => {
    const { looked, why, shown } = await decide(seed, Math.max(1, cases / usualCases)).catch((error: unknown) => ({
      looked: 0,
      why: messageOf(error),
      shown: undefined
    }))
    return why === undefined
      ? { holds: true, law: statement, cases: looked }
      : { holds: false, law: statement, counterexample: shown ?? null, because: why, seed, path: null }
  }
})

/** The call that shows a failure again. */
const replayOf = ({ seed, path }: Failed): string =>
  `check({ seed: ${seed}${path === null ? '' : `, path: '${path}'`} })`

/**
 * A failure in words: the law, the smallest counterexample, why, and how to see it again.
 * @param replay the command of your runner; the call of the law's check unless told
 */
export const explain = (failed: Failed, replay: string = replayOf(failed)): string =>
  [
    `law: ${failed.law}`,
    `counterexample: ${failed.counterexample ?? 'none to show'}`,
    `because: ${failed.because}`,
    `seed ${failed.seed}${failed.path === null ? '' : `, path ${failed.path}`}; again: ${replay}`
  ].join('\n')

/**
 * Hands laws to a test runner: any with a function of a name and an asynchronous body, as `it` of vitest, jest, mocha or
 * `test` of node:test. A law that fails rejects with its explanation.
 * @param options for every check; `replay` words the command that shows a failure again
 * In a spec: laws.register(it, laws.bijection(myFlow))
 */
export const register = (
  test: (name: string, body: () => Promise<void>) => unknown,
  laws: readonly Law[],
  { replay, ...options }: CheckOptions & { readonly replay?: (failed: Failed) => string } = {}
): void =>
  laws.forEach(({ statement, check }) => {
    test(statement, async () => {
      const verdict = await check(options)
      return verdict.holds ? undefined : Promise.reject(new Error(explain(verdict, replay?.(verdict))))
    })
  })

/** Checks laws one after another. */
export const checkAll = async (laws: readonly Law[], options: CheckOptions = {}): Promise<readonly Verdict[]> => {
  const verdicts: Verdict[] = []
  for (const { check } of laws) verdicts.push(await check(options))
  return verdicts
}
