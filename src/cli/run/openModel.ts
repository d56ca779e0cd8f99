import { function as F, taskEither as TE } from 'fp-ts'
import { type DataError, dataErrorMessage } from '../../data/dataError.js'
import type { Points } from '../../data/points.js'
import type { Model } from '../../distribution/model.js'
import { boundsAsGiven } from '../../flow/certify.js'
import { findConfig, readCheckpoint, readConfig, readModel } from '../../train/runFolder/runFolder.js'
import { type RunFolderError, runFolderErrorMessage } from '../../train/runFolder/runFolderError.js'
import { type Env, say } from '../env.js'
import { type Failure, failed, orFail } from '../failure.js'
import { datasetOf, openRecorded } from './source.js'

/** The best weights of a run that has not ended, with the standardisation of its data. */
const unfinishedModel = (env: Env, folder: string): TE.TaskEither<Failure, Model> =>
  F.pipe(
    readConfig(env.disk, folder),
    orFail(runFolderErrorMessage),
    TE.bindTo('config'),
    TE.bind('progress', ({ config }) => orFail(runFolderErrorMessage)(readCheckpoint(env.disk, folder, config))),
    TE.bind('source', ({ config }) => openRecorded(env, config.dataset)),
    TE.bind('dataset', ({ config, source }) => TE.fromEither(datasetOf(source, config.settings))),
    TE.flatMap(({ progress, dataset: { standardisation } }) => {
      const best = progress?.best ?? null
      if (best === null)
        return TE.left(failed(`${folder}: the run has no model yet. Train it further: impflow train ... --resume`))
      say(env, `Note: ${folder} has not ended; using its best weights so far, those of step ${best.step}.`)
      const scaled =
        standardisation === null
          ? null
          : { mean: Array.from(standardisation.mean), scale: Array.from(standardisation.scale) }
      return TE.right({ ...best.model, standardisation: scaled })
    })
  )

/** Says that weights from elsewhere are not certified. */
const noteBounds = (env: Env, folder: string, model: Model): void => {
  if (model.asGiven !== true) return
  const { lipschitzBound } = boundsAsGiven(model.architecture, model.effective)
  if (!(lipschitzBound < 1))
    say(
      env,
      `Note: ${folder} is not certified: a Lipschitz bound is ${lipschitzBound.toFixed(3)}, not below 1. Its weights are ` +
        'used as given; nothing proves that the flow is invertible, and root errors have no bound.'
    )
}

/** The model of a run folder: the final one, or with a note the best so far. Weights without a certificate are noted too. */
export const openModel = (env: Env, folder: string): TE.TaskEither<Failure, Model> =>
  F.pipe(
    findConfig(env.disk, folder),
    TE.flatMap(config => TE.map((model: Model | null) => ({ config, model }))(readModel(env.disk, folder))),
    TE.flatMap(({ config, model }) =>
      config === null && model === null
        ? TE.left<RunFolderError, Model | null>({ _tag: 'NotARun', path: folder, missing: 'config.json' })
        : TE.right<RunFolderError, Model | null>(model)
    ),
    orFail(runFolderErrorMessage),
    TE.flatMap(model => (model === null ? unfinishedModel(env, folder) : TE.right(model))),
    TE.tapIO(model => () => noteBounds(env, folder, model))
  )

/** The points of a file, checked to have as many columns as the model has dimensions. */
export const openPoints = (env: Env, file: string, { architecture }: Model): TE.TaskEither<Failure, Points> =>
  TE.flatMap(
    orFail((error: DataError) => dataErrorMessage(error))(env.readPoints(file)),
    (points): TE.TaskEither<Failure, Points> =>
      points.columns === architecture.dimension
        ? TE.right(points)
        : TE.left(
            failed(
              `${file}: the points have ${points.columns} column${points.columns === 1 ? '' : 's'}, ` +
                `where the model has ${architecture.dimension} dimension${architecture.dimension === 1 ? '' : 's'}.`
            )
          )
  )
