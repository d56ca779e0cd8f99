import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { either as E } from 'fp-ts'
import onnxProto from 'onnx-proto'
import { describe, expect, it } from 'vitest'
import { toCsv } from '../../src/data/csv.js'
import { parseSafetensors } from '../../src/interop/safetensors.js'
import { parseModelFile, toModelFile } from '../../src/train/runFolder/modelFile.js'
import { points, world } from './support/world.js'

const vectors = join(import.meta.dirname, '../support/vectors/checkpoints')
const checkpoint = (name: string): string => join(vectors, name)

interface Truth {
  readonly x: readonly (readonly number[])[]
  readonly float64: { readonly logp: readonly number[]; readonly z: readonly (readonly number[])[] }
}

const truth = JSON.parse(readFileSync(checkpoint('ck_imp_swish_actnorm.json'), 'utf8')) as Truth
const csv = (x: readonly (readonly number[])[]): string => `${x.map(row => row.join()).join('\n')}\n`

/** A place with an imported run. */
const withRun = async (name: string, ...options: readonly string[]) => {
  const place = world()
  const run = place.at('run')
  expect([await place.run('import', checkpoint(name), '--out', run, ...options), place.stderr()]).toEqual([0, ''])
  return { place, run }
}

describe('an imported checkpoint is a run folder', () => {
  it('with model and origin', async () => {
    const { place, run } = await withRun('ck_imp_swish_actnorm.pth', '--json')
    expect(readdirSync(run).sort()).toEqual(['import.json', 'model.json', 'model.safetensors'])
    expect(JSON.parse(place.stdout())).toMatchObject({
      run,
      model: 'impflow',
      blocks: 2,
      actNorms: [0],
      coefficient: 0.9,
      weights: 'state_dict',
      dataset: 'checkerboard',
      certified: true
    })
    expect(JSON.parse(readFileSync(join(run, 'import.json'), 'utf8'))).toMatchObject({
      format: 'impflow-import-v1',
      checkpoint: 'ck_imp_swish_actnorm.pth',
      certified: true
    })
  })

  it('whose averaged weights are told of, if there are any', async () => {
    const { place } = await withRun('ck_tabular_swish_d6.pth')
    expect(place.stdout()).toMatch(/of state_dict, used as given.*\n.*averaged weights too: take them by --ema\n/)
    const { place: averaged } = await withRun('ck_tabular_swish_d6.pth', '--ema')
    expect(averaged.stdout()).toMatch(/of ema, used as given/)
    expect(averaged.stdout()).not.toMatch('--ema')
  })

  it('that density, latent and sample use', async () => {
    const { place, run } = await withRun('ck_imp_swish_actnorm.pth')
    const file = place.write('x.csv', csv(truth.x))
    const read = async (...words: readonly string[]) => {
      const other = world()
      expect([await other.run(...words, '--json'), other.stderr()]).toEqual([0, ''])
      return JSON.parse(other.stdout())
    }
    const found: readonly { readonly logDensity: number }[] = await read('density', run, '--points', file)
    found.forEach(({ logDensity }, i) => {
      expect(Math.abs(logDensity - (truth.float64.logp[i] as number))).toBeLessThan(1e-9)
    })
    const noise: readonly number[][] = await read('latent', run, '--points', file)
    expect(noise.flat()).toEqual(truth.float64.z.flat().map(z => expect.closeTo(z, 9)))
    expect(await read('sample', run, '--count', '3')).toHaveLength(3)
  })

  it('that plot draws beside the data set of its name, without a learning curve', async () => {
    const { place, run } = await withRun('ck_imp_swish_actnorm.pth')
    expect(await place.run('plot', run)).toBe(0)
    expect(place.stderr()).toBe(
      `Note: ${run} has no training history, so there is no learning curve; drawn beside checkerboard.\n`
    )
    const pictures = readdirSync(run).filter(name => name.endsWith('.png'))
    expect(pictures.sort()).toEqual(['density.png', 'map.png', 'samples.png'])
  })

  it('that plot draws beside points, and asks for them where it knows none', async () => {
    const { place, run } = await withRun('ck_tabular_swish_d6.pth', '--ema')
    expect(await place.run('plot', run)).toBe(2)
    expect(place.stderr()).toMatch('holds a model but no data: say what to draw beside it by --data DATASET|FILE')
    const file = place.write('six.csv', toCsv(points(100, 6)))
    expect(await place.run('plot', run, '--data', file)).toBe(0)
    expect(existsSync(join(run, 'pairs.png'))).toBe(true)
    expect(await place.run('plot', run, '--data', 'moons')).toBe(1)
    expect(place.stderr()).toMatch('moons has 2 dimensions, where the model has 6.')
  })

  it('that says on every use where it is not certified, and tells no bound', async () => {
    const { place, run } = await withRun('made_imp_uncertified.pth')
    expect(place.stdout()).toMatch(/UNCERTIFIED: a Lipschitz bound is \d+\.\d{3}, not below 1/)
    const file = place.write('x.csv', csv([[0.5, 1]]))
    expect(await place.run('density', run, '--points', file)).toBe(0)
    expect(place.stdout()).toMatch(/Infinity,Infinity,1\n$/)
    expect(place.stderr()).toMatch('nothing proves that the flow is invertible, and root errors have no bound')
  })

  it('that keeps ActNorms and leading activations', async () => {
    const made = JSON.parse(readFileSync(checkpoint('made.json'), 'utf8')) as readonly {
      readonly file: string
      readonly x: readonly (readonly number[])[]
      readonly logp: readonly number[]
    }[]
    const { x = [], logp = [] } = made.find(({ file }) => file === 'made_imp_tanh_awkward.pth') ?? {}
    const { place, run } = await withRun('made_imp_tanh_awkward.pth')
    expect(await place.run('density', run, '--points', place.write('x.csv', csv(x)), '--out', place.at('p.json'))).toBe(
      0
    )
    const found = JSON.parse(readFileSync(place.at('p.json'), 'utf8')) as readonly { readonly logDensity: number }[]
    expect(found.map(({ logDensity }) => logDensity)).toEqual(logp.map(l => expect.closeTo(l, 9)))
  })

  it('whose ActNorms stand before blocks that it has', () => {
    const architecture = {
      model: 'resflow',
      dimension: 1,
      blocks: 1,
      hidden: [],
      activation: 'elu',
      coefficient: 0.5,
      actNorms: [2]
    } as const
    const effective = Float64Array.of(0.25, 0, 0, 0)
    const model = { architecture, effective, norms: [0.25], standardisation: null, asGiven: true }
    expect(parseModelFile('a')(toModelFile(model))).toMatchObject({
      left: { reason: 'an ActNorm stands before block 2, where there are 1' }
    })
  })

  it('in the next numbered folder where none is named', async () => {
    const place = world()
    expect(await place.run('import', checkpoint('made_res_linear.pth'))).toBe(0)
    expect(await place.run('import', checkpoint('made_res_linear.pth'))).toBe(0)
    expect(readdirSync(place.at('runs'))).toEqual(['made_res_linear-001', 'made_res_linear-002'])
  })

  it.each([
    ['an image checkpoint', ['ck_img_tiny.pth'], 1, 'these come in a later version'],
    ['what is no checkpoint', ['layouts.py'], 1, 'it is neither a zip archive nor a file of torch.save'],
    ['a missing file', ['none.pth'], 1, 'there is no such file'],
    ['no averaged weights', ['ck_imp_sin.pth', '--ema'], 1, 'it holds no averaged weights'],
    ['an unknown activation', ['ck_imp_sin.pth', '--activation', 'relu'], 2, '--activation is "relu", where one of'],
    ['a coefficient of 1', ['ck_imp_sin.pth', '--coefficient', '1'], 2, '--coefficient is "1"']
  ])('is not made of %s', async (_, [name = '', ...options], code, message) => {
    const place = world()
    expect(await place.run('import', checkpoint(name), '--out', place.at('run'), ...options)).toBe(code)
    expect(place.stderr()).toContain(message)
    expect(place.stderr().trim().split('\n')).toHaveLength(1)
    expect(existsSync(place.at('run'))).toBe(false)
  })

  it('never in the place of another', async () => {
    const { place, run } = await withRun('made_res_linear.pth')
    expect(await place.run('import', checkpoint('ck_imp_sin.pth'), '--out', run)).toBe(1)
    expect(place.stderr()).toMatch('the folder exists already. Choose another --out.')
  })
})

describe('export', () => {
  it('writes weights, programs and modules', async () => {
    const { place, run } = await withRun('made_imp_tanh_awkward.pth')
    const written = async (file: string, ...options: readonly string[]): Promise<Uint8Array> => {
      expect(await place.run('export', run, '--out', place.at(file), ...options)).toBe(0)
      expect(readdirSync(place.folder).filter(name => name.includes('.writing'))).toEqual([])
      return readFileSync(place.at(file))
    }
    const tensors = parseSafetensors('a')(await written('a.safetensors', '--format', 'safetensors'))
    expect(E.isRight(tensors) && tensors.right.arrays.map(({ name }) => name)).toContain('actNorms.3.logScale')
    expect(E.isRight(tensors) && JSON.parse(tensors.right.metadata['model'] ?? '')).toMatchObject({ asGiven: true })
    const [density, sampler, float32] = [
      await written('a.onnx', '--format', 'onnx'),
      await written('b.onnx', '--format', 'onnx', '--program', 'sampler'),
      await written('c.onnx', '--format', 'onnx', '--precision', 'float32')
    ]
    expect(Buffer.from(density).includes('log_density')).toBe(true)
    expect(Buffer.from(sampler).includes('log_density')).toBe(false)
    const type = (bytes: Uint8Array) =>
      onnxProto.onnx.ModelProto.decode(bytes).graph?.input?.[0]?.type?.tensorType?.elemType
    const { FLOAT, DOUBLE } = onnxProto.onnx.TensorProto.DataType
    expect([density, sampler, float32].map(type)).toEqual([DOUBLE, DOUBLE, FLOAT])
    expect(Buffer.from(await written('a.py', '--format', 'pytorch')).toString()).toMatch(
      /^class Flow\(torch\.nn\.Module\)/m
    )
  })

  it.each([
    ['no format', ['--out', 'a'], '--format is missing'],
    ['no file', ['--format', 'onnx'], '--out is missing'],
    [
      'another format',
      ['--format', 'keras', '--out', 'a'],
      '--format is "keras", where safetensors or onnx or pytorch'
    ],
    ['another program', ['--format', 'onnx', '--program', 'fit', '--out', 'a'], '--program is "fit"'],
    ['a program of weights', ['--format', 'pytorch', '--program', 'sampler', '--out', 'a'], 'are for --format onnx']
  ])('with %s is a wrong call', async (_, words, message) => {
    const place = world()
    expect(await place.run('export', 'run', ...words)).toBe(2)
    expect(place.stderr()).toContain(message)
  })
})
