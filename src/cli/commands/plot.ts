import { either as E, function as F, taskEither as TE } from 'fp-ts'
import { unchanged } from '../../train/runFolder/config.js'
import { readConfig, readMetrics, runFiles } from '../../train/runFolder/runFolder.js'
import { runFolderErrorMessage } from '../../train/runFolder/runFolderError.js'
import type { Env } from '../env.js'
import { type Failure, orFail } from '../failure.js'
import { savePictures } from '../pictures/savePictures.js'
import { chooseBackend } from '../run/chooseBackend.js'
import { openModel } from '../run/openModel.js'
import { resultCodec } from '../run/result.js'
import { datasetOf, openSource } from '../run/source.js'

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

/** Draws the pictures of a run again, and prints their paths. */
export const plot = (env: Env, folder: string, threads: number | null): TE.TaskEither<Failure, readonly string[]> =>
  F.pipe(
    onFolder(readConfig(env.disk, folder)),
    TE.bindTo('config'),
    TE.bind('model', () => openModel(env, folder)),
    TE.bind('source', ({ config }) => openSource(env, config.dataset.path ?? config.dataset.name)),
    TE.tap(({ config, source }) => onFolder(TE.fromEither(unchanged(folder, config, {}, source)))),
    TE.bind('dataset', ({ config, source }) => TE.fromEither(datasetOf(source, config.settings))),
    TE.bind('metrics', () => onFolder(readMetrics(env.disk, folder))),
    TE.bind('testBits', () => testBitsOf(env, folder)),
    TE.bind('backend', () => chooseBackend(env, {}, 'float32')),
    TE.flatMap(({ config, backend, ...scene }) =>
      savePictures(env, folder, backend, threads ?? env.cores, { ...scene, name: config.dataset.name })
    ),
    TE.tapIO(paths => () => env.print(paths.map(path => `${path}\n`).join('')))
  )
