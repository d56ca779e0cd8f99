import { either as E, function as F, taskEither as TE } from 'fp-ts'
import type { Model } from '../../distribution/model.js'
import { certify, type NotContractive } from '../../flow/certify.js'
import { parameterCount } from '../../flow/layout.js'
import { entropyBits } from '../../train/dataset.js'
import { commitText } from '../../train/runFolder/disk.js'
import { runFiles, saveModel } from '../../train/runFolder/runFolder.js'
import { runFolderErrorMessage } from '../../train/runFolder/runFolderError.js'
import { say } from '../env.js'
import { type Failure, failed, interrupted, orFail } from '../failure.js'
import { savePictures } from '../pictures/savePictures.js'
import { bitsText } from '../terminal/status.js'
import { exactBackend } from './chooseBackend.js'
import { evaluateErrorMessage } from './evaluateError.js'
import type { Fitted } from './fitRun.js'
import { type Result, toResultLine } from './result.js'
import { type Score, score } from './score.js'
import { median, resumeCommand, type Session, toBits } from './session.js'

/** The best weights of a run, as a model of points in the data's units. */
const modelOf = (
  { dataset: { standardisation } }: Session,
  { progress: { best } }: Fitted
): E.Either<Failure, Model> => {
  if (best === null) return E.left(failed('The run ended without an evaluation, so there is no model.'))
  if (standardisation === null) return E.right(best.model)
  const { mean, scale } = standardisation
  return E.right({ ...best.model, standardisation: { mean: Array.from(mean), scale: Array.from(scale) } })
}

const lipschitzBoundOf = ({ architecture, effective }: Model): E.Either<Failure, number> =>
  F.pipe(
    certify(architecture, effective),
    E.map(({ lipschitzBound }) => lipschitzBound),
    E.mapLeft((error: NotContractive) => failed(evaluateErrorMessage(error)))
  )

const finiteOrNull = (x: number | undefined): number | null => (x !== undefined && Number.isFinite(x) ? x : null)

const resultOf = (
  { folder, config, dataset, backend, threads }: Session,
  { progress, metrics, secondsPerStep }: Fitted,
  model: Model,
  tested: Score,
  maxLipschitzBound: number
): Result => ({
  run: folder,
  steps: progress.state.step,
  parameters: parameterCount(model.architecture),
  secondsPerStep: finiteOrNull(secondsPerStep) ?? finiteOrNull(median(metrics.map(metric => metric.secondsPerStep))),
  trainBits: finiteOrNull(metrics.at(-1)?.trainBits),
  validBits: toBits(dataset, progress.best?.validation ?? Number.NaN),
  testBits: tested.bits,
  testNats: tested.nats,
  testStandardError: tested.standardErrorBits,
  entropyBits: entropyBits({ density: dataset.density }),
  maxRootErrorBound: tested.maxRootErrorBound,
  maxLipschitzBound,
  backend: backend.name,
  precision: config.settings.precision,
  threads
})

/** What a person reads at the end. */
const summary = (result: Result, rows: number, pictures: readonly string[]): string =>
  [
    `test      ${bitsText(result.testBits, result.entropyBits)}, standard error ${result.testStandardError.toFixed(3)}`,
    `          on ${rows.toLocaleString('en-US')} unseen points, in float64; roots good to ${result.maxRootErrorBound.toExponential(0)}`,
    `model     ${result.parameters.toLocaleString('en-US')} parameters, Lipschitz constants proved at most ${result.maxLipschitzBound.toFixed(3)}`,
    `run       ${result.run}`,
    ...pictures.map((path, i) => `${i === 0 ? 'pictures' : '        '}  ${path}`),
    ''
  ].join('\n')

/**
 * Ends a run: saves the model, scores it on unseen points in float64, writes `result.json` and the pictures, and prints the
 * summary, or with `quiet` one line of JSON.
 */
export const finishRun = (session: Session, fitted: Fitted): TE.TaskEither<Failure, Result> => {
  const { env, folder, config, dataset, threads, quiet, backend } = session
  const saving = orFail(runFolderErrorMessage)
  const resumable = TE.mapLeft((failure: Failure) =>
    failure.exitCode === 130 ? interrupted(`${failure.message} Do that again with: ${resumeCommand(session)}`) : failure
  )
  return F.pipe(
    TE.fromEither(modelOf(session, fitted)),
    TE.bindTo('model'),
    TE.bind('bound', ({ model }) => TE.fromEither(lipschitzBoundOf(model))),
    TE.tap(({ model }) => saving(saveModel(env.disk, folder, model))),
    TE.bind('exact', () => exactBackend(env)),
    TE.bind('test', () => TE.right(dataset.test())),
    TE.bind('tested', ({ exact, model, test }) => {
      if (!quiet) say(env, `Scoring ${test.rows.toLocaleString('en-US')} unseen points in float64 ...`)
      return resumable(score(env, exact, model, test, threads))
    }),
    TE.bind('result', ({ model, tested, bound }) => TE.right(resultOf(session, fitted, model, tested, bound))),
    TE.tap(({ result }) =>
      saving(commitText(env.disk, runFiles(folder).result, `${JSON.stringify(result, null, 2)}\n`))
    ),
    TE.bind('pictures', ({ model, result }) => {
      if (!quiet) say(env, 'Drawing ...')
      const { name } = config.dataset
      return savePictures(env, folder, backend, threads, {
        name,
        dataset,
        model,
        metrics: fitted.metrics,
        testBits: result.testBits
      })
    }),
    TE.map(({ result, test, pictures }) => {
      env.print(quiet ? toResultLine(result) : summary(result, test.rows, pictures))
      return result
    })
  )
}
