import { function as F, taskEither as TE } from 'fp-ts'
import { toCsv } from '../../data/csv.js'
import { toNpy } from '../../data/npy.js'
import type { Points } from '../../data/points.js'
import { commit } from '../../train/runFolder/disk.js'
import { runFolderErrorMessage } from '../../train/runFolder/runFolderError.js'
import { type Env, say } from '../env.js'
import { type Failure, misused, orFail } from '../failure.js'

/** Numbers to hand out: a table with named columns, and the same as JSON. */
export interface Table {
  readonly points: Points
  readonly header: readonly string[]
  readonly json: () => unknown
}

const decoded = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)

const bytesFor = (path: string, { points, header, json }: Table): Uint8Array | null => {
  if (/\.csv$/i.test(path)) return toCsv(points, header)
  if (/\.npy$/i.test(path)) return toNpy(points)
  if (/\.json$/i.test(path)) return new TextEncoder().encode(`${JSON.stringify(json())}\n`)
  return null
}

/** Left for a file whose name does not say what to write. Asked before any work is done. */
export const writable = (out: string | null): TE.TaskEither<Failure, null> =>
  out === null || /\.(csv|npy|json)$/i.test(out)
    ? TE.right(null)
    : TE.left(misused(`--out is ${JSON.stringify(out)}, where a name ending in .csv, .npy or .json should be.`))

/** Writes a table to a file by its extension, or prints it: as CSV, or as JSON. With a file, JSON is printed if asked for. */
export const handOut = (env: Env, table: Table, out: string | null, json: boolean): TE.TaskEither<Failure, void> => {
  const printed = TE.fromIO<void, Failure>(() => {
    if (json) env.print(`${JSON.stringify(table.json())}\n`)
    else if (out === null) env.print(decoded(toCsv(table.points, table.header)))
  })
  const bytes = out === null ? null : bytesFor(out, table)
  if (out === null || bytes === null) return printed
  return F.pipe(
    commit(env.disk, out, bytes),
    orFail(runFolderErrorMessage),
    TE.tapIO(() => () => {
      if (!json) say(env, `${out}: ${table.points.rows.toLocaleString('en-US')} rows.`)
    }),
    TE.flatMap(() => printed)
  )
}
