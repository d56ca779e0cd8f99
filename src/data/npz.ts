import { unzipSync } from 'fflate'
import { either as E } from 'fp-ts'
import type { DataError } from './dataError.js'
import { parseNpy } from './npy.js'
import type { Points } from './points.js'

/**
 * The points of an array of a NumPy archive: the one named, or the only one. `file` is the name to use in errors.
 * failure  Malformed, SeveralArrays, NoSuchArray, EmptyFile, and those of parseNpy
 */
export const parseNpz =
  (file: string, name?: string) =>
  (bytes: Uint8Array): E.Either<DataError, Points> => {
    const archive = E.tryCatch(
      () => unzipSync(bytes),
      (cause): DataError => ({
        _tag: 'Malformed',
        file,
        format: '.npz',
        reason: cause instanceof Error ? cause.message : String(cause)
      })
    )
    return E.flatMap(archive, entries => {
      const names = Object.keys(entries).flatMap(path => (path.endsWith('.npy') ? [path.slice(0, -4)] : []))
      if (names.length === 0) return E.left<DataError, Points>({ _tag: 'EmptyFile', file })
      if (name === undefined && names.length > 1)
        return E.left<DataError, Points>({ _tag: 'SeveralArrays', file, names })
      const chosen = name ?? (names[0] as string)
      const array = names.includes(chosen) ? entries[`${chosen}.npy`] : undefined
      return array === undefined
        ? E.left<DataError, Points>({ _tag: 'NoSuchArray', file, name: chosen, names })
        : parseNpy(`${file}:${chosen}`)(array)
    })
  }
