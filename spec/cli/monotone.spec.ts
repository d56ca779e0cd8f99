import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { toCsv } from '../../src/data/csv.js'
import { points, pointsFile, tiny, world } from './support/world.js'

describe('a run of monotone blocks', () => {
  let run = ''
  let file = ''
  let again = () => world()
  beforeAll(async () => {
    const place = world({}, mkdtempSync(join(tmpdir(), 'impflow-')))
    again = () => world({}, place.folder)
    run = place.at('run')
    file = place.write('five.csv', toCsv(points(5, 2)))
    const words = ['train', pointsFile(place, 200, 2), '--model', 'monotone', '--out', run, ...tiny]
    expect(await place.run(...words, '--steps', '10', '--json')).toBe(0)
    return () => rmSync(place.folder, { recursive: true })
  })
  const jsonOf = async (...words: readonly string[]) => {
    const place = world()
    expect([await place.run(...words, '--json'), place.stderr()]).toEqual([0, ''])
    return JSON.parse(place.stdout())
  }

  it('says so in its model file, and has one proved contraction and one root a block', () => {
    expect(JSON.parse(readFileSync(join(run, 'model.json'), 'utf8')).architecture.model).toBe('monotone')
    const result = JSON.parse(readFileSync(join(run, 'result.json'), 'utf8'))
    expect(result.maxLipschitzBound).toBeLessThan(1)
    expect(result.maxRootErrorBound).toBeLessThan(1e-9)
    expect(result.maxRootErrorBound).toBeGreaterThan(0)
  })

  it('gives densities and points', async () => {
    const densities = await jsonOf('density', run, '--points', file)
    expect(densities).toHaveLength(5)
    for (const { logDensity, converged } of densities) {
      expect(Number.isFinite(logDensity)).toBe(true)
      expect(converged).toBe(true)
    }
    expect(await jsonOf('sample', run, '--count', '7')).toHaveLength(7)
  })

  it('goes on bit for bit after it was stopped', async () => {
    const place = again()
    const words = ['train', place.at('table.csv'), '--model', 'monotone', '--out', place.at('stopped'), ...tiny]
    let asked = 0
    const interrupted = () => {
      asked += 1
      return asked >= 5
    }
    expect(await world({ interrupted }, place.folder).run(...words, '--steps', '10')).toBe(130)
    const checkpoint = (folder: string) => readFileSync(join(folder, 'checkpoint.safetensors'))
    expect(checkpoint(place.at('stopped')).equals(checkpoint(run))).toBe(false)
    expect(await place.run(...words, '--resume')).toBe(0)
    expect(checkpoint(place.at('stopped')).equals(checkpoint(run))).toBe(true)
  })

  it('cannot be certified or exported, which is said by the name of its blocks', async () => {
    const place = again()
    const out = place.at('exported')
    expect(await place.run('certify', run, '--points', file)).toBe(1)
    expect(place.stderr()).toBe(`impflow: ${run}: its blocks are of kind monotone, which cannot be certified.\n`)
    for (const format of ['safetensors', 'onnx', 'pytorch']) {
      const other = again()
      expect(await other.run('export', run, '--format', format, '--out', out)).toBe(1)
      expect(other.stderr()).toBe(`impflow: ${run}: its blocks are of kind monotone, which cannot be exported.\n`)
    }
  })
})
