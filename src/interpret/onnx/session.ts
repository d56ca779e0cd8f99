import { taskEither as TE } from 'fp-ts'
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { topological } from '../../tensor/graph.js'
import { showShape } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { BackendError, Compiled, Precision, Reals } from '../backend.js'
import { lower, prepared } from './lower.js'
import type { Feed, ParallelProgram, workerPool } from './workers.js'

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const load = TE.tryCatch(
  () => import('onnxruntime-node'),
  (error): BackendError => ({
    tag: 'OnnxUnavailable',
    message: `onnxruntime-node does not load (${messageOf(error)}); install it with: npm install onnxruntime-node`
  })
)

const failed = (error: unknown): BackendError => ({ tag: 'OnnxFailed', message: `ONNX Runtime: ${messageOf(error)}` })

/** Settings of every session: one thread, because threads run whole sessions side by side. */
const options: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  executionMode: 'sequential',
  enableMemPattern: false
}

/**
 * In float64 ONNX Runtime must not fuse a product with a number beside it: the number becomes an attribute of FusedMatMul, and
 * attributes are float32, so that results are off by 4e-8 (measured with 1.30 on tangents of a net of sines).
 */
const optionsOf = (precision: Precision): InferenceSession.SessionOptions =>
  precision === 'float32'
    ? options
    : { ...options, extra: { optimization: { disable_specified_optimizers: 'MatMulScaleFusion' } } }

/** Axes of size 0 mean nothing to some of ONNX Runtime's kernels, so they are refused. */
const empty = (outputs: readonly Tensor[]): Tensor | undefined =>
  topological(outputs).find(({ shape }) => shape.includes(0))

/** How a program is to run. */
export interface Running {
  /** Sessions side by side, each on a thread of its own. */
  readonly threads: number
  readonly pool: ReturnType<typeof workerPool>
}

const converted = (values: Reals, precision: Precision): Reals => {
  if (precision === 'float32') return values instanceof Float32Array ? values : Float32Array.from(values)
  return values instanceof Float64Array ? values : Float64Array.from(values)
}

/**
 * Compiles outputs to ONNX Runtime sessions: one on this thread, or one on each of some threads.
 * @param inputs the variables, in the order in which their numbers will be given
 * @returns Left if onnxruntime-node is missing or refuses, or if a tensor has an axis of size 0
 */
export const compile = (
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  precision: Precision,
  { threads, pool }: Running
): TE.TaskEither<BackendError, Compiled> =>
  TE.flatMap(load, ({ InferenceSession: Session, Tensor: OnnxTensor }) =>
    TE.tryCatch(async (): Promise<Compiled> => {
      const vanishing = empty([...inputs, ...outputs])
      if (vanishing !== undefined)
        return Promise.reject(`a tensor of shape ${showShape(vanishing.shape)} has an axis of size 0: use reference`)
      const model = lower(inputs, prepared(outputs), precision)
      const here = async (): Promise<ParallelProgram> => {
        const session = await Session.create(model.bytes, optionsOf(precision))
        return async feeds => {
          const results = await session.run(
            Object.fromEntries(feeds.map(([name, values, shape]) => [name, new OnnxTensor(values, [...shape])]))
          )
          return model.outputs.map(name => (results[name] as OrtTensor).data as Reals)
        }
      }
      const run = await (threads <= 1 ? here() : pool({ ...model, options: optionsOf(precision), precision }, threads))
      const feedsOf = (values: readonly Reals[]): readonly Feed[] =>
        inputs.map((x, i) => [model.inputs[i] as string, converted(values[i] as Reals, precision), x.shape])
      return values => TE.tryCatch(() => run(feedsOf(values)), failed)
    }, failed)
  )
