import { readFileSync } from 'node:fs'
import { either as E } from 'fp-ts'
import type { Points } from '../../../src/data/points.js'
import { compileDensity, compileSampler } from '../../../src/distribution/evaluate.js'
import type { Densities, Model } from '../../../src/distribution/model.js'
import { importErrorMessage, parseCheckpointFile } from '../../../src/interop/pytorch/checkpoint.js'
import { type Imported, type ImportOptions, importModel } from '../../../src/interop/pytorch/importModel.js'
import { referenceBackend } from '../../../src/interpret/reference/referenceBackend.js'

const folder = new URL('../../support/vectors/checkpoints/', import.meta.url)

/** A file beside the checkpoints. */
export const stored = (name: string): Uint8Array => new Uint8Array(readFileSync(new URL(name, folder)))

/** What a file beside the checkpoints says in JSON. */
export const truthOf = <A>(name: string): A => JSON.parse(new TextDecoder().decode(stored(name))) as A

const plain: ImportOptions = { ema: false, activation: null, coefficient: null }

/** What became of some bytes: a model, or the message. */
export const importedFrom = (bytes: Uint8Array, options: Partial<ImportOptions> = {}): Imported | string => {
  const found = E.flatMap(parseCheckpointFile('a.pth')(bytes), content =>
    importModel('a.pth', content, { ...plain, ...options })
  )
  return E.isRight(found) ? found.right : importErrorMessage(found.left)
}

/** The model of a file; an error says why there is none. */
export const imported = (name: string, options: Partial<ImportOptions> = {}): Imported => {
  const found = importedFrom(stored(name), options)
  if (typeof found === 'string') throw new Error(found)
  return found
}

/** Rows as a table. */
const table = (rows: readonly (readonly number[])[]): Points => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  values: Float64Array.from(rows.flat())
})

const right = async <A>(task: () => Promise<E.Either<unknown, A>>): Promise<A> => {
  const result = await task()
  if (E.isLeft(result)) throw new Error(JSON.stringify(result.left))
  return result.right
}

/** What the reference says of points. */
export const densitiesOf = async (model: Model, x: readonly (readonly number[])[]): Promise<Densities> =>
  right((await right(compileDensity(referenceBackend, model, { threads: 1 })))(table(x)))

/** What the reference makes of noise. */
export const samplesOf = async (model: Model, z: readonly (readonly number[])[]): Promise<Float64Array> =>
  (await right((await right(compileSampler(referenceBackend, model, { threads: 1 })))(table(z)))).values

/** The largest difference. */
export const furthest = (found: ArrayLike<number>, expected: readonly number[]): number =>
  found.length === expected.length
    ? expected.reduce((most, x, i) => Math.max(most, Math.abs((found[i] as number) - x)), 0)
    : Infinity
