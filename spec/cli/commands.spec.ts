import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { either as E, taskEither as TE } from 'fp-ts'
import { beforeAll, describe, expect, it } from 'vitest'
import { noiseOf } from '../../src/cli/pictures/scene.js'
import { toCsv } from '../../src/data/csv.js'
import { parseNpy } from '../../src/data/npy.js'
import { points, pointsFile, tiny, world } from './support/world.js'

const oracles = join(import.meta.dirname, '../support/vectors/blocks_resflow.json')

describe('commands on a trained run', () => {
  let run = ''
  beforeAll(async () => {
    const place = world({}, mkdtempSync(join(tmpdir(), 'impflow-')))
    run = place.at('run')
    await place.run('train', pointsFile(place, 200, 2), '--out', run, ...tiny, '--steps', '30', '--json')
    return () => rmSync(place.folder, { recursive: true })
  })
  const jsonOf = async (...words: readonly string[]) => {
    const place = world()
    expect([await place.run(...words, '--json'), place.stderr()]).toEqual([0, ''])
    return JSON.parse(place.stdout())
  }

  it('made all pictures of a plane', () => {
    expect(
      readdirSync(run)
        .filter(name => name.endsWith('.png'))
        .sort()
    ).toEqual(['density.png', 'learning-curve.png', 'map.png', 'samples.png'])
  })

  it('density: an entry a point, in order, whoever the others are', async () => {
    const place = world()
    const many = place.write('many.csv', toCsv(points(300, 2)))
    const few = place.write('few.csv', toCsv({ ...points(3, 2) }))
    const [all, some] = [await jsonOf('density', run, '--points', many), await jsonOf('density', run, '--points', few)]
    expect(all).toHaveLength(300)
    expect(some).toHaveLength(3)
    for (const [i, { logDensity, logDensityErrorEstimate }] of some.entries())
      expect(Math.abs(logDensity - all[i].logDensity)).toBeLessThanOrEqual(2 * logDensityErrorEstimate)
    for (const entry of await jsonOf('density', run, '--points', few, '--no-error-estimates'))
      expect(Object.keys(entry)).toEqual(['logDensity', 'rootErrorBound', 'converged'])
    for (const entry of all) {
      expect(Object.keys(entry)).toEqual(['logDensity', 'logDensityErrorEstimate', 'rootErrorBound', 'converged'])
      expect(entry.converged).toBe(true)
      expect(entry.rootErrorBound).toBeLessThan(1e-10)
      expect(entry.logDensityErrorEstimate).toBeLessThan(1e-10)
    }
  })

  it('density integrates to one in the units of the data', async () => {
    const place = world()
    const side = 60
    const [low, high] = [-12, 20]
    const values = Float64Array.from({ length: 2 * side * side }, (_, k) => {
      const cell = Math.floor(k / 2)
      const i = k % 2 === 0 ? cell % side : Math.floor(cell / side)
      return low + ((i + 0.5) / side) * (high - low)
    })
    const file = place.write('grid.csv', toCsv({ rows: side * side, columns: 2, values }))
    const entries: readonly { readonly logDensity: number }[] = await jsonOf('density', run, '--points', file)
    const mass = entries.reduce((sum, { logDensity }) => sum + Math.exp(logDensity), 0) * ((high - low) / side) ** 2
    expect(Math.abs(mass - 1)).toBeLessThan(0.02)
  })

  it('sample: the seed determines the points, and the first are those of more', async () => {
    const ten = await jsonOf('sample', run, '--count', '10', '--seed', '3')
    expect(await jsonOf('sample', run, '--count', '600', '--seed', '3').then(all => all.slice(0, 10))).toEqual(ten)
    expect(await jsonOf('sample', run, '--count', '10', '--seed', '4')).not.toEqual(ten)
  })

  it('latent undoes sample', async () => {
    const place = world()
    const [file, noise] = [place.at('x.npy'), place.at('z.csv')]
    expect(await place.run('sample', run, '--count', '20', '--seed', '1', '--out', file)).toBe(0)
    expect(place.stdout()).toBe('')
    const read = parseNpy(file)(readFileSync(file))
    expect(E.isRight(read) && [read.right.rows, read.right.columns]).toEqual([20, 2])
    expect(await place.run('latent', run, '--points', file, '--out', noise)).toBe(0)
    const rows = readFileSync(noise, 'utf8').trim().split('\n')
    expect([rows[0], rows.length]).toEqual(['z1,z2', 21])
    const found = rows.slice(1).flatMap(row => row.split(',').map(Number))
    const distance = noiseOf(1, 20, 2).values.map((z, i) => Math.abs(z - (found[i] as number)))
    expect(Math.max(...distance)).toBeLessThan(1e-10)
  })

  it('plot draws again', async () => {
    const place = world()
    const before = statSync(join(run, 'map.png')).mtimeMs
    expect(await place.run('plot', run)).toBe(0)
    expect(place.stdout().trim().split('\n')).toHaveLength(4)
    expect(statSync(join(run, 'map.png')).mtimeMs).toBeGreaterThan(before)
  })
})

describe('other commands', () => {
  it('check: every block with its errors, exit 1 if one is wrong', async () => {
    const place = world()
    expect(await place.run('check', oracles, '--json')).toBe(0)
    const blocks = JSON.parse(place.stdout())
    for (const block of blocks)
      expect(block).toMatchObject({ name: expect.any(String), ok: true, z: expect.any(Number) })
    const wrong = JSON.parse(readFileSync(oracles, 'utf8'))
    wrong.blocks = wrong.blocks.slice(0, 2)
    wrong.blocks[1].logdet[0] += 1e-6
    const bad = world()
    expect(await bad.run('check', bad.write('wrong.json', JSON.stringify(wrong)), '--json')).toBe(1)
    expect(JSON.parse(bad.stdout()).map(({ ok }: { ok: boolean }) => ok)).toEqual([true, false])
    expect(bad.stderr()).toMatch('wrong.json: 1 of 2 blocks are wrong: ')
    const foreign = world()
    expect(await foreign.run('check', foreign.write('x.json', '{}'))).toBe(1)
    expect(foreign.stderr()).toMatch('x.json, field schema')
  })

  it('datasets: names and entropies', async () => {
    const place = world()
    await place.run('datasets', '--json')
    expect(JSON.parse(place.stdout())).toContainEqual({
      name: 'checkerboard',
      description: expect.any(String),
      dimension: 2,
      entropyNats: Math.log(32),
      entropyBits: 5,
      rows: null,
      files: null
    })
    const text = world()
    await text.run('datasets')
    expect(text.stdout()).toMatch(/checkerboard +2 +3.466 +5.000/)
  })

  it('backends: what is there, and what is missing and how to get it', async () => {
    const place = world()
    await place.run('backends', '--json')
    expect(JSON.parse(place.stdout())).toMatchObject([
      { name: 'onnx', precisions: ['float32', 'float64'], missing: null },
      { name: 'reference', precisions: ['float64'], missing: null },
      { name: 'gpu', mode: 'webgpu', precisions: expect.any(Array) },
      {
        name: 'gpu',
        mode: 'webasm',
        precisions: ['float32'],
        missing: null,
        adapter: expect.stringMatching('no device')
      },
      { name: 'gpu', mode: 'cpu', precisions: ['float32'], missing: null, adapter: expect.stringMatching('no device') }
    ])
    const bare = world({ backend: () => TE.left({ tag: 'OnnxUnavailable', message: 'install it' }) })
    expect(await bare.run('backends')).toBe(0)
    expect(bare.stdout()).toMatch('missing: install it')
  })

  it('help has examples for every command; the version is printed', async () => {
    const commands = ['train', 'density', 'latent', 'sample', 'plot', 'check', 'datasets', 'backends']
    for (const words of [[], ...commands.map(name => [name])]) {
      const place = world()
      expect(await place.run(...words, '--help')).toBe(0)
      expect(place.stdout()).toMatch(/EXAMPLES:\n\n.*\n {2}\$ impflow /)
    }
    const place = world()
    expect(await place.run('--version')).toBe(0)
    expect(place.stdout()).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
