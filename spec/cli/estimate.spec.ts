import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { toCsv } from '../../src/data/csv.js'
import { points, pointsFile, tiny, world } from './support/world.js'

interface Entry {
  readonly logDensityEstimate: number
  readonly standardError: number | null
  readonly halfWidth: number | null
  readonly draws: number
  readonly converged: boolean
  readonly reason?: string
}

describe('density --log-det roulette', () => {
  let run = ''
  let file = ''
  beforeAll(async () => {
    const place = world({}, mkdtempSync(join(tmpdir(), 'impflow-')))
    run = place.at('run')
    await place.run('train', pointsFile(place, 200, 2), '--out', run, ...tiny, '--steps', '30', '--json')
    file = place.write('some.csv', toCsv(points(5, 2)))
    return () => rmSync(place.folder, { recursive: true })
  })

  const density = async (...words: readonly string[]) => {
    const place = world()
    const code = await place.run('density', run, '--points', file, ...words, '--json')
    return { code, stderr: place.stderr(), entries: code === 0 ? (JSON.parse(place.stdout()) as readonly Entry[]) : [] }
  }
  const exactly = async (): Promise<readonly number[]> => {
    const place = world()
    await place.run('density', run, '--points', file, '--json')
    return (JSON.parse(place.stdout()) as readonly { readonly logDensity: number }[]).map(
      ({ logDensity }) => logDensity
    )
  }

  it('encloses the exact densities as closely as it was asked, and says how many draws that took', async () => {
    const { entries } = await density('--log-det', 'roulette', '--target-error', '0.4', '--seed', '2')
    const exact = await exactly()
    expect(entries).toHaveLength(5)
    entries.forEach(({ logDensityEstimate, halfWidth, draws, converged }, i) => {
      expect([converged, draws > 0]).toEqual([true, true])
      expect(halfWidth).toBeLessThanOrEqual(0.4)
      expect(Math.abs(logDensityEstimate - (exact[i] as number))).toBeLessThanOrEqual(halfWidth as number)
    })
  })

  it('gives the same draws for the same seed, and a standard error that shrinks with their number', async () => {
    const some = await density('--log-det', 'roulette', '--draws', '64', '--seed', '3')
    const again = await density('--log-det', 'roulette', '--draws', '64', '--seed', '3')
    const more = await density('--log-det', 'roulette', '--draws', '1024', '--seed', '3')
    expect(again.entries).toEqual(some.entries)
    const mean = ({ entries }: typeof some) => entries.reduce((sum, { standardError }) => sum + (standardError ?? 0), 0)
    expect(mean(more)).toBeLessThan(mean(some) / 2)
    expect(mean(more)).toBeGreaterThan(mean(some) / 8)
  })

  it('has no standard error where no finite variance is proved, and says why', async () => {
    const { entries } = await density('--log-det', 'roulette', '--draws', '32', '--rho', '0.000001')
    for (const { standardError, reason } of entries) {
      expect(standardError).toBeNull()
      expect(reason).toMatch(/^the variance can be infinite: rho 0.000001 is below c\^2 = 0\.\d+$/)
    }
    const { code, stderr } = await density('--log-det', 'roulette', '--target-error', '1', '--rho', '0.000001')
    expect([code, stderr]).toEqual([1, expect.stringContaining('no interval can be promised: the variance')])
  })

  it.each([
    [['--draws', '3'], '--draws is of --log-det roulette, which is not asked for'],
    [['--log-det', 'roulette', '--no-error-estimates'], '--no-error-estimates is of exact log-determinants'],
    [['--log-det', 'wheel'], '--log-det is "wheel", where exact or roulette should be'],
    [['--log-det', 'roulette', '--draws', '3', '--target-error', '1'], 'one of them should be'],
    [['--log-det', 'roulette', '--rho', '1'], '--rho is "1", where a number above 0 and below 1 should be']
  ])('refuses %s', async (words, message) => {
    const { code, stderr } = await density(...words)
    expect([code, stderr]).toEqual([2, expect.stringContaining(message)])
  })
})
