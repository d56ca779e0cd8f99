import { taskEither as TE } from 'fp-ts'
import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-node'
import { expand } from '../../rewrite/expand.js'
import { simplify } from '../../rewrite/simplify.js'
import { topological } from '../../tensor/graph.js'
import { primitives } from '../../tensor/primitives.js'
import { showShape } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import type { BackendError, Compiled, Precision, Reals } from '../backend.js'
import { lower } from './lower.js'

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error))

const load = TE.tryCatch(
  () => import('onnxruntime-node'),
  (error): BackendError => ({
    tag: 'OnnxUnavailable',
    message: `onnxruntime-node does not load (${messageOf(error)}); install it with: npm install onnxruntime-node`
  })
)

const failed = (error: unknown): BackendError => ({ tag: 'OnnxFailed', message: `ONNX Runtime: ${messageOf(error)}` })

const knows = (name: string): boolean => name in primitives && name !== 'solve' && name !== 'logAbsDet'

/** Settings of every session: one thread, because threads run whole sessions side by side. */
const options: InferenceSession.SessionOptions = {
  executionProviders: ['cpu'],
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  graphOptimizationLevel: 'all',
  executionMode: 'sequential'
}

/** What an ONNX program is made from: outputs simplified and in terms that ONNX Runtime knows. */
export const prepared = (outputs: readonly Tensor[]): readonly Tensor[] => simplify(expand(knows)(outputs))

/** Axes of size 0 mean nothing to some of ONNX Runtime's kernels, so they are refused. */
const empty = (outputs: readonly Tensor[]): Tensor | undefined =>
  topological(outputs).find(({ shape }) => shape.includes(0))

/**
 * Compiles outputs to one ONNX Runtime session on one thread.
 * @param inputs the variables, in the order in which their numbers will be given
 * @returns Left if onnxruntime-node is missing or refuses, or if a tensor has an axis of size 0
 */
export const compile = (
  inputs: readonly Tensor[],
  outputs: readonly Tensor[],
  precision: Precision
): TE.TaskEither<BackendError, Compiled> =>
  TE.flatMap(load, ({ InferenceSession: Session, Tensor: OnnxTensor }) =>
    TE.tryCatch(async (): Promise<Compiled> => {
      const vanishing = empty([...inputs, ...outputs])
      if (vanishing !== undefined)
        return Promise.reject(`a tensor of shape ${showShape(vanishing.shape)} has an axis of size 0: use reference`)
      const model = lower(inputs, prepared(outputs), precision)
      const session = await Session.create(model.bytes, options)
      const feed = (values: Reals, x: Tensor): OrtTensor =>
        precision === 'float32'
          ? new OnnxTensor('float32', values instanceof Float32Array ? values : Float32Array.from(values), [...x.shape])
          : new OnnxTensor('float64', values instanceof Float64Array ? values : Float64Array.from(values), [...x.shape])
      return values =>
        TE.tryCatch(async () => {
          const results = await session.run(
            Object.fromEntries(inputs.map((x, i) => [model.inputs[i] as string, feed(values[i] as Reals, x)]))
          )
          return model.outputs.map(name => (results[name] as OrtTensor).data as Reals)
        }, failed)
    }, failed)
  )
