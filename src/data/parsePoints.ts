import { gunzipSync } from 'fflate'
import { either as E } from 'fp-ts'
import { parseCsv } from './csv.js'
import type { DataError } from './dataError.js'
import { parseNpy } from './npy.js'
import { parseNpz } from './npz.js'
import type { Points } from './points.js'

/** A path as a person types it: `archive.npz:name` names one array of an archive, `file.hdf5:name` one data set. */
export interface Source {
  readonly file: string
  readonly array?: string
}

/**
 * A file's name, and the array of it that is meant, as people write them.
 * @example toSource('runs/all.npz:train') // => { file: 'runs/all.npz', array: 'train' }
 */
export const toSource = (path: string): Source => {
  const [, file, array] = /^(.+\.(?:npz(?:\.gz)?|hdf5|h5)):([^:]+)$/i.exec(path) ?? []
  return file === undefined || array === undefined ? { file: path } : { file, array }
}

const gunzip = (file: string, bytes: Uint8Array): E.Either<DataError, Uint8Array> =>
  E.tryCatch(
    () => gunzipSync(bytes),
    cause => ({
      _tag: 'Malformed',
      file,
      format: '.gz',
      reason: cause instanceof Error ? cause.message : String(cause)
    })
  )

const parserOf = ({ file, array }: Source) => {
  switch (/\.([^./\\]+)(?:\.gz)?$/i.exec(file)?.[1]?.toLowerCase()) {
    case 'csv':
    case 'tsv':
    case 'txt':
      return parseCsv(file)
    case 'npy':
      return parseNpy(file)
    case 'npz':
      return parseNpz(file, array)
    default:
      return undefined
  }
}

/**
 * The points in the bytes of a file, by the extension of its name: .csv, .tsv, .txt, .npy, .npz, each also with .gz.
 * failure  UnknownExtension, Malformed, and those of the format
 */
export const parsePoints =
  (source: Source) =>
  (bytes: Uint8Array): E.Either<DataError, Points> => {
    const parser = parserOf(source)
    if (parser === undefined) return E.left({ _tag: 'UnknownExtension', file: source.file })
    return /\.gz$/i.test(source.file) ? E.flatMap(gunzip(source.file, bytes), parser) : parser(bytes)
  }
