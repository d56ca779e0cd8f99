import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { either as E, type taskEither as TE } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { settingsOf } from '../../src/cli/run/settings.js'
import { layoutOf } from '../../src/flow/layout.js'
import { fromSeed } from '../../src/random/key.js'
import type { Progress } from '../../src/train/fit.js'
import { initialParameters, vectorSize } from '../../src/train/initial.js'
import { parseCheckpoint, toCheckpoint } from '../../src/train/runFolder/checkpoint.js'
import { architectureOf, type RunConfig, toConfigText, unchanged } from '../../src/train/runFolder/config.js'
import { commit, type Disk, nodeDisk } from '../../src/train/runFolder/disk.js'
import type { Metric } from '../../src/train/runFolder/metrics.js'
import { parseMetrics, toMetricLine } from '../../src/train/runFolder/metrics.js'
import { parseModelFile, toModelFile } from '../../src/train/runFolder/modelFile.js'
import {
  createRun,
  cutMetrics,
  latestRun,
  nextRun,
  readCheckpoint,
  readConfig,
  runFiles,
  save
} from '../../src/train/runFolder/runFolder.js'
import { type RunFolderError, runFolderErrorMessage } from '../../src/train/runFolder/runFolderError.js'
import { temporaryFolder } from '../cli/support/world.js'

const config: RunConfig = {
  format: 'impflow-run-v1',
  dataset: { name: 'moons', path: null, hash: null, dimension: 2 },
  settings: {
    ...settingsOf({ blocks: 1, hidden: [4], steps: 40 }),
    backend: 'onnx',
    gpuMode: null,
    precision: 'float32'
  },
  threads: 1,
  versions: { impflow: '0.1.0', node: '20', onnxruntime: null }
}
const architecture = architectureOf(config)
const layout = layoutOf(architecture)

const progressAt = (step: number): Progress => {
  const raw = Float32Array.from(initialParameters(fromSeed(step), layout))
  const vectors = new Float32Array(vectorSize(layout)).fill(0.25)
  const model = {
    architecture,
    effective: Float64Array.from(raw),
    norms: [0.5, 0.25, 0.125, 0.0625],
    standardisation: null
  }
  return {
    state: { step, raw, vectors, first: raw.map(x => x / 3), second: raw, average: raw, effective: raw },
    best: { step, validation: 1 / 3, model },
    planned: 40,
    tally: { nats: 0.1, steps: 3 }
  }
}

const metricAt = (step: number): Metric => ({
  step,
  trainBits: 5,
  validBits: 5,
  learningRate: 1e-3,
  secondsPerStep: 0.1,
  lipschitzBound: 0.5,
  elapsedSeconds: step
})

const right = async <A>(task: TE.TaskEither<RunFolderError, A>): Promise<A> =>
  E.getOrElse((error: RunFolderError): A => {
    throw new Error(runFolderErrorMessage(error))
  })(await task())
const messageOf = <A>(result: E.Either<RunFolderError, A>): string =>
  E.match(runFolderErrorMessage, () => 'fine')(result)

const started = async (): Promise<string> => {
  const folder = join(temporaryFolder(), 'run')
  await right(createRun(nodeDisk, folder, config))
  return folder
}

/** A disk that writes half of a file and is then full. */
const fullDisk: Disk = {
  ...nodeDisk,
  write: (path, bytes) => () => {
    writeFileSync(path, bytes.subarray(0, bytes.length / 2))
    return Promise.resolve(
      E.left({ _tag: 'DiskError', path, code: 'ENOSPC', reason: 'no space is left on the disk' } as const)
    )
  }
}

describe('checkpoints', () => {
  it('are read back as they were, and have the same bytes again', () => {
    const bytes = toCheckpoint(progressAt(7))
    const read = parseCheckpoint('c', architecture)(bytes)
    expect(read).toEqual(E.right(progressAt(7)))
    if (E.isRight(read)) expect(toCheckpoint(read.right)).toEqual(bytes)
  })

  it('are refused when cut short, foreign or of another architecture, naming file and tensor', () => {
    const bytes = toCheckpoint(progressAt(7))
    const message = (b: Uint8Array, a = architecture) => messageOf(parseCheckpoint('run/c', a)(b))
    expect(message(bytes.subarray(0, bytes.length - 5))).toMatch(
      /^run\/c, tensor \w+: the file ends before its numbers do/
    )
    expect(message(bytes.subarray(0, 4))).toMatch('run/c: it has 4 bytes')
    expect(message(new TextEncoder().encode('PK\u0003\u0004 not at all a checkpoint'))).toMatch('run/c: its header')
    expect(message(bytes, { ...architecture, hidden: [5] })).toMatch(
      /run\/c: tensor raw has 44 numbers, where .* make 54/
    )
    expect(message(toModelFile({ ...(progressAt(1).best as NonNullable<Progress['best']>).model }))).toMatch(
      'its format is impflow-model-v1, where impflow-checkpoint-v2 should be'
    )
  })
})

describe('models', () => {
  it('are read back as they were', () => {
    const model = {
      ...(progressAt(3).best as NonNullable<Progress['best']>).model,
      standardisation: { mean: [1, 2], scale: [0.1, 3] }
    }
    expect(parseModelFile('m')(toModelFile(model))).toEqual(E.right(model))
  })
})

describe('saving', () => {
  it('replaces a file as a whole or not at all when the disk is full, and leaves nothing behind', async () => {
    const folder = await started()
    await right(save(nodeDisk, folder, progressAt(5), metricAt(5)))
    const failed = await save(fullDisk, folder, progressAt(6), null)()
    expect(messageOf(failed)).toBe(`${runFiles(folder).checkpoint}: no space is left on the disk.`)
    expect((await right(readCheckpoint(nodeDisk, folder, config)))?.state.step).toBe(5)
    expect(readdirSync(folder).sort()).toEqual(['checkpoint.safetensors', 'config.json', 'metrics.jsonl'])
  })

  it('is undone by a crash before the rename', async () => {
    const folder = await started()
    await right(save(nodeDisk, folder, progressAt(5), metricAt(5)))
    const crashing: Disk = { ...nodeDisk, rename: () => () => new Promise(() => {}) }
    void commit(crashing, runFiles(folder).checkpoint, toCheckpoint(progressAt(6)))()
    await new Promise(resolve => setTimeout(resolve, 100))
    expect((await right(readCheckpoint(nodeDisk, folder, config)))?.state.step).toBe(5)
  })

  it('cuts metrics back to the checkpoint, and drops a line that was cut short', async () => {
    const folder = await started()
    await right(save(nodeDisk, folder, progressAt(5), metricAt(5)))
    writeFileSync(runFiles(folder).metrics, `${toMetricLine(metricAt(5))}${toMetricLine(metricAt(10))}{"step":1`)
    expect((await right(cutMetrics(nodeDisk, folder, 5))).map(({ step }) => step)).toEqual([5])
    expect(parseMetrics(readFileSync(runFiles(folder).metrics, 'utf8'))).toEqual([metricAt(5)])
    expect(readFileSync(runFiles(folder).metrics, 'utf8')).toBe(toMetricLine(metricAt(5)))
  })
})

describe('configurations', () => {
  it('are read back, and name the field that is wrong', async () => {
    const folder = await started()
    expect(await right(readConfig(nodeDisk, folder))).toEqual(config)
    const file = runFiles(folder).config
    const read = async () => messageOf(await readConfig(nodeDisk, folder)())
    writeFileSync(file, toConfigText({ ...config, settings: { ...config.settings, coefficient: 1.5 } }))
    expect(await read()).toMatch('field settings.coefficient is 1.5, where a number above 0 and below 1 should be')
    writeFileSync(file, '{"format": "impf')
    expect(await read()).toMatch(`${file}: it is not JSON`)
    writeFileSync(file, '{}')
    expect(await read()).toMatch('field format is nothing, where "impflow-run-v1" should be')
    expect(messageOf(await readConfig(nodeDisk, join(folder, 'none'))())).toMatch('this is not a run folder')
    expect(messageOf(await readConfig(nodeDisk, file)())).toMatch('this is not a run folder')
  })

  it('name every setting that changed', () => {
    const same = { name: 'moons', hash: null }
    expect(unchanged('run', config, { blocks: 1, hidden: [4] }, same)).toEqual(E.right(null))
    expect(messageOf(unchanged('run', config, { blocks: 2, learningRate: 1 }, same))).toMatch(
      'Changed: --blocks (1 -> 2), --learning-rate (0.01 -> 1).'
    )
    expect(messageOf(unchanged('run', config, {}, { name: 'rings', hash: null }))).toMatch('data set (moons -> rings)')
  })
})

describe('numbered folders', () => {
  it('count on from the last', async () => {
    const runs = join(temporaryFolder(), 'runs')
    expect(await right(latestRun(nodeDisk, runs, 'moons'))).toBe(null)
    expect(await right(nextRun(nodeDisk, runs, 'moons'))).toBe(join(runs, 'moons-001'))
    for (const name of ['moons-001', 'moons-009', 'moons-010', 'rings-044', 'moons-x'])
      mkdirSync(join(runs, name), { recursive: true })
    expect(await right(nextRun(nodeDisk, runs, 'moons'))).toBe(join(runs, 'moons-011'))
    expect(await right(latestRun(nodeDisk, runs, 'moons'))).toBe(join(runs, 'moons-010'))
  })
})
