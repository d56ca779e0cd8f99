import { createHash } from 'node:crypto'
import { either as E, function as F, taskEither as TE } from 'fp-ts'
import { certificateText, claims, flowHash, isProved } from '../../certificate/certificate.js'
import {
  type ExactFlow,
  exactFlowOf,
  flowEnclosures,
  type PointEnclosure,
  whyNotExact
} from '../../certificate/flowEnclosures.js'
import { checkCertificate, type Verdict } from '../../checker/checker.js'
import type { Points } from '../../data/points.js'
import type { Model } from '../../distribution/model.js'
import { commitText } from '../../train/runFolder/disk.js'
import { runFolderErrorMessage } from '../../train/runFolder/runFolderError.js'
import { type Env, say } from '../env.js'
import { type Failure, failed, orFail } from '../failure.js'
import { evaluateErrorMessage } from '../run/evaluateError.js'
import { openModel, openPoints } from '../run/openModel.js'

/** What `certify` is asked. */
export interface CertifyRequest {
  readonly run: string
  /** A file of points in the data's units. */
  readonly points: string
  readonly out: string | null
  readonly json: boolean
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex')

const rowsOf = ({ rows, columns, values }: Points): readonly (readonly number[])[] =>
  Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * columns, (i + 1) * columns)))

/** The flow of a run, if it is one that can be enclosed. */
const openExactFlow = (
  env: Env,
  run: string
): TE.TaskEither<Failure, { readonly model: Model; readonly flow: ExactFlow }> =>
  TE.flatMapEither(openModel(env, run), model => {
    const reason = whyNotExact(model)
    return reason === null ? E.right({ model, flow: exactFlowOf(model) }) : E.left(failed(`${run}: ${reason}.`))
  })

const allProved = (file: string, points: readonly PointEnclosure[]): E.Either<Failure, readonly PointEnclosure[]> => {
  const lost = points.findIndex(point => !isProved(point))
  return lost < 0
    ? E.right(points)
    : E.left(
        failed(
          `${file}: sample ${lost} (from 0): nothing could be proved of it; are its coordinates finite and moderate?`
        )
      )
}

/** One line a point: the middle of ln p with half its width, and how far the round trip is from the point at most. */
const line = ({ x, logDensity: { lo, hi }, roundTrip }: PointEnclosure): string => {
  const away = Math.max(
    ...roundTrip.x.map((back, i) => Math.max(back.hi - (x[i] as number), (x[i] as number) - back.lo))
  )
  return `ln p in [${lo}, ${hi}], round trip within ${away.toExponential(1)}\n`
}

/**
 * Encloses noise, log-density (nats, in the units of the data) and round trip of points, with all rounding errors; writes
 * a certificate if a file for it is given.
 * failure  a net that is not proved to be a contraction, or a sample of which nothing can be proved
 */
export const certify = (
  env: Env,
  { run, points, out, json }: CertifyRequest
): TE.TaskEither<Failure, readonly PointEnclosure[]> =>
  F.pipe(
    openExactFlow(env, run),
    TE.bind('table', ({ model }) => openPoints(env, points, model)),
    TE.bind('enclose', ({ flow }) => orFail(evaluateErrorMessage)(TE.fromEither(flowEnclosures(flow)))),
    TE.bind('proved', ({ table, enclose }) => TE.fromEither(allProved(points, rowsOf(table).map(enclose)))),
    TE.tap(({ flow, proved }) =>
      out === null
        ? TE.right<Failure, void>(undefined)
        : orFail(runFolderErrorMessage)(commitText(env.disk, out, certificateText(sha256, flow, proved)))
    ),
    TE.tapIO(({ proved }) => () => {
      if (json) env.print(`${JSON.stringify(proved.map(claims))}\n`)
      else env.print(proved.map(line).join(''))
      if (out !== null && !json)
        say(env, `${out}: a certificate of ${proved.length} points. impflow check-certificate ${out}`)
    }),
    TE.map(({ proved }) => proved)
  )

type Accepted = Extract<Verdict, { readonly accepted: true }>

/**
 * Checks a certificate with integers only, by the separate checker; with a run, also that its weights are those of the run.
 * failure  a certificate that is rejected, with the reason
 */
export const checkCertificateFile = (
  env: Env,
  file: string,
  run: string | null,
  json: boolean
): TE.TaskEither<Failure, Accepted> =>
  F.pipe(
    orFail(runFolderErrorMessage)(env.disk.read(file)),
    TE.map(bytes => checkCertificate(new TextDecoder().decode(bytes))),
    TE.flatMap(verdict =>
      run === null || !verdict.accepted
        ? TE.right<Failure, Verdict>(verdict)
        : TE.map(
            ({ flow }: { readonly flow: ExactFlow }): Verdict =>
              flowHash(sha256, flow) === verdict.flow
                ? verdict
                : { accepted: false, reason: `its weights are not those of ${run}` }
          )(openExactFlow(env, run))
    ),
    TE.tapIO(verdict => () => {
      if (json) env.print(`${JSON.stringify(verdict)}\n`)
      else if (verdict.accepted) env.print(`accepted: ${verdict.points} points, flow ${verdict.flow}\n`)
    }),
    TE.flatMapEither(verdict =>
      verdict.accepted ? E.right(verdict) : E.left(failed(`${file} is rejected: ${verdict.reason}.`))
    )
  )
