import { either as E, taskEither as TE } from 'fp-ts'
import type { Backend, BackendError, GpuMode, Precision } from '../../interpret/backend.js'
import type { Env } from '../env.js'
import { triedBackend } from '../run/chooseBackend.js'

/** What `backends` says of one. */
export interface BackendInfo {
  readonly name: Backend['name']
  /** Where gpu.js runs; null for other backends. */
  readonly mode: GpuMode | null
  /** What the mode runs on, a software device named so; null where it cannot be used. */
  readonly adapter: string | null
  readonly version: string | null
  /** Those that were tried and work here. */
  readonly precisions: readonly Precision[]
  /** Threads that runs use by default. */
  readonly threads: number
  /** Why it cannot be used, and how to get it; null where it can. */
  readonly missing: string | null
}

/** What is to be tried. */
interface Candidate {
  readonly name: Backend['name']
  readonly mode: GpuMode | null
  readonly precisions: readonly Precision[]
}

const candidates: readonly Candidate[] = [
  { name: 'onnx', mode: null, precisions: ['float32', 'float64'] },
  { name: 'reference', mode: null, precisions: ['float64'] },
  ...(['webgpu', 'webasm', 'cpu'] as const).map(mode => ({ name: 'gpu', mode, precisions: ['float32'] }) as const)
]

const tried = (
  env: Env,
  { name, mode }: Candidate,
  precision: Precision
): TE.TaskEither<never, E.Either<string, Backend>> =>
  TE.fromTask(
    TE.match(
      ({ message }: BackendError): E.Either<string, Backend> => E.left(message),
      (backend: Backend): E.Either<string, Backend> => E.right(backend)
    )(triedBackend(env, name, precision, mode))
  )

const infoOf =
  (env: Env) =>
  (candidate: Candidate): TE.TaskEither<never, BackendInfo> =>
    TE.map((found: readonly E.Either<string, Backend>[]): BackendInfo => {
      const { name, mode, precisions } = candidate
      const { impflow, onnxruntime, gpuJs } = env.versions
      const works = found.flatMap(backend => (E.isRight(backend) ? [backend.right] : []))
      return {
        name,
        mode,
        adapter: works[0]?.device?.adapter ?? null,
        version: { onnx: onnxruntime, reference: impflow, gpu: gpuJs ?? null }[name],
        precisions: precisions.filter((_, i) => E.isRight(found[i] as E.Either<string, Backend>)),
        threads: name === 'gpu' ? 1 : env.cores,
        missing: found.flatMap(backend => (E.isLeft(backend) ? [backend.left] : []))[0] ?? null
      }
    })(TE.traverseSeqArray((precision: Precision) => tried(env, candidate, precision))(candidate.precisions))

const descriptions: Readonly<Record<Backend['name'], string>> = {
  onnx: 'ONNX Runtime on the CPU, the fast default',
  reference: 'pure TypeScript, the definition of correct',
  gpu: 'matrix loops by gpu.js, mode'
}

const text = ({ name, mode, adapter, version, precisions, missing, threads }: BackendInfo): string => {
  const what = [descriptions[name], mode].filter(x => x !== null).join(' ')
  const where = [adapter, `${precisions.join(', ')}; ${threads} ${threads === 1 ? 'thread' : 'threads'}`]
  const state = missing === null ? where.filter(x => x !== null).join('; ') : `missing: ${missing}`
  return `${name.padEnd(10)} ${what}${version === null ? '' : `, ${version}`}\n${' '.repeat(11)}${state}\n`
}

/** Prints the backends: what works here, tried; what is missing, and how to get it. */
export const backends = (env: Env, json: boolean): TE.TaskEither<never, readonly BackendInfo[]> =>
  TE.tapIO(
    (infos: readonly BackendInfo[]) => () => env.print(json ? `${JSON.stringify(infos)}\n` : infos.map(text).join(''))
  )(TE.traverseSeqArray(infoOf(env))(candidates))
