/**
 * A run as a folder:
 *   config.json             settings, data set, versions; written once
 *   metrics.jsonl           one line an evaluation
 *   checkpoint.safetensors  all that is needed to go on; replaced as a whole
 *   model.safetensors, model.json, result.json, pictures: written at the end
 */
import { createHash } from 'node:crypto'
import { basename, join } from 'node:path'
import { either as E, function as F, taskEither as TE } from 'fp-ts'
import type { Points } from '../../data/points.js'
import type { Model } from '../../distribution/model.js'
import type { Progress } from '../fit.js'
import { parseCheckpoint, toCheckpoint } from './checkpoint.js'
import { architectureOf, parseConfig, type RunConfig, toConfigText } from './config.js'
import { commit, commitText, type Disk, type DiskError } from './disk.js'
import { type Metric, parseMetrics, toMetricLine } from './metrics.js'
import { parseModelFile, toModelFile, toModelJson } from './modelFile.js'
import type { RunFolderError } from './runFolderError.js'

/** Where a run's files are. */
export const runFiles = (folder: string) => ({
  config: join(folder, 'config.json'),
  metrics: join(folder, 'metrics.jsonl'),
  checkpoint: join(folder, 'checkpoint.safetensors'),
  model: join(folder, 'model.safetensors'),
  modelJson: join(folder, 'model.json'),
  result: join(folder, 'result.json'),
  /** Where an imported model comes from. */
  imported: join(folder, 'import.json')
})

/** SHA-256 of a table of points, in hexadecimal. */
export const hashOf = ({ rows, columns, values }: Points): string =>
  createHash('sha256')
    .update(`${rows} ${columns}\n`)
    .update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength))
    .digest('hex')

const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

/** A file's bytes, or null where there is none. */
const readIfThere = (disk: Disk, path: string): TE.TaskEither<DiskError, Uint8Array | null> =>
  F.pipe(
    disk.read(path),
    TE.orElse(
      (error: DiskError): TE.TaskEither<DiskError, Uint8Array | null> =>
        error.code === 'ENOENT' ? TE.right(null) : TE.left(error)
    )
  )

/** Makes a run's folder, which must not exist, and writes its configuration. */
export const createRun = (disk: Disk, folder: string, config: RunConfig): TE.TaskEither<RunFolderError, void> =>
  F.pipe(
    disk.makeFolder(folder),
    TE.flatMap(() => commitText(disk, runFiles(folder).config, toConfigText(config)))
  )

/** Reads a run's configuration. */
export const readConfig = (disk: Disk, folder: string): TE.TaskEither<RunFolderError, RunConfig> => {
  const file = runFiles(folder).config
  return F.pipe(
    readIfThere(disk, file),
    TE.mapLeft(
      (error): RunFolderError =>
        error.code === 'ENOTDIR' ? { _tag: 'NotARun', path: folder, missing: 'config.json' } : error
    ),
    TE.flatMapEither(
      (bytes): E.Either<RunFolderError, RunConfig> =>
        bytes === null
          ? E.left({ _tag: 'NotARun', path: folder, missing: 'config.json' })
          : parseConfig(file)(decoded(bytes))
    )
  )
}

/** A run's configuration; null where there is none, as in a folder that holds a model alone: so models are passed on. */
export const findConfig = (disk: Disk, folder: string): TE.TaskEither<RunFolderError, RunConfig | null> =>
  F.pipe(
    readConfig(disk, folder),
    TE.map((config): RunConfig | null => config),
    TE.orElse(
      (error): TE.TaskEither<RunFolderError, RunConfig | null> =>
        error._tag === 'NotARun' ? TE.right(null) : TE.left(error)
    )
  )

/** Reads a run's checkpoint; null where nothing has been saved yet. */
export const readCheckpoint = (
  disk: Disk,
  folder: string,
  config: RunConfig
): TE.TaskEither<RunFolderError, Progress | null> => {
  const file = runFiles(folder).checkpoint
  return TE.flatMapEither(
    readIfThere(disk, file),
    (bytes): E.Either<RunFolderError, Progress | null> =>
      bytes === null ? E.right(null) : parseCheckpoint(file, architectureOf(config))(bytes)
  )
}

/** Reads a run's metrics up to a step. */
export const readMetrics = (
  disk: Disk,
  folder: string,
  lastStep = Infinity
): TE.TaskEither<RunFolderError, readonly Metric[]> =>
  TE.map((bytes: Uint8Array | null) => (bytes === null ? [] : parseMetrics(decoded(bytes), lastStep)))(
    readIfThere(disk, runFiles(folder).metrics)
  )

/** Cuts a run's metrics back to its checkpoint, so that going on writes no line twice. */
export const cutMetrics = (
  disk: Disk,
  folder: string,
  lastStep: number
): TE.TaskEither<RunFolderError, readonly Metric[]> =>
  TE.flatMap(readMetrics(disk, folder, lastStep), kept =>
    TE.map(() => kept)(commitText(disk, runFiles(folder).metrics, kept.map(toMetricLine).join('')))
  )

/** Saves progress. The metric is written first: one whose checkpoint was not saved is cut off on resuming. */
export const save = (
  disk: Disk,
  folder: string,
  progress: Progress,
  metric: Metric | null
): TE.TaskEither<RunFolderError, void> => {
  const { metrics, checkpoint } = runFiles(folder)
  const logged = metric === null ? TE.right(undefined) : disk.append(metrics, toMetricLine(metric))
  return TE.flatMap(logged, () => commit(disk, checkpoint, toCheckpoint(progress)))
}

/** Writes the fitted flow. */
export const saveModel = (disk: Disk, folder: string, model: Model): TE.TaskEither<RunFolderError, void> => {
  const files = runFiles(folder)
  return TE.flatMap(commitText(disk, files.modelJson, toModelJson(model)), () =>
    commit(disk, files.model, toModelFile(model))
  )
}

/** Reads the fitted flow; null where the run has not ended yet. */
export const readModel = (disk: Disk, folder: string): TE.TaskEither<RunFolderError, Model | null> => {
  const file = runFiles(folder).model
  return TE.flatMapEither(
    readIfThere(disk, file),
    (bytes): E.Either<RunFolderError, Model | null> => (bytes === null ? E.right(null) : parseModelFile(file)(bytes))
  )
}

const numberOf = (name: string, folder: string): number => {
  const [, digits] = new RegExp(`^${name.replace(/[^\w-]/g, '\\$&')}-(\\d+)$`).exec(basename(folder)) ?? []
  return digits === undefined ? 0 : Number(digits)
}

const namesIn = (disk: Disk, runs: string): TE.TaskEither<RunFolderError, readonly string[]> =>
  F.pipe(
    disk.list(runs),
    TE.orElse(
      (error): TE.TaskEither<RunFolderError, readonly string[]> =>
        error.code === 'ENOENT' ? TE.right([]) : TE.left(error)
    )
  )

/** Numbers of the runs of a name, and their folders: `runs/checkerboard-001`, ... */
const lastNumber = (disk: Disk, runs: string, name: string): TE.TaskEither<RunFolderError, number> =>
  TE.map((names: readonly string[]) => Math.max(0, ...names.map(folder => numberOf(name, folder))))(namesIn(disk, runs))

const numbered = (runs: string, name: string, n: number): string => join(runs, `${name}-${String(n).padStart(3, '0')}`)

/** The folder after the last one of a name. */
export const nextRun = (disk: Disk, runs: string, name: string): TE.TaskEither<RunFolderError, string> =>
  TE.map((n: number) => numbered(runs, name, n + 1))(lastNumber(disk, runs, name))

/** The last folder of a name; null if there is none. */
export const latestRun = (disk: Disk, runs: string, name: string): TE.TaskEither<RunFolderError, string | null> =>
  TE.map((n: number) => (n === 0 ? null : numbered(runs, name, n)))(lastNumber(disk, runs, name))
