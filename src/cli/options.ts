import { flag, multioption, positional, string } from 'cmd-ts'
import { either as E, taskEither as TE } from 'fp-ts'
import { blockNames } from '../flow/blockKinds.js'
import type { Failure } from './failure.js'
import type { BackendWish } from './run/chooseBackend.js'
import { parseSettings, type Typed, whole } from './run/settings.js'

/** An option whose text is read later, so that errors are ours. Given several times, the last counts. */
export const text = (long: string, displayName: string, description: string) =>
  multioption({
    long,
    description,
    type: { displayName, from: async (given: readonly string[]): Promise<string | undefined> => given.at(-1) }
  })

/** A switch. */
export const onOff = (long: string, description: string) => flag({ long, description })

/** An argument that must be there. */
export const argument = (displayName: string, description: string) =>
  positional({ displayName, description, type: string })

/** The run folder that a command is about. */
export const runArgument = argument('RUN', 'a run folder')

/** A file of points. */
export const pointsOption = text(
  'points',
  'FILE',
  'points in the units of the data: .csv .tsv .txt .npy .npz, also .gz'
)

const backend = text('backend', 'onnx|reference|gpu', 'what computes; default: onnx where it can be loaded')

const gpuMode = text(
  'gpu-mode',
  'webgpu|webasm|cpu',
  'where gpu.js runs; default a WebGPU device that is hardware, or else webasm'
)

/** Options of `train` that are settings of a run. */
export const settingOptions = {
  model: text('model', blockNames.join('|'), 'kind of blocks; default impflow'),
  blocks: text('blocks', 'N', 'number of blocks; default 4'),
  hidden: text('hidden', 'N,N,...', 'widths of the hidden layers of every net; default 128,128'),
  activation: text(
    'activation',
    'NAME',
    'sine, lipSwish, elu, tanh, lipschitzCube, softplus or identity; default sine'
  ),
  coefficient: text('coefficient', 'C', 'spectral norm that weights are held below, under 1; default 0.99'),
  batch: text('batch', 'N', 'points a step; default 500'),
  steps: text('steps', 'N', 'steps in all; default 3000, unless --minutes is given'),
  minutes: text('minutes', 'M', 'time for training instead of a number of steps; scoring and pictures come after it'),
  logDet: text('log-det', 'exact|roulette', 'of training: exact, or estimated with eq. 15 of the paper; default exact'),
  optimiser: text('optimiser', 'muon|adamw', 'of matrices between hidden layers, all else is AdamW; default muon'),
  learningRate: text(
    'learning-rate',
    'X',
    'greatest learning rate, at most 2e-3 of it in last layers; default 1e-2, 5e-3 from 5000 steps or 5 minutes on'
  ),
  weightDecay: text('weight-decay', 'X', 'decoupled decay of weights; default 0'),
  seed: text('seed', 'N', 'determines weights and data; default 0'),
  backend,
  gpuMode,
  precision: text('precision', 'float32|float64', 'of training; default float32, float64 on reference')
}

/** Options of commands that compute with a model. */
export const evaluationOptions = {
  backend,
  gpuMode,
  precision: text('precision', 'float32|float64', 'of the computation; default float64, float32 on gpu'),
  threads: text('threads', 'N', 'threads; default: as many as the machine runs at once')
}

export const threadsOption = evaluationOptions.threads
export const outOption = (what: string) => text('out', 'FILE', `${what}; by its ending .csv, .npy or .json`)
export const jsonOption = (what: string) => onOff('json', what)

/** A whole number, or what applies where it is not given. */
export const wholeOr = <A>(
  long: string,
  typed: string | undefined,
  least: number,
  otherwise: A
): E.Either<Failure, number | A> => (typed === undefined ? E.right(otherwise) : whole(least)(`--${long}`, typed))

/** A backend asked for, and threads. */
export const parseEvaluation = (typed: {
  readonly backend: string | undefined
  readonly precision: string | undefined
  readonly gpuMode?: string | undefined
  readonly threads: string | undefined
}): E.Either<Failure, { readonly wish: BackendWish; readonly threads: number | null }> =>
  E.flatMap(
    parseSettings({
      backend: typed.backend,
      gpuMode: typed.gpuMode,
      precision: typed.precision
    } satisfies Typed),
    wish => E.map((threads: number | null) => ({ wish, threads }))(wholeOr('threads', typed.threads, 1, null))
  )

/** Goes on with what was read, or fails with what is wrong. */
export const withRead = <A, B>(
  read: E.Either<Failure, A>,
  go: (value: A) => TE.TaskEither<Failure, B>
): TE.TaskEither<Failure, B> => TE.flatMap(TE.fromEither(read), go)
