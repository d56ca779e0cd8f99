import { either as E, function as F, taskEither as TE } from 'fp-ts'
import type { Use } from '../../train/dataset.js'
import { namedDataset } from '../../train/datasetName.js'
import { type RunConfig, unchanged } from '../../train/runFolder/config.js'
import { readImportRecord } from '../../train/runFolder/importRecord.js'
import { findConfig, readMetrics, runFiles } from '../../train/runFolder/runFolder.js'
import { runFolderErrorMessage } from '../../train/runFolder/runFolderError.js'
import { type Env, say } from '../env.js'
import { type Failure, failed, misused, orFail } from '../failure.js'
import { savePictures } from '../pictures/savePictures.js'
import { chooseBackend } from '../run/chooseBackend.js'
import { openModel } from '../run/openModel.js'
import { resultCodec } from '../run/result.js'
import { datasetOf, openRecorded, openSource, type Source } from '../run/source.js'

const onFolder = orFail(runFolderErrorMessage)

/** The final bits of a run; null where it has not ended. */
const testBitsOf = (env: Env, folder: string): TE.TaskEither<Failure, number | null> =>
  F.pipe(
    env.disk.read(runFiles(folder).result),
    TE.match(
      () => null,
      bytes => {
        const json = E.tryCatch(
          (): unknown => JSON.parse(new TextDecoder().decode(bytes)),
          () => null
        )
        const result = E.isRight(json) ? resultCodec.decode(json.right) : json
        return E.isRight(result) ? result.right.testBits : null
      }
    ),
    TE.fromTask
  )

/** What the pictures of a folder are drawn from, its model apart. */
interface Drawn {
  readonly name: string
  readonly source: Source
  readonly use: Use
}

/** The data of a run, as it was trained on. */
const ownData = (env: Env, folder: string, config: RunConfig): TE.TaskEither<Failure, Drawn> =>
  F.pipe(
    openRecorded(env, config.dataset),
    TE.tap(source => onFolder(TE.fromEither(unchanged(folder, config, {}, source)))),
    TE.map(source => ({ name: config.dataset.name, source, use: config.settings }))
  )

/** The data for a model without a configuration: as asked for, or our data set of the name that the import found. */
const otherData = (env: Env, folder: string, data: string | null): TE.TaskEither<Failure, Drawn> =>
  F.pipe(
    onFolder(readImportRecord(env.disk, folder)),
    TE.flatMap(record => {
      const found = record?.dataset ?? null
      const word = data ?? (found !== null && namedDataset(found).tag === 'Generator' ? found : null)
      if (word === null)
        return TE.left(
          misused(`${folder} holds a model but no data: say what to draw beside it by --data DATASET|FILE`)
        )
      say(env, `Note: ${folder} has no training history, so there is no learning curve; drawn beside ${word}.`)
      return openSource(env, word)
    }),
    TE.map(source => ({ name: source.name, source, use: { seed: 0, batch: 1 } }))
  )

const dataOf = (env: Env, folder: string, data: string | null): TE.TaskEither<Failure, Drawn> =>
  F.pipe(
    findConfig(env.disk, folder),
    onFolder,
    TE.flatMap(config => {
      if (config === null) return otherData(env, folder, data)
      return data === null
        ? ownData(env, folder, config)
        : TE.left(misused(`${folder} was trained on ${config.dataset.name}, which its pictures show: leave --data out`))
    })
  )

/**
 * Draws the pictures of a run again, and prints their paths.
 * @param data what to draw beside a model that has no data of its own, as an imported one; null for the data set that it
 * was trained on, if it is known here
 */
export const plot = (
  env: Env,
  folder: string,
  threads: number | null,
  data: string | null = null
): TE.TaskEither<Failure, readonly string[]> =>
  F.pipe(
    openModel(env, folder),
    TE.bindTo('model'),
    TE.bind('drawn', () => dataOf(env, folder, data)),
    TE.bind('dataset', ({ drawn: { source, use } }) => TE.fromEither(datasetOf(source, use))),
    TE.tap(
      ({ model: { architecture }, dataset: { name, dimension } }): TE.TaskEither<Failure, null> =>
        dimension === architecture.dimension
          ? TE.right(null)
          : TE.left(failed(`${name} has ${dimension} dimensions, where the model has ${architecture.dimension}.`))
    ),
    TE.bind('metrics', () => onFolder(readMetrics(env.disk, folder))),
    TE.bind('testBits', () => testBitsOf(env, folder)),
    TE.bind('backend', () => chooseBackend(env, {}, 'float32')),
    TE.flatMap(({ drawn: { name }, backend, ...scene }) =>
      savePictures(env, folder, backend, threads ?? env.cores, { ...scene, name })
    ),
    TE.tapIO(paths => () => env.print(paths.map(path => `${path}\n`).join('')))
  )
