import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { function as F, taskEither as TE } from 'fp-ts'

/** Why a file could not be read or written. */
export interface DiskError {
  readonly _tag: 'DiskError'
  readonly path: string
  /** As the system says it: ENOENT, EEXIST, ENOSPC, ... */
  readonly code: string
  readonly reason: string
}

/** What run folders need of a file system; a record, so that a spec can let it fail. */
export interface Disk {
  readonly read: (path: string) => TE.TaskEither<DiskError, Uint8Array>
  /** Writes a whole file, and returns when its bytes are on the disk. */
  readonly write: (path: string, bytes: Uint8Array) => TE.TaskEither<DiskError, void>
  /** Adds to the end of a file, and returns when the bytes are on the disk. */
  readonly append: (path: string, text: string) => TE.TaskEither<DiskError, void>
  /** Puts a file in the place of another in one instant. */
  readonly rename: (from: string, to: string) => TE.TaskEither<DiskError, void>
  readonly remove: (path: string) => TE.TaskEither<DiskError, void>
  /** Makes a folder, and those above it; fails with EEXIST if it is there already. */
  readonly makeFolder: (path: string) => TE.TaskEither<DiskError, void>
  /** Names in a folder. */
  readonly list: (path: string) => TE.TaskEither<DiskError, readonly string[]>
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file or folder',
  EEXIST: 'it exists already',
  ENOSPC: 'no space is left on the disk',
  EDQUOT: 'the disk quota is used up',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the disk is read-only',
  EISDIR: 'it is a folder',
  ENOTDIR: 'a part of the path is not a folder'
}

/** One sentence on what is wrong and where. */
export const diskErrorMessage = ({ path, reason }: DiskError): string => `${path}: ${reason}.`

const at = <A>(path: string, action: () => Promise<A>): TE.TaskEither<DiskError, A> =>
  TE.tryCatch(action, (cause): DiskError => {
    const { code = 'EUNKNOWN', message } = cause as NodeJS.ErrnoException
    return { _tag: 'DiskError', path, code, reason: reasons[code] ?? message }
  })

const written = async (path: string, flags: 'w' | 'a', content: Uint8Array | string): Promise<void> => {
  const file = await open(path, flags)
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

const synced = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}

const renamed = async (from: string, to: string): Promise<void> => {
  await rename(from, to)
  // Not every system can sync a folder; the rename is done in any case.
  await synced(dirname(to)).catch(() => undefined)
}

const folderMade = async (path: string): Promise<void> => {
  await mkdir(dirname(path), { recursive: true })
  await mkdir(path)
}

/** Node's file system. */
export const nodeDisk: Disk = {
  read: path => at(path, async () => new Uint8Array(await readFile(path))),
  write: (path, bytes) => at(path, () => written(path, 'w', bytes)),
  append: (path, text) => at(path, () => written(path, 'a', text)),
  rename: (from, to) => at(to, () => renamed(from, to)),
  remove: path => at(path, () => rm(path, { force: true })),
  makeFolder: path => at(path, () => folderMade(path)),
  list: path => at(path, () => readdir(path))
}

/**
 * Replaces a file as a whole: readers, and whoever comes after a crash at any instant, find the old bytes or the new ones.
 * If it fails, the old file stays, and nothing else.
 */
export const commit = (disk: Disk, path: string, bytes: Uint8Array): TE.TaskEither<DiskError, void> => {
  const temporary = `${path}.writing`
  return F.pipe(
    disk.write(temporary, bytes),
    TE.flatMap(() => disk.rename(temporary, path)),
    TE.orElse(error =>
      F.pipe(
        disk.remove(temporary),
        TE.orElse(() => TE.right<DiskError, void>(undefined)),
        TE.flatMap(() => TE.left<DiskError, void>({ ...error, path }))
      )
    )
  )
}

/** `commit` of text. */
export const commitText = (disk: Disk, path: string, text: string): TE.TaskEither<DiskError, void> =>
  commit(disk, path, new TextEncoder().encode(text))
