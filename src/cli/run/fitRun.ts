import { either as E, function as F, taskEither as TE } from 'fp-ts'
import type { Budget } from '../../train/budget.js'
import { entropyBits } from '../../train/dataset.js'
import { type FitContext, fit as fitFlow, type Progress } from '../../train/fit.js'
import { fitSettingsOf } from '../../train/runFolder/config.js'
import type { Metric } from '../../train/runFolder/metrics.js'
import { save } from '../../train/runFolder/runFolder.js'
import { type RunFolderError, runFolderErrorMessage } from '../../train/runFolder/runFolderError.js'
import { learningRateAt } from '../../train/schedule.js'
import { type TrainError, trainErrorMessage } from '../../train/state.js'
import { type Failure, failed, interrupted } from '../failure.js'
import { progressView } from '../terminal/progress.js'
import type { Status } from '../terminal/status.js'
import { median, resumeCommand, type Session, toBits } from './session.js'

/** A run that has taken all its steps. */
export interface Fitted {
  readonly progress: Progress
  readonly metrics: readonly Metric[]
  /** Median over the steps taken now; NaN for none. */
  readonly secondsPerStep: number
}

/** Share of the past in the running mean of bits. */
const smoothing = 0.95

const budgetOf = ({ config: { settings } }: Session): Budget =>
  settings.steps !== null ? { steps: settings.steps } : { seconds: 60 * (settings.minutes ?? 0) }

/** What is known while a run goes on; written by the callbacks of `fitRun` alone. */
interface Course {
  metrics: readonly Metric[]
  seconds: number[]
  all: number[]
  bits: number
  /** When the first step began. */
  firstStep: number | null
  saved: number | null
}

const statusOf = (
  { env, dataset }: Session,
  course: Course,
  at: { readonly step: number; readonly planned: number | null }
): Status => ({
  ...at,
  bits: course.bits,
  entropyBits: entropyBits(dataset),
  stepsPerSecond: course.all.length / Math.max(1e-9, (env.now() - (course.firstStep ?? env.now())) / 1000)
})

const toFailure =
  (session: Session, course: Course) =>
  (error: TrainError): Failure =>
    failed(
      `Training stopped at ${trainErrorMessage(error)}.\n` +
        (course.saved === null
          ? `Nothing had been saved yet in ${session.folder}.`
          : `The last good save is that of step ${course.saved}. Go on from there with: ${resumeCommand(session)}`)
    )

const saving = (step: number, task: TE.TaskEither<RunFolderError, void>): TE.TaskEither<TrainError, void> =>
  TE.mapLeft(
    (error: RunFolderError): TrainError => ({
      tag: 'Backend',
      step,
      message: `saving failed: ${runFolderErrorMessage(error).replace(/\.$/, '')}`
    })
  )(task)

/**
 * Takes a run's steps from some progress on: shows how it goes, logs and saves every evaluation.
 * @param before metrics up to that progress
 * failure  the cause, the step and the last good save; or the interruption, once all is saved
 */
export const fitRun = (session: Session, from: Progress, before: readonly Metric[]): TE.TaskEither<Failure, Fitted> => {
  const { env, folder, config, dataset, backend, threads, quiet } = session
  const settings = fitSettingsOf(config)
  return async () => {
    const begun = env.now()
    const elapsed = before.at(-1)?.elapsedSeconds ?? 0
    const saved = from.state.step === 0 ? null : from.state.step
    const course: Course = { metrics: before, seconds: [], all: [], bits: Number.NaN, firstStep: null, saved }
    const view = progressView(env.stderr, quiet)
    const context: FitContext = {
      backend,
      threads,
      budget: budgetOf(session),
      batch: dataset.batch,
      validation: dataset.validation,
      now: env.now,
      onStep: ({ step, nats, milliseconds, planned }) => {
        const bits = toBits(dataset, nats)
        course.bits = Number.isNaN(course.bits) ? bits : smoothing * course.bits + (1 - smoothing) * bits
        course.firstStep ??= env.now() - milliseconds
        course.seconds.push(milliseconds / 1000)
        course.all.push(milliseconds / 1000)
        view.step(statusOf(session, course, { step, planned }))
        return !env.interrupted()
      },
      onEvaluation: (progress, { trainNats, validationNats, lipschitzBound }) => {
        const { step } = progress.state
        const metric: Metric = {
          step,
          trainBits: toBits(dataset, trainNats),
          validBits: toBits(dataset, validationNats),
          learningRate: learningRateAt(settings.schedule, step - 1, (step - 1) / (progress.planned ?? Infinity)),
          secondsPerStep: median(course.seconds),
          lipschitzBound,
          elapsedSeconds: elapsed + (env.now() - begun) / 1000
        }
        course.seconds = []
        return TE.flatMapIO(() => () => {
          course.metrics = [...course.metrics, metric]
          course.saved = step
          view.evaluation(statusOf(session, course, { step, planned: progress.planned }), metric.validBits)
        })(saving(step, save(env.disk, folder, progress, metric)))
      },
      onInterrupt: progress => saving(progress.state.step, save(env.disk, folder, progress, null))
    }
    const result = await F.pipe(fitFlow(context, settings, from), TE.mapLeft(toFailure(session, course)))()
    view.close()
    return E.flatMap(result, (progress): E.Either<Failure, Fitted> => {
      const { planned, state } = progress
      return planned === null || state.step < planned
        ? E.left(interrupted(`Stopped after step ${state.step}; all is saved. Go on with: ${resumeCommand(session)}`))
        : E.right({ progress, metrics: course.metrics, secondsPerStep: median(course.all) })
    })
  }
}
