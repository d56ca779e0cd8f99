/** A fitted flow as files: `model.safetensors`, complete in itself, and `model.json`, the same without the numbers. */
import { either as E } from 'fp-ts'
import * as t from 'io-ts'
import type { Model } from '../../distribution/model.js'
import type { Architecture } from '../../flow/architecture.js'
import { layoutOf, segmentsOf } from '../../flow/layout.js'
import { parseSafetensors, type Safetensors, toSafetensors } from '../../interop/safetensors.js'
import { architectureCodec, nullable, positive } from './architectureCodec.js'
import { parseJson } from './parseJson.js'
import type { RunFolderError } from './runFolderError.js'

const format = 'impflow-model-v1'

const codec = t.intersection([
  t.type({
    format: t.literal(format),
    architecture: architectureCodec,
    /** Certified upper bounds of spectral norms, by weight. */
    norms: t.record(t.string, t.number),
    standardisation: nullable(t.type({ mean: t.array(t.number), scale: t.array(positive) }))
  }),
  /** Whether the weights come from elsewhere and are used as they are. */
  t.partial({ asGiven: t.boolean })
])

const weightsOf = (architecture: Architecture) =>
  layoutOf(architecture).segments.filter(({ kind }) => kind === 'weight')

/** The text of `model.json`. */
export const toModelJson = ({ architecture, norms, standardisation, asGiven }: Model): string => {
  const named = Object.fromEntries(weightsOf(architecture).map(({ name }, i) => [name, norms[i] as number]))
  return `${JSON.stringify({ format, architecture, norms: named, standardisation, asGiven }, null, 2)}\n`
}

/** The bytes of `model.safetensors`: weights as used, named as `blocks.0.gx.layers.1.weight`. */
export const toModelFile = (model: Model): Uint8Array =>
  toSafetensors({
    metadata: { format, model: JSON.stringify(JSON.parse(toModelJson(model))) },
    arrays: segmentsOf(layoutOf(model.architecture), model.effective).map(([{ name, shape }, values]) => ({
      name,
      shape,
      values
    }))
  })

const damaged = (file: string, reason: string): E.Either<RunFolderError, never> =>
  E.left({ _tag: 'Damaged', file, reason })

const effectiveOf = (
  file: string,
  architecture: Architecture,
  { arrays }: Safetensors
): E.Either<RunFolderError, Float64Array> => {
  const { segments, size } = layoutOf(architecture)
  const effective = new Float64Array(size)
  for (const { name, shape, offset } of segments) {
    const array = arrays.find(candidate => candidate.name === name)
    if (array === undefined) return damaged(file, `there is no tensor ${name} in it`)
    if (array.shape.join() !== shape.join())
      return damaged(file, `tensor ${name} has shape [${array.shape}], where the architecture makes [${shape}]`)
    effective.set(array.values, offset)
  }
  return E.right(effective)
}

/** Reads `model.safetensors`; `file` is the name to use in errors. */
export const parseModelFile =
  (file: string) =>
  (bytes: Uint8Array): E.Either<RunFolderError, Model> =>
    E.flatMap(parseSafetensors(file)(bytes), (content: Safetensors): E.Either<RunFolderError, Model> => {
      const description = content.metadata['model']
      if (description === undefined) return damaged(file, 'there is no description of a model in its metadata')
      return E.flatMap(parseJson(file, codec)(description), ({ architecture, norms, standardisation, asGiven }) => {
        const missing = weightsOf(architecture).find(({ name }) => norms[name] === undefined)
        if (missing !== undefined) return damaged(file, `there is no norm of ${missing.name} in its description`)
        if (architecture.actNorms?.some(place => place > architecture.blocks) === true)
          return damaged(
            file,
            `an ActNorm stands before block ${architecture.actNorms.at(-1)}, where there are ${architecture.blocks}`
          )
        return E.map(
          (effective: Float64Array): Model => ({
            architecture,
            effective,
            norms: weightsOf(architecture).map(({ name }) => norms[name] as number),
            standardisation,
            asGiven
          })
        )(effectiveOf(file, architecture, content))
      })
    })
