import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { either as E, taskEither as TE } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { openBackend } from '../../src/interpret/backends.js'
import { type Disk, nodeDisk } from '../../src/train/runFolder/disk.js'
import { parseMetrics } from '../../src/train/runFolder/metrics.js'
import { pointsFile, tiny, world } from './support/world.js'

/** Asked after every step; says so from the n-th time on. */
const afterSteps = (n: number) => {
  let asked = 0
  return () => {
    asked += 1
    return asked >= n
  }
}

const keys = [
  'run',
  'steps',
  'parameters',
  'secondsPerStep',
  'trainBits',
  'validBits',
  'testBits',
  'testNats',
  'testStandardError',
  'entropyBits',
  'maxRootErrorBound',
  'maxLipschitzBound',
  'backend',
  'precision',
  'threads'
]

describe('impflow train', () => {
  it('makes a run folder, and with --json prints nothing but one line', async () => {
    const place = world()
    const out = place.at('run')
    expect(await place.run('train', pointsFile(place), '--out', out, ...tiny, '--steps', '30', '--json')).toBe(0)
    expect(place.stderr()).toBe('')
    expect(place.stdout().trimEnd()).not.toMatch('\n')
    const result = JSON.parse(place.stdout())
    expect(Object.keys(result)).toEqual(keys)
    expect(result).toMatchObject({
      run: out,
      steps: 30,
      entropyBits: null,
      backend: 'onnx',
      precision: 'float32',
      threads: 1
    })
    expect(result.testNats / Math.LN2).toBeCloseTo(result.testBits, 12)
    expect(result.maxRootErrorBound).toBeLessThan(1e-9)
    expect(result.maxLipschitzBound).toBeLessThan(1)
    expect(JSON.parse(readFileSync(place.at('run', 'result.json'), 'utf8'))).toEqual(result)
    expect(readdirSync(out).sort()).toEqual([
      'checkpoint.safetensors',
      'config.json',
      'learning-curve.png',
      'learning-curve.svg',
      'metrics.jsonl',
      'model.json',
      'model.safetensors',
      'pairs.png',
      'pairs.svg',
      'result.json'
    ])
  })

  it('tells bits in the units of the data: a change of units shifts them by its logarithm', async () => {
    const place = world()
    const bits = async (file: string, out: string): Promise<number> => {
      await place.run('train', file, '--out', place.at(out), ...tiny, '--steps', '20', '--json')
      return JSON.parse(readFileSync(place.at(out, 'result.json'), 'utf8')).testBits
    }
    const file = pointsFile(place)
    const scaled = readFileSync(file, 'utf8')
      .split('\n')
      .map(line =>
        line === ''
          ? ''
          : line
              .split(',')
              .map(x => 8 * Number(x))
              .join(',')
      )
      .join('\n')
    // Three columns, each scaled by 2^3: standardised numbers are the same, so the difference is exactly 9 bits.
    expect((await bits(place.write('scaled.csv', scaled), 'b')) - (await bits(file, 'a'))).toBeCloseTo(9, 10)
  })

  it.each(['exact', 'roulette'])('goes on bit for bit after Ctrl-C as if it had never stopped: %s', async logDet => {
    const place = world()
    const how = [...tiny, '--steps', '40', '--log-det', logDet]
    const args = (out: string) => ['train', pointsFile(place), '--out', place.at(out), ...how]
    const checkpoint = (out: string) => readFileSync(place.at(out, 'checkpoint.safetensors'))
    expect(await place.run(...args('straight'))).toBe(0)

    const stopped = world({ interrupted: afterSteps(20) }, place.folder)
    expect(await stopped.run(...args('resumed'))).toBe(130)
    expect(stopped.stderr()).toMatch(
      /Stopped after step 20; all is saved. Go on with: impflow train .*table.csv --out .*resumed --resume/
    )
    expect(checkpoint('resumed').equals(checkpoint('straight'))).toBe(false)

    expect(await place.run(...args('resumed'), '--resume')).toBe(0)
    expect(checkpoint('resumed').equals(checkpoint('straight'))).toBe(true)
    const metrics = (out: string) =>
      parseMetrics(readFileSync(place.at(out, 'metrics.jsonl'), 'utf8')).map(
        ({ elapsedSeconds: _, secondsPerStep: __, ...rest }) => rest
      )
    expect(metrics('resumed')).toEqual(metrics('straight'))
    expect(metrics('straight').map(({ step }) => step)).toEqual([25, 40])
    const model = (out: string) => readFileSync(place.at(out, 'model.safetensors'))
    expect(model('resumed').equals(model('straight'))).toBe(true)
  })

  it('resumes the last run of a data set, cutting metrics back, and refuses changed settings by name', async () => {
    const file = (place: ReturnType<typeof world>) => pointsFile(place)
    const stopped = world({ interrupted: afterSteps(30) })
    expect(await stopped.run('train', file(stopped), ...tiny, '--steps', '60')).toBe(130)
    const place = world({ interrupted: afterSteps(10) }, stopped.folder)
    expect(await place.run('sample', place.at('runs', 'table-001'), '--count', '2')).toBe(0)
    expect(place.stderr()).toMatch('has not ended; using its best weights so far, those of step 25.')
    const metrics = place.at('runs', 'table-001', 'metrics.jsonl')
    const kept = readFileSync(metrics, 'utf8')
    writeFileSync(metrics, `${kept}${kept.replace('"step":25', '"step":50')}`)
    expect(await place.run('train', file(place), '--resume', '--blocks', '3', '--steps', '70')).toBe(2)
    expect(place.stderr()).toMatch('Changed: --blocks (1 -> 3), --steps (60 -> 70).')
    expect(await place.run('train', file(place), '--resume', '--blocks', '1')).toBe(130)
    expect(readFileSync(metrics, 'utf8')).toBe(kept)
    expect(await place.run('train', pointsFile(place, 201), '--resume')).toBe(2)
    expect(place.stderr()).toMatch('points of table')
  })

  it('takes minutes as a budget', async () => {
    const place = world()
    const out = place.at('run')
    expect(await place.run('train', pointsFile(place), '--out', out, ...tiny, '--minutes', '0.02', '--json')).toBe(0)
    const { steps } = JSON.parse(place.stdout())
    expect(steps).toBeGreaterThan(20)
  })

  it('stops when the disk is full, loses nothing, and goes on when there is room', async () => {
    const first = world({ interrupted: afterSteps(30) })
    const args = ['train', pointsFile(first), '--out', first.at('run'), ...tiny, '--steps', '60']
    await first.run(...args)
    const before = readFileSync(first.at('run', 'checkpoint.safetensors'))
    const full: Disk = {
      ...nodeDisk,
      write: (path, bytes) =>
        path.includes('checkpoint')
          ? TE.fromEither(
              E.tryCatch(
                () => {
                  writeFileSync(path, bytes.subarray(0, 100))
                  throw new Error('full')
                },
                () => ({ _tag: 'DiskError', path, code: 'ENOSPC', reason: 'no space is left on the disk' }) as const
              )
            )
          : nodeDisk.write(path, bytes)
    }
    const crowded = world({ disk: full }, first.folder)
    expect(await crowded.run(...args, '--resume', '--json')).toBe(1)
    expect(crowded.stdout()).toBe('')
    expect(crowded.stderr()).toMatch(
      /^impflow: Training stopped at step 50: saving failed: .*checkpoint.safetensors: no space is left on the disk/
    )
    expect(crowded.stderr()).toMatch('The last good save is that of step 30.')
    expect(readFileSync(first.at('run', 'checkpoint.safetensors')).equals(before)).toBe(true)
    const roomy = world({}, first.folder)
    expect(await roomy.run(...args, '--resume', '--json')).toBe(0)
    expect(JSON.parse(roomy.stdout()).steps).toBe(60)
  })

  it('falls back to reference with one note where ONNX Runtime is missing, unless it was asked for', async () => {
    const missing = {
      tag: 'OnnxUnavailable',
      message: 'onnxruntime-node does not load; install it with: npm install onnxruntime-node'
    } as const
    const place = world({
      backend: (name, precision) => (name === 'onnx' ? TE.left(missing) : openBackend(name, precision))
    })
    const args = ['train', pointsFile(place, 40), '--blocks', '1', '--hidden', '4', '--batch', '8', '--steps', '3']
    expect(await place.run(...args, '--backend', 'onnx')).toBe(1)
    expect(place.stderr()).toMatch('install it with: npm install onnxruntime-node')
    expect(existsSync(place.at('runs'))).toBe(false)
    expect(await place.run(...args, '--json')).toBe(0)
    expect(place.stderr().match(/Note:/g)).toHaveLength(1)
    expect(JSON.parse(place.stdout())).toMatchObject({ backend: 'reference', precision: 'float64' })
  })
})
