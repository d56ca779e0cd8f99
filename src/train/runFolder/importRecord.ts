import { either as E, function as F, taskEither as TE } from 'fp-ts'
import * as t from 'io-ts'
import { nullable } from './architectureCodec.js'
import { commitText, type Disk } from './disk.js'
import { parseJson } from './parseJson.js'
import { runFiles } from './runFolder.js'
import type { RunFolderError } from './runFolderError.js'

const codec = t.type({
  format: t.literal('impflow-import-v1'),
  /** The file it was read from. */
  checkpoint: t.string,
  /** SHA-256 of its bytes. */
  hash: t.string,
  weights: t.keyof({ state_dict: null, ema: null }),
  /** The training script's word for its data. */
  dataset: nullable(t.string),
  /** Whether every net is proved to be a contraction. */
  certified: t.boolean,
  lipschitzBound: t.number,
  versions: t.type({ impflow: t.string, node: t.string })
})

/** Where an imported model comes from: `import.json`, in the place of a run's configuration. */
export type ImportRecord = Readonly<t.TypeOf<typeof codec>>

/** Writes `import.json`. */
export const saveImportRecord = (
  disk: Disk,
  folder: string,
  record: ImportRecord
): TE.TaskEither<RunFolderError, void> =>
  commitText(disk, runFiles(folder).imported, `${JSON.stringify(record, null, 2)}\n`)

/** Reads `import.json`; null where there is none. */
export const readImportRecord = (disk: Disk, folder: string): TE.TaskEither<RunFolderError, ImportRecord | null> => {
  const file = runFiles(folder).imported
  return F.pipe(
    disk.read(file),
    TE.map((bytes): Uint8Array | null => bytes),
    TE.orElse(
      (error): TE.TaskEither<RunFolderError, Uint8Array | null> =>
        error.code === 'ENOENT' || error.code === 'ENOTDIR' ? TE.right(null) : TE.left(error)
    ),
    TE.flatMapEither(
      (bytes): E.Either<RunFolderError, ImportRecord | null> =>
        bytes === null ? E.right(null) : parseJson(file, codec)(new TextDecoder().decode(bytes))
    )
  )
}
