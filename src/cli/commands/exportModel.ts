import { either as E, function as F, taskEither as TE } from 'fp-ts'
import type { Model } from '../../distribution/model.js'
import { blockKinds } from '../../flow/blockKinds.js'
import type { NotContractive } from '../../flow/certify.js'
import { toDensityOnnx, toSamplerOnnx } from '../../interop/export/onnxModel.js'
import { toTorchModule } from '../../interop/export/torchModule.js'
import type { Precision } from '../../interpret/backend.js'
import { commit } from '../../train/runFolder/disk.js'
import { toModelFile } from '../../train/runFolder/modelFile.js'
import { runFolderErrorMessage } from '../../train/runFolder/runFolderError.js'
import { type Env, say } from '../env.js'
import { type Failure, failed, orFail } from '../failure.js'
import { evaluateErrorMessage } from '../run/evaluateError.js'
import { openModel } from '../run/openModel.js'

/** What models can be exported to. */
export const formats = ['safetensors', 'onnx', 'pytorch'] as const

/** What an ONNX file can compute. */
export const programs = ['density', 'sampler'] as const

/** What `export` is asked. */
export interface ExportRequest {
  readonly run: string
  readonly out: string
  readonly format: (typeof formats)[number]
  /** For ONNX. */
  readonly program: (typeof programs)[number]
  /** For ONNX. */
  readonly precision: Precision
}

const bytesOf = (model: Model, { format, program, precision }: ExportRequest): E.Either<NotContractive, Uint8Array> => {
  switch (format) {
    case 'safetensors':
      return E.right(toModelFile(model))
    case 'onnx':
      return program === 'density' ? toDensityOnnx(model, precision) : toSamplerOnnx(model, precision)
    case 'pytorch':
      return E.map((text: string) => new TextEncoder().encode(text))(toTorchModule(model))
  }
}

/** Writes a run's model for other programs: its effective weights, an ONNX program, or a PyTorch module. */
export const exportModel = (env: Env, request: ExportRequest): TE.TaskEither<Failure, void> =>
  F.pipe(
    openModel(env, request.run),
    TE.filterOrElse(
      ({ architecture }) => blockKinds[architecture.model].exchangeable,
      ({ architecture }) =>
        failed(`${request.run}: its blocks are of kind ${architecture.model}, which cannot be exported.`)
    ),
    TE.flatMap(model => orFail(evaluateErrorMessage)(TE.fromEither(bytesOf(model, request)))),
    TE.tap(bytes => orFail(runFolderErrorMessage)(commit(env.disk, request.out, bytes))),
    TE.map(bytes => say(env, `${request.out}: ${bytes.length.toLocaleString('en-US')} bytes.`))
  )
