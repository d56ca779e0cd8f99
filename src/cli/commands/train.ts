import { function as F, taskEither as TE } from 'fp-ts'
import type { Backend } from '../../interpret/backend.js'
import type { Dataset } from '../../train/dataset.js'
import { type Progress, start } from '../../train/fit.js'
import { fitSettingsOf, type RunConfig, unchanged } from '../../train/runFolder/config.js'
import type { Metric } from '../../train/runFolder/metrics.js'
import {
  createRun,
  cutMetrics,
  latestRun,
  nextRun,
  readCheckpoint,
  readConfig
} from '../../train/runFolder/runFolder.js'
import { type RunFolderError, runFolderErrorMessage } from '../../train/runFolder/runFolderError.js'
import { trainErrorMessage } from '../../train/state.js'
import { type Env, say } from '../env.js'
import { type Failure, misused, orFail } from '../failure.js'
import { chooseBackend } from '../run/chooseBackend.js'
import { existing } from '../run/existing.js'
import { finishRun } from '../run/finishRun.js'
import { fitRun } from '../run/fitRun.js'
import type { Result } from '../run/result.js'
import type { Session } from '../run/session.js'
import { type Asked, settingsOf } from '../run/settings.js'
import { datasetOf, openSource, type Source } from '../run/source.js'

/** What `train` is asked. */
export interface TrainRequest {
  /** A generator's name or a file's path. */
  readonly dataset: string
  /** Folder of the files of the UCI tables; null for the default. */
  readonly dataRoot: string | null
  readonly asked: Asked
  readonly threads: number | null
  readonly out: string | null
  readonly resume: boolean
  /** Nothing on stdout but one line of JSON at the end. */
  readonly json: boolean
}

/** A run's folder, configuration and backend. */
interface Opened {
  readonly folder: string
  readonly config: RunConfig
  readonly backend: Backend
  readonly dataset: Dataset
}

const onFolder = orFail(runFolderErrorMessage)

const openNew = (env: Env, { asked, threads, out }: TrainRequest, source: Source): TE.TaskEither<Failure, Opened> => {
  const settings = settingsOf(asked)
  return F.pipe(
    TE.fromEither(datasetOf(source, settings)),
    TE.bindTo('dataset'),
    TE.bind('backend', () => chooseBackend(env, asked, 'float32')),
    TE.bind('folder', () => (out === null ? onFolder(nextRun(env.disk, env.runs, source.name)) : TE.right(out))),
    TE.bind('config', ({ backend, dataset }) =>
      TE.right<Failure, RunConfig>({
        format: 'impflow-run-v1',
        dataset: { name: source.name, path: source.path, hash: source.hash, dimension: dataset.dimension },
        settings: {
          ...settings,
          backend: backend.name,
          gpuMode: backend.device?.mode ?? null,
          precision: backend.precision
        },
        threads: threads ?? env.cores,
        versions: env.versions
      })
    ),
    TE.tap(({ folder, config }) =>
      orFail(existing(folder, 'Choose another --out, or go on with the run in it by --resume.'))(
        createRun(env.disk, folder, config)
      )
    )
  )
}

const folderToResume = (env: Env, out: string | null, name: string): TE.TaskEither<Failure, string> =>
  out !== null
    ? TE.right(out)
    : TE.flatMap(onFolder(latestRun(env.disk, env.runs, name)), folder =>
        folder === null
          ? TE.left(
              misused(
                `There is no run ${env.runs}/${name}-... to resume. Name its folder by --out, or leave --resume out.`
              )
            )
          : TE.right(folder)
      )

const noteVersions = (env: Env, { versions }: RunConfig): void => {
  if (versions.onnxruntime !== env.versions.onnxruntime || versions.impflow !== env.versions.impflow)
    say(
      env,
      'Note: the run began under other versions (see config.json); it may not go on bit for bit as it would have.'
    )
}

const openOld = (env: Env, request: TrainRequest, source: Source): TE.TaskEither<Failure, Opened> =>
  F.pipe(
    folderToResume(env, request.out, source.name),
    TE.bindTo('folder'),
    TE.bind('config', ({ folder }) => onFolder(readConfig(env.disk, folder))),
    TE.tap(({ folder, config }) =>
      TE.mapLeft((error: RunFolderError) => misused(runFolderErrorMessage(error)))(
        TE.fromEither(unchanged(folder, config, request.asked, source))
      )
    ),
    TE.bind('backend', ({ config }) => chooseBackend(env, config.settings, config.settings.precision)),
    TE.bind('dataset', ({ config }) => TE.fromEither(datasetOf(source, config.settings))),
    TE.tap(({ config }) => TE.fromIO(() => noteVersions(env, config)))
  )

/** Where a run goes on: its checkpoint and the metrics up to it, or the start. */
const beginning = ({
  env,
  folder,
  config,
  backend
}: Session): TE.TaskEither<Failure, readonly [Progress, readonly Metric[]]> =>
  TE.flatMap(onFolder(readCheckpoint(env.disk, folder, config)), saved =>
    TE.flatMap(onFolder(cutMetrics(env.disk, folder, saved?.state.step ?? 0)), metrics =>
      saved !== null
        ? TE.right([saved, metrics] as const)
        : TE.map((fresh: Progress) => [fresh, metrics] as const)(
            orFail(trainErrorMessage)(start({ backend }, fitSettingsOf(config)))
          )
    )
  )

const announce = ({ env, folder, config, backend, threads, quiet }: Session, from: Progress): void => {
  if (quiet) return
  const { model, blocks, hidden, precision } = config.settings
  const flow = `${blocks} ${model} block${blocks === 1 ? '' : 's'} of ${[config.dataset.dimension, ...hidden, config.dataset.dimension].join('-')} nets`
  const again = from.state.step === 0 ? '' : `, going on after step ${from.state.step}`
  say(
    env,
    `${config.dataset.name}: ${flow}, ${backend.name} ${precision}, ${threads} thread${threads === 1 ? '' : 's'}${again}`
  )
  say(env, `run folder ${folder}`)
}

/**
 * Fits a flow to a data set in a run folder, or goes on with a run, to its end: model, final numbers, pictures.
 * failure  2 for wrong options, 130 when interrupted (all saved), 1 for everything else
 */
export const train = (env: Env, request: TrainRequest): TE.TaskEither<Failure, Result> =>
  F.pipe(
    openSource(env, request.dataset, request.dataRoot),
    TE.flatMap(source => (request.resume ? openOld : openNew)(env, request, source)),
    TE.flatMap(opened => {
      const threads = request.threads ?? env.cores
      const session: Session = { env, ...opened, threads, quiet: request.json }
      return TE.flatMap(beginning(session), ([from, before]) => {
        announce(session, from)
        return TE.flatMap(fitRun(session, from, before), fitted => finishRun(session, fitted))
      })
    })
  )
