import { either as E, taskEither as TE } from 'fp-ts'
import type { DataError } from './dataError.js'
import { firstNotFinite, type Points } from './points.js'

const load = TE.tryCatch(
  () => import('h5wasm/node'),
  cause => cause
)

/** What is wrong with the arrays of a file, or the name of the one that is meant. */
const chosen = (file: string, names: readonly string[], array: string | undefined): E.Either<DataError, string> => {
  const [only, ...others] = names
  if (array !== undefined)
    return names.includes(array) ? E.right(array) : E.left({ _tag: 'NoSuchArray', file, name: array, names })
  if (only === undefined) return E.left({ _tag: 'EmptyFile', file })
  return others.length === 0 ? E.right(only) : E.left({ _tag: 'SeveralArrays', file, names })
}

/**
 * The points of a two-dimensional data set at the top of an HDF5 file: floats or integers; one dimension is one column.
 * failure  Malformed, SeveralArrays, NoSuchArray, UnsupportedType, WrongRank, EmptyFile, NotFinite
 * @param array name of the data set, where the file has several
 */
export const readHdf5 = (file: string, array?: string): TE.TaskEither<DataError, Points> => {
  const malformed = (reason: string): DataError => ({ _tag: 'Malformed', file, format: '.hdf5', reason })
  return TE.flatMap(
    TE.mapLeft((cause: unknown) => malformed(`h5wasm does not load: ${String(cause)}`))(load),
    ({ ready, File, Dataset }) =>
      TE.flatMapEither(
        TE.tryCatch(
          async () => {
            await ready
            const opened = new File(file, 'r')
            return { opened, names: opened.keys().filter(name => opened.get(name) instanceof Dataset) }
          },
          () => malformed('HDF5 cannot open it')
        ),
        ({ opened, names }): E.Either<DataError, Points> => {
          const read = E.flatMap(chosen(file, names, array), (name): E.Either<DataError, Points> => {
            const entity = opened.get(name)
            const { shape, dtype, value } = entity instanceof Dataset ? entity : { shape: null, dtype: '', value: null }
            if (shape === null || shape.length < 1 || shape.length > 2)
              return E.left({ _tag: 'WrongRank', file, shape: shape ?? [] })
            if (!ArrayBuffer.isView(value)) return E.left({ _tag: 'UnsupportedType', file, dtype: String(dtype) })
            const [rows, columns] = [shape[0] as number, shape[1] ?? 1]
            if (rows * columns === 0) return E.left({ _tag: 'EmptyFile', file })
            const values = Float64Array.from(value as unknown as ArrayLike<number | bigint>, Number)
            const points = { rows, columns, values }
            const error = firstNotFinite(file, points)
            return error === undefined ? E.right(points) : E.left(error)
          })
          opened.close()
          return read
        }
      )
  )
}
