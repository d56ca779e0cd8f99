import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { pointsFile, temporaryFolder, tiny, world } from './support/world.js'

/** What a command says when it fails: the whole of stderr, which is one message without a stack trace. */
const failing = async (place: ReturnType<typeof world>, ...words: readonly string[]) => {
  const before = readdirSync(place.folder, { recursive: true }).length
  const code = await place.run(...words)
  const said = place.stderr()
  expect(said.match(/^impflow: /gm)).toHaveLength(1)
  expect(said).not.toMatch(/^ +at .*:\d+:\d+/m)
  expect(place.stdout()).toBe('')
  expect(readdirSync(place.folder, { recursive: true })).toHaveLength(before)
  return [code, said] as const
}

const train = (...words: readonly string[]) => failing(world(), 'train', ...words, '--json')
const trainOn = (content: string) => {
  const place = world()
  return failing(place, 'train', place.write('own.csv', content), ...tiny)
}

describe('options', () => {
  const cases: readonly (readonly [words: readonly string[], message: string])[] = [
    [['chekerboard'], 'There is no data set "chekerboard"; did you mean checkerboard?'],
    [['zzz'], 'There is no data set "zzz". Names: impflow datasets.'],
    [['moons', '--coefficient', '1'], '--coefficient is "1", where a number above 0 and below 1'],
    [['moons', '--coefficient', '1.5'], '--coefficient is "1.5"'],
    [['moons', '--coefficient', '0'], '--coefficient is "0"'],
    [['moons', '--coefficient', '-0.5'], '--coefficient is "-0.5"'],
    [['moons', '--batch', '0'], '--batch is "0", where a whole number from 1 should be.'],
    [['moons', '--batch', '2.5'], '--batch is "2.5"'],
    [['moons', '--hidden', '8,,8'], '--hidden is "8,,8", where widths such as 128,128 should be.'],
    [['moons', '--activation', 'relu'], '--activation is "relu", where one of sine, '],
    [['moons', '--model', 'glow'], '--model is "glow", where impflow or resflow or monotone should be.'],
    [['moons', '--steps', '10', '--minutes', '1'], '--steps and --minutes are both given'],
    [['moons', '--steps', 'many'], '--steps is "many"'],
    [['moons', '--minutes', '0'], '--minutes is "0", where a number above 0 should be.'],
    [['moons', '--learning-rate', ''], '--learning-rate is ""'],
    [['moons', '--seed', '-1'], '--seed is "-1", where a whole number from 0 should be.'],
    [['moons', '--threads', '0'], '--threads is "0"'],
    [['moons', '--bloks', '3'], 'Unknown arguments'],
    [['moons', '--resume'], '-... to resume.'],
    [[], 'No value provided for DATASET|FILE']
  ]
  for (const [words, message] of cases)
    it(`train ${words.join(' ')}`, async () => {
      const [code, said] = await train(...words)
      expect(said).toContain(message)
      expect(code).toBe(2)
    })

  it('reference in float32', async () => {
    const [code, said] = await train('moons', '--backend', 'reference', '--precision', 'float32')
    expect([code, said]).toEqual([1, 'impflow: the reference backend computes in float64 only: --precision float64\n'])
  })

  it('a curve has no density', async () => {
    for (const name of ['line', 'cos']) {
      const [code, said] = await train(name)
      expect(code).toBe(1)
      expect(said).toMatch(`${name} lies on a curve, so it has no density`)
    }
  })
})

describe('files to train on', () => {
  const cases: readonly (readonly [what: string, content: string, message: RegExp])[] = [
    ['empty', '', /own.csv: there are no points in it/],
    ['header only', 'a,b\n', /own.csv: there is a header line and no points after it/],
    ['NaN', '1,2\n3,NaN\n4,5\n', /own.csv, line 2, column 2: the value is NaN/],
    ['ragged', '1,2\n3\n', /own.csv, line 2: columns: 1, but line 1 has 2/],
    ['rows read as one column', '1 2\n4 5\n', /own.csv, line \d: "[14] [25]" was read as a single column/],
    ['two rows', '1,2\n3,4\n', /own.csv: There are too few rows: 2/],
    ['a constant column', '1,2\n1,3\n1,4\n1,5\n1,9\n', /own.csv: Column 1 is constant/],
    ['text', '1,2\n3,x\n', /own.csv, line 2, column 2: "x" is not a number/]
  ]
  for (const [what, content, message] of cases)
    it(what, async () => {
      const [code, said] = await trainOn(content)
      expect(said).toMatch(message)
      expect(code).toBe(1)
    })

  it('missing', async () => {
    expect((await train('none.csv'))[1]).toMatch('none.csv: there is no such file')
  })

  it('one column of numbers is a density on the line', async () => {
    const place = world()
    const file = pointsFile(place, 60, 1)
    expect(await place.run('train', file, '--out', place.at('run'), ...tiny, '--steps', '5', '--json')).toBe(0)
    expect(readdirSync(place.at('run'))).toContain('density.png')
  })
})

describe('folders', () => {
  let trained = ''
  beforeAll(async () => {
    const place = world({}, mkdtempSync(join(tmpdir(), 'impflow-')))
    trained = place.at('run')
    await place.run('train', pointsFile(place), '--out', trained, ...tiny, '--steps', '5', '--json')
    return () => rmSync(place.folder, { recursive: true })
  })
  /** A copy of a trained run, with one file changed. */
  const damaged = (file: string, change: (bytes: Buffer) => Uint8Array | string): string => {
    const folder = temporaryFolder()
    cpSync(trained, folder, { recursive: true })
    writeFileSync(`${folder}/${file}`, change(readFileSync(`${trained}/${file}`)))
    return folder
  }
  const points = (place: ReturnType<typeof world>, content: string) => place.write('points.csv', content)

  it('out exists: nothing in it is touched', async () => {
    const place = world()
    const files = readdirSync(trained)
    const [code, said] = await failing(place, 'train', pointsFile(place), '--out', trained, ...tiny)
    expect([code, readdirSync(trained)]).toEqual([1, files])
    expect(said).toMatch('the folder exists already. Choose another --out, or go on with the run in it by --resume.')
  })

  it('foreign and missing', async () => {
    for (const command of [['sample'], ['plot'], ['density', '--points', 'x.csv'], ['latent', '--points', 'x.csv']]) {
      const place = world()
      const [code, said] = await failing(place, command[0] as string, place.folder, ...command.slice(1))
      expect([code, said.includes('this is not a run folder (there is no config.json in it)')]).toEqual([1, true])
    }
    const place = world()
    expect((await failing(place, 'sample', place.at('none')))[1]).toMatch('this is not a run folder')
  })

  it('damaged model, configuration and checkpoint, named with what is wrong', async () => {
    const cut = (bytes: Buffer) => bytes.subarray(0, bytes.length - 9)
    const model = damaged('model.safetensors', cut)
    expect((await failing(world(), 'sample', model))[1]).toMatch(
      /model.safetensors, tensor blocks.*: the file ends before/
    )
    const config = damaged('config.json', bytes => bytes.toString().replace('"batch": 16', '"batch": "x"'))
    expect((await failing(world(), 'sample', config))[1]).toMatch(
      'config.json: field settings.batch is "x", where a whole number'
    )
    const checkpoint = damaged('checkpoint.safetensors', cut)
    const place = world()
    const [code, said] = await failing(place, 'train', pointsFile(place), '--out', checkpoint, '--resume')
    expect(code).toBe(1)
    expect(said).toMatch(/checkpoint.safetensors, tensor .*: the file ends before/)
  })

  it('points of another shape, with NaN, ragged, empty', async () => {
    const place = world()
    const say = async (content: string) => {
      const here = world({}, place.folder)
      return (await failing(here, 'density', trained, '--points', points(here, content)))[1]
    }
    points(place, '')
    expect(await say('1,2\n3,4\n')).toMatch('points.csv: the points have 2 columns, where the model has 3 dimensions.')
    expect(await say('1\n3\n')).toMatch('points.csv: the points have 1 column, where the model has 3 dimensions.')
    expect(await say('1,2,3\n3,4,inf\n')).toMatch('points.csv, line 2, column 3: the value is inf')
    expect(await say('1,2,3\n3,4\n')).toMatch('points.csv, line 2: columns: 2')
    expect(await say('')).toMatch('points.csv: there are no points in it')
    const bare = world()
    expect((await failing(bare, 'density', trained))[1]).toMatch('--points is missing')
  })

  it('outputs of an unknown kind', async () => {
    const [code, said] = await failing(world(), 'sample', trained, '--out', 'x.xls')
    expect([code, existsSync('x.xls')]).toEqual([2, false])
    expect(said).toMatch('--out is "x.xls", where a name ending in .csv, .npy or .json should be.')
  })
})
