import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { toCsv } from '../../src/data/csv.js'
import { points, pointsFile, tiny, world } from './support/world.js'

describe('certify and check-certificate on a trained run', () => {
  let run = ''
  let certificate = ''
  let file = ''
  beforeAll(async () => {
    const place = world({}, mkdtempSync(join(tmpdir(), 'impflow-')))
    run = place.at('run')
    certificate = place.at('certificate.json')
    file = place.write('five.csv', toCsv(points(5, 2)))
    await place.run('train', pointsFile(place, 200, 2), '--out', run, ...tiny, '--steps', '10', '--json')
    expect(await place.run('certify', run, '--points', file, '--out', certificate)).toBe(0)
    return () => rmSync(place.folder, { recursive: true })
  })
  const jsonOf = async (...words: readonly string[]) => {
    const place = world()
    expect([await place.run(...words, '--json'), place.stderr()]).toEqual([0, ''])
    return JSON.parse(place.stdout())
  }
  const refusal = async (...words: readonly string[]) => {
    const place = world()
    return [await place.run(...words), place.stderr()]
  }

  it('encloses what density and latent compute, within their errors', async () => {
    const proved = await jsonOf('certify', run, '--points', file)
    const densities = await jsonOf('density', run, '--points', file)
    expect(proved).toHaveLength(5)
    for (const [i, { logDensity }] of proved.entries()) {
      const [lo, hi] = logDensity
      expect(hi - lo).toBeLessThan(1e-9)
      const slack = 10 * densities[i].logDensityErrorEstimate
      expect(densities[i].logDensity).toBeGreaterThan(lo - slack)
      expect(densities[i].logDensity).toBeLessThan(hi + slack)
    }
  })

  it('writes a certificate that is accepted, alone and for its run', async () => {
    expect(await jsonOf('check-certificate', certificate)).toMatchObject({ accepted: true, points: 5 })
    expect(await jsonOf('check-certificate', certificate, '--run', run)).toMatchObject({ accepted: true, points: 5 })
  })

  it('rejects a certificate in which one digit is another, with exit code 1 and the reason', async () => {
    const place = world()
    const text = readFileSync(certificate, 'utf8')
    const at = text.search(/\d{3}\.?\d*[eE\],]/)
    const digit = text[at] === '7' ? '8' : '7'
    const tampered = place.at('tampered.json')
    writeFileSync(tampered, `${text.slice(0, at)}${digit}${text.slice(at + 1)}`)
    const [code, error] = await refusal('check-certificate', tampered)
    expect(code).toBe(1)
    expect(error).toMatch(/tampered\.json is rejected: /)
  })

  it('says what is wrong with points, files and folders', async () => {
    const place = world()
    const [wide, wideError] = await refusal('certify', run, '--points', place.write('wide.csv', '1,2,3\n4,5,6\n'))
    expect([wide, wideError]).toEqual([1, expect.stringMatching(/wide\.csv.*3.*2/s)])
    const [lost, lostError] = await refusal('check-certificate', place.at('nothing.json'))
    expect([lost, lostError]).toEqual([1, expect.stringMatching(/nothing\.json/)])
    const [prose, proseError] = await refusal('check-certificate', place.write('prose.json', 'no certificate'))
    expect([prose, proseError]).toEqual([1, expect.stringMatching(/prose\.json is rejected/)])
  })
})
