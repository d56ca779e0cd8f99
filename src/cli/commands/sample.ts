import { function as F, taskEither as TE } from 'fp-ts'
import type { Points } from '../../data/points.js'
import { compileSampler } from '../../distribution/evaluate.js'
import type { Env } from '../env.js'
import { type Failure, orFail } from '../failure.js'
import { noiseOf } from '../pictures/scene.js'
import { type BackendWish, chooseBackend } from '../run/chooseBackend.js'
import { evaluateErrorMessage } from '../run/evaluateError.js'
import { openModel } from '../run/openModel.js'
import { handOut, writable } from '../terminal/table.js'
import { pointsTable } from './density.js'

/** What `sample` is asked. */
export interface SampleRequest {
  readonly run: string
  readonly count: number
  readonly seed: number
  readonly out: string | null
  readonly json: boolean
  readonly wish: BackendWish
  readonly threads: number | null
}

/** Points of the model, in the units of the data. The i-th depends on seed and i only. */
export const sample = (env: Env, request: SampleRequest): TE.TaskEither<Failure, Points> =>
  F.pipe(
    writable(request.out),
    TE.flatMap(() => openModel(env, request.run)),
    TE.bindTo('model'),
    TE.bind('backend', () => chooseBackend(env, request.wish, 'float64')),
    TE.flatMap(({ model, backend }) =>
      orFail(evaluateErrorMessage)(
        TE.flatMap(compileSampler(backend, model, { threads: request.threads ?? env.cores }), sampler =>
          sampler(noiseOf(request.seed, request.count, model.architecture.dimension))
        )
      )
    ),
    TE.tap(points => handOut(env, pointsTable('x', points), request.out, request.json))
  )
