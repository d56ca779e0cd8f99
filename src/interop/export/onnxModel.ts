/** A model as an ONNX file that takes any number of rows. */
import { either as E } from 'fp-ts'
import { densityError } from '../../distribution/densityError.js'
import type { Model } from '../../distribution/model.js'
import { densityProgram, samplerProgram } from '../../distribution/programs.js'
import { evaluationRows } from '../../distribution/rowBlocks.js'
import type { NotContractive } from '../../flow/certify.js'
import type { Precision } from '../../interpret/backend.js'
import { lower, prepared } from '../../interpret/onnx/lower.js'
import { onnxFloat32, onnxFloat64 } from '../../interpret/runningError/machine.js'
import type { RootReport } from '../../solve/report.js'
import { stack } from '../../tensor/primitives/concat.js'
import { constantOf } from '../../tensor/primitives/constant.js'
import { max } from '../../tensor/primitives/max.js'
import { sub } from '../../tensor/primitives/sub.js'
import type { Tensor } from '../../tensor/tensor.js'
import { inBlocks } from './blocks.js'

/** Worst over the roots, for every row. */
const worst = (reports: readonly RootReport[], of: (report: RootReport) => Tensor): Tensor =>
  reports.length === 0 ? constantOf(0, [evaluationRows]) : max(stack(reports.map(of)), [0])

/** 1 where every root of a row was found, else 0; and the largest bound of a root's error, Infinity if none is proved. */
const verdicts = (reports: readonly RootReport[], certified: boolean): readonly (readonly [string, Tensor])[] => [
  [
    'converged',
    sub(
      1,
      worst(reports, ({ converged }) => sub(1, converged))
    )
  ],
  [
    'root_error_bound',
    certified ? worst(reports, ({ errorBound }) => errorBound) : constantOf(Infinity, [evaluationRows])
  ]
]

const arithmeticOf = (precision: Precision) => ({
  precision,
  machine: precision === 'float32' ? onnxFloat32 : onnxFloat64
})

const bytesOf = (
  inputName: string,
  input: Tensor,
  outputs: readonly (readonly [string, Tensor])[],
  precision: Precision,
  metadata: Readonly<Record<string, string>>
): Uint8Array => {
  const lowered = lower([input], prepared(outputs.map(([, tensor]) => tensor)), precision)
  return inBlocks(
    lowered,
    inputName,
    outputs.map(([name]) => name),
    metadata
  )
}

const metadataOf = (model: Model): Readonly<Record<string, string>> => ({
  architecture: JSON.stringify(model.architecture),
  standardisation: JSON.stringify(model.standardisation)
})

/**
 * The density of a model as an ONNX file (opset 18, and FusedMatMul of com.microsoft, which stock ONNX Runtime has).
 * Input `points` [n d] in the units of the data, any n. Outputs: `z` [n d]; `log_density` [n], nats;
 * `log_density_error_estimate` [n], a first-order estimate; `converged` [n], 1 or 0; `root_error_bound` [n], Infinity where
 * no contraction is proved. A row's results do not depend on the others, but for the rounding of sines.
 * @returns Left if the weights do not make contractions
 */
export const toDensityOnnx = (model: Model, precision: Precision): E.Either<NotContractive, Uint8Array> => {
  const arithmetic = arithmeticOf(precision)
  return E.map(({ input, outputs, roots, reports, certified }: ProgramOf<typeof densityProgram>) => {
    const error = certified
      ? densityError(arithmetic.machine, outputs.logDensity, roots, reports)
      : constantOf(Infinity, [evaluationRows])
    const named = [
      ['z', outputs.z],
      ['log_density', outputs.logDensity],
      ['log_density_error_estimate', error],
      ...verdicts(reports, certified)
    ] as const
    return bytesOf('points', input, named, precision, { ...metadataOf(model), program: 'density' })
  })(densityProgram(arithmetic, model, evaluationRows))
}

type ProgramOf<F extends (...args: never) => E.Either<unknown, unknown>> =
  ReturnType<F> extends E.Either<unknown, infer P> ? P : never

/**
 * The sampler of a model as an ONNX file, as `toDensityOnnx`. Input `noise` [n d], standard normal. Outputs: `x` [n d] in the
 * units of the data, `converged` [n], `root_error_bound` [n].
 * @returns Left if the weights do not make contractions
 */
export const toSamplerOnnx = (model: Model, precision: Precision): E.Either<NotContractive, Uint8Array> =>
  E.map(({ input, outputs, reports, certified }: ProgramOf<typeof samplerProgram>) =>
    bytesOf('noise', input, [['x', outputs.x], ...verdicts(reports, certified)], precision, {
      ...metadataOf(model),
      program: 'sampler'
    })
  )(samplerProgram(arithmeticOf(precision), model, evaluationRows))
