import { function as F, taskEither as TE } from 'fp-ts'
import type { Backend, BackendError, GpuMode, Precision } from '../../interpret/backend.js'
import { add } from '../../tensor/primitives/add.js'
import { input } from '../../tensor/primitives/input.js'
import { type Env, say } from '../env.js'
import { type Failure, failed, orFail } from '../failure.js'

/** What a person asked for; undefined where they left it to us. */
export interface BackendWish {
  readonly backend?: Backend['name'] | undefined
  readonly precision?: Precision | undefined
  readonly gpuMode?: GpuMode | null | undefined
}

/** A backend that works, tried on a small program. */
export const triedBackend = (
  env: Pick<Env, 'backend'>,
  name: Backend['name'],
  precision: Precision,
  gpuMode: GpuMode | null = null
): TE.TaskEither<BackendError, Backend> =>
  TE.flatMap(env.backend(name, precision, gpuMode), backend => {
    const x = input('x', [1])
    return TE.map(() => backend)(backend.compile([x], [add(x, x)]))
  })

/**
 * The backend asked for, or else ONNX Runtime in the precision asked for or preferred, or else, with a note, `reference`.
 * failure  where exactly what was asked for cannot be had
 */
export const chooseBackend = (
  env: Pick<Env, 'backend' | 'stderr'>,
  { backend, precision, gpuMode }: BackendWish,
  preferred: Precision
): TE.TaskEither<Failure, Backend> => {
  const asked = orFail(({ message }: BackendError) => message)
  if (backend === 'gpu')
    return TE.tapIO(
      (found: Backend) => () =>
        say(env, `Note: computing by gpu.js, mode ${found.device?.mode}: ${found.device?.adapter}.`)
    )(asked(triedBackend(env, 'gpu', precision ?? 'float32', gpuMode)))
  if (backend !== undefined)
    return asked(triedBackend(env, backend, precision ?? (backend === 'reference' ? 'float64' : preferred)))
  return F.pipe(
    triedBackend(env, 'onnx', precision ?? preferred),
    TE.orElse((missing: BackendError): TE.TaskEither<Failure, Backend> => {
      if (precision === 'float32') return TE.left(failed(missing.message))
      say(env, `Note: ${missing.message}. Going on with the reference backend in float64, which is much slower.`)
      return asked(triedBackend(env, 'reference', 'float64'))
    })
  )
}

/** ONNX Runtime in float64, or `reference` where it is missing: the backend of every final number. */
export const exactBackend = (env: Pick<Env, 'backend'>): TE.TaskEither<Failure, Backend> =>
  F.pipe(
    triedBackend(env, 'onnx', 'float64'),
    TE.orElse(() => triedBackend(env, 'reference', 'float64')),
    orFail(({ message }) => message)
  )
