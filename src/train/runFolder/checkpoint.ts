/**
 * The checkpoint: one safetensors file with the arrays, and all else as JSON in its metadata, so that replacing one file
 * saves everything at once. It holds no clock: equal runs have equal bytes.
 */
import { either as E } from 'fp-ts'
import * as t from 'io-ts'
import type { Architecture } from '../../flow/architecture.js'
import { layoutOf } from '../../flow/layout.js'
import { type NamedArray, parseSafetensors, type Safetensors, toSafetensors } from '../../interop/safetensors.js'
import type { Reals } from '../../interpret/backend.js'
import type { Progress } from '../fit.js'
import { vectorSize } from '../initial.js'
import { nullable } from './architectureCodec.js'
import { parseJson } from './parseJson.js'
import type { RunFolderError } from './runFolderError.js'

const format = 'impflow-checkpoint-v2'

const contentCodec = t.type({
  step: t.number,
  planned: nullable(t.number),
  tally: t.type({ nats: t.number, steps: t.number }),
  /** A validation that is not a number is null in JSON. */
  best: nullable(t.type({ step: t.number, validation: nullable(t.number) }))
})

const flat = (name: string, values: Reals): NamedArray => ({ name, shape: [values.length], values })

/** The bytes of a checkpoint. */
export const toCheckpoint = ({ state, best, planned, tally }: Progress): Uint8Array => {
  const { step, raw, vectors, first, second, average, effective } = state
  const content: t.TypeOf<typeof contentCodec> = {
    step,
    planned,
    tally,
    best: best === null ? null : { step: best.step, validation: best.validation }
  }
  return toSafetensors({
    metadata: { format, progress: JSON.stringify(content) },
    arrays: [
      ...Object.entries({ raw, vectors, first, second, average, effective }).map(([name, values]) =>
        flat(name, values)
      ),
      ...(best === null
        ? []
        : [flat('best.effective', best.model.effective), flat('best.norms', Float64Array.from(best.model.norms))])
    ]
  })
}

const damaged = (file: string, reason: string): E.Either<RunFolderError, never> =>
  E.left({ _tag: 'Damaged', file, reason })

/** The arrays of the names given, each of its length, all of one precision. */
const arraysOf = (
  file: string,
  { arrays }: Safetensors,
  lengths: Readonly<Record<string, number>>
): E.Either<RunFolderError, Readonly<Record<string, Reals>>> => {
  const found: Record<string, Reals> = {}
  for (const [name, length] of Object.entries(lengths)) {
    const values = arrays.find(array => array.name === name)?.values
    if (values === undefined) return damaged(file, `there is no tensor ${name} in it`)
    if (values.length !== length)
      return damaged(file, `tensor ${name} has ${values.length} numbers, where the run's settings make ${length}`)
    found[name] = values
  }
  return E.right(found)
}

const bestOf = (
  file: string,
  content: Safetensors,
  architecture: Architecture,
  best: { readonly step: number; readonly validation: number | null } | null
): E.Either<RunFolderError, Progress['best']> => {
  if (best === null) return E.right(null)
  const { size, segments } = layoutOf(architecture)
  const weights = segments.filter(({ kind }) => kind === 'weight').length
  return E.map((arrays: Readonly<Record<string, Reals>>) => {
    const [effective, norms] = [arrays['best.effective'] as Reals, arrays['best.norms'] as Reals]
    const model = {
      architecture,
      effective: Float64Array.from(effective),
      norms: Array.from(norms),
      standardisation: null
    }
    return { step: best.step, validation: best.validation ?? Number.NaN, model }
  })(arraysOf(file, content, { 'best.effective': size, 'best.norms': weights }))
}

/**
 * Reads a checkpoint of a run whose architecture is known.
 * @param file the name to use in errors
 */
export const parseCheckpoint =
  (file: string, architecture: Architecture) =>
  (bytes: Uint8Array): E.Either<RunFolderError, Progress> =>
    E.flatMap(parseSafetensors(file)(bytes), (content: Safetensors): E.Either<RunFolderError, Progress> => {
      if (content.metadata['format'] !== format)
        return damaged(file, `its format is ${content.metadata['format'] ?? 'unknown'}, where ${format} should be`)
      const { size } = layoutOf(architecture)
      const vectors = vectorSize(layoutOf(architecture))
      const lengths = { raw: size, vectors, first: size, second: size, average: size, effective: size }
      return E.flatMap(
        parseJson(file, contentCodec)(content.metadata['progress'] ?? ''),
        ({ step, planned, tally, best }) =>
          E.flatMap(arraysOf(file, content, lengths), arrays =>
            E.map((found: Progress['best']): Progress => {
              const state = { ...(arrays as Readonly<Record<keyof typeof lengths, Reals>>), step }
              return { state, best: found, planned, tally }
            })(bestOf(file, content, architecture, best))
          )
      )
    })
