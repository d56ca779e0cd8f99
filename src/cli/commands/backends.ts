import { taskEither as TE } from 'fp-ts'
import type { BackendError, Precision } from '../../interpret/backend.js'
import type { Env } from '../env.js'
import { triedBackend } from '../run/chooseBackend.js'

/** What `backends` says of one. */
export interface BackendInfo {
  readonly name: 'onnx' | 'reference'
  readonly version: string | null
  /** Those that were tried and work here. */
  readonly precisions: readonly Precision[]
  /** Threads that runs use by default. */
  readonly threads: number
  /** Why it cannot be used, and how to get it; null where it can. */
  readonly missing: string | null
}

const tried = (env: Env, name: BackendInfo['name'], precision: Precision): TE.TaskEither<never, string | null> =>
  TE.fromTask(
    TE.match(
      ({ message }: BackendError): string | null => message,
      () => null
    )(triedBackend(env, name, precision))
  )

const infoOf = (
  env: Env,
  name: BackendInfo['name'],
  precisions: readonly Precision[]
): TE.TaskEither<never, BackendInfo> =>
  TE.map((problems: readonly (string | null)[]): BackendInfo => {
    const missing = problems.find(problem => problem !== null) ?? null
    return {
      name,
      version: name === 'onnx' ? env.versions.onnxruntime : env.versions.impflow,
      precisions: precisions.filter((_, i) => problems[i] === null),
      threads: env.cores,
      missing
    }
  })(TE.traverseSeqArray((precision: Precision) => tried(env, name, precision))(precisions))

const text = ({ name, version, precisions, missing, threads }: BackendInfo): string => {
  const what =
    name === 'onnx' ? 'ONNX Runtime on the CPU, the fast default' : 'pure TypeScript, the definition of correct'
  const state = missing === null ? `${precisions.join(', ')}; ${threads} threads` : `missing: ${missing}`
  return `${name.padEnd(10)} ${what}${version === null ? '' : `, ${version}`}\n${' '.repeat(11)}${state}\n`
}

/** Prints the backends: what works here, tried; what is missing, and how to get it. */
export const backends = (env: Env, json: boolean): TE.TaskEither<never, readonly BackendInfo[]> =>
  TE.tapIO(
    (infos: readonly BackendInfo[]) => () => env.print(json ? `${JSON.stringify(infos)}\n` : infos.map(text).join(''))
  )(TE.sequenceSeqArray([infoOf(env, 'onnx', ['float32', 'float64']), infoOf(env, 'reference', ['float64'])]))
