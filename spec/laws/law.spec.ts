import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bijection } from '../../src/laws/bijection.js'
import type { NumberFlow } from '../../src/laws/flow.js'
import { checkAll, decidedLaw, explain, type Failed, type Law, lawOf, register } from '../../src/laws/law.js'

const small = lawOf('every number is below 10', [fc.nat(1000)], n => n < 10)

const failureOf = async (law: Law): Promise<Failed> => {
  const verdict = await law.check()
  if (verdict.holds) throw new Error(`${law.statement} holds`)
  return verdict
}

describe('a law that fails', () => {
  it('says itself, its smallest counterexample, the seed, and the call that shows it again', async () => {
    const failed = await failureOf(small)
    expect(failed.counterexample).toBe('10')
    expect(explain(failed).split('\n')).toEqual([
      'law: every number is below 10',
      'counterexample: 10',
      'because: it does not hold there',
      `seed 20210503, path ${failed.path}; again: check({ seed: 20210503, path: '${failed.path}' })`
    ])
    expect(explain(failed, 'npm test').endsWith('again: npm test')).toBe(true)
  })

  it('fails at once on the same counterexample when it is replayed by seed and path', async () => {
    const { seed, path } = await failureOf(small)
    let tried = 0
    const counted = lawOf('every number is below 10', [fc.nat(1000)], n => {
      tried++
      return n < 10
    })
    expect(await counted.check({ seed, path: path ?? '' })).toMatchObject({ holds: false, counterexample: '10' })
    expect(tried).toBe(1)
  })

  it('says why, whether the predicate tells it, throws it, or rejects with it', async () => {
    const words = [
      lawOf('told', [fc.nat()], _ => 'too small'),
      lawOf('thrown', [fc.nat()], _ => {
        throw new Error('too small')
      }),
      lawOf('rejected', [fc.nat()], _ => Promise.reject(new Error('too small'))),
      decidedLaw('decided', async () => ({ looked: 1, why: 'too small' })),
      decidedLaw('undecided', () => Promise.reject(new Error('too small')))
    ]
    for (const verdict of await checkAll(words)) expect(verdict).toMatchObject({ holds: false, because: 'too small' })
  })

  it('counts as failed where it finds no cases', async () => {
    const none = lawOf('of nothing', [fc.nat(9)], n => {
      fc.pre(n > 9)
      return true
    })
    expect(await none.check({ cases: 5 })).toMatchObject({ holds: false, counterexample: null })
    expect((await failureOf(none)).because).toMatch(/finds no cases: \d+ of \d+/)
  })
})

describe('a law that holds', () => {
  it('says how many cases it tried: those asked for, or the share that it needs', async () => {
    expect(await lawOf('any', [fc.nat()], _ => true).check({ cases: 30 })).toMatchObject({ holds: true, cases: 30 })
    expect(await lawOf('any', [fc.nat()], _ => undefined, { share: 0.1 }).check()).toMatchObject({ cases: 10 })
  })

  it('draws the same cases from the same seed, and others from another', async () => {
    const drawn = async (seed: number): Promise<readonly number[]> => {
      const seen: number[] = []
      await lawOf('any', [fc.nat()], n => seen.push(n) > 0).check({ seed })
      return seen
    }
    expect(await drawn(1)).toEqual(await drawn(1))
    expect(await drawn(1)).not.toEqual(await drawn(2))
  })
})

describe('laws in any runner', () => {
  it('are handed over by name, and reject with their explanation', async () => {
    const tests = new Map<string, () => Promise<void>>()
    register((name, body) => tests.set(name, body), [small, lawOf('any', [fc.nat()], _ => true)], {
      replay: ({ seed }) => `my-runner --seed ${seed}`
    })
    await expect(tests.get('any')?.()).resolves.toBeUndefined()
    await expect(tests.get('every number is below 10')?.()).rejects.toThrow('again: my-runner --seed 20210503')
  })

  it('see a flow of plain asynchronous functions, and what was put wrong in it', async () => {
    const doubling: NumberFlow = {
      name: 'doubling',
      dimension: 2,
      accuracy: { value: 1e-15, logDet: 1e-15 },
      forward: async x => ({ value: x.map(xi => 2 * xi), logDet: 2 * Math.LN2 }),
      inverse: async z => ({ value: z.map(zi => zi / 2), logDet: -2 * Math.LN2 })
    }
    expect((await checkAll(bijection(doubling))).filter(({ holds }) => !holds)).toEqual([])
    const wrong = { ...doubling, inverse: async (z: readonly number[]) => ({ value: z.map(zi => zi / 2.001) }) }
    const broken = (await checkAll(bijection(wrong))).filter(({ holds }) => !holds).map(({ law }) => law)
    expect(broken).toContain('doubling: the inverse undoes the map, up to the errors claimed')
    expect(broken).toContain('doubling: the log-determinants of the two directions cancel')
    expect(broken).not.toContain('doubling: the log-determinant of the map is ln |det| of its Jacobian')
  })
})
