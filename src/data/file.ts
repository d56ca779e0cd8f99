import { access, readFile } from 'node:fs/promises'
import { function as F, taskEither as TE } from 'fp-ts'
import type { DataError } from './dataError.js'
import { readHdf5 } from './hdf5.js'
import { parsePoints, toSource } from './parsePoints.js'
import type { Points } from './points.js'

const readError = (file: string, cause: unknown): DataError => {
  const { code, message } = cause as NodeJS.ErrnoException
  if (code === 'ENOENT') return { _tag: 'FileNotFound', file }
  return { _tag: 'FileUnreadable', file, reason: code === 'EISDIR' ? 'it is a folder' : message }
}

/**
 * The points in a file; `archive.npz:name` names one array of an archive, `file.hdf5:name` one data set of HDF5.
 * failure  FileNotFound, FileUnreadable, and those of parsePoints
 */
export const readPoints = (path: string): TE.TaskEither<DataError, Points> => {
  const source = toSource(path)
  if (/\.(hdf5|h5)$/i.test(source.file))
    return TE.flatMap(
      TE.tryCatch(
        () => access(source.file),
        cause => readError(source.file, cause)
      ),
      () => readHdf5(source.file, source.array)
    )
  return F.pipe(
    TE.tryCatch(
      () => readFile(source.file),
      cause => readError(source.file, cause)
    ),
    TE.flatMapEither(parsePoints(source))
  )
}
