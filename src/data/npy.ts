import { either as E } from 'fp-ts'
import { dump, parse } from 'npyjs'
import type { DataError } from './dataError.js'
import { firstNotFinite, type Points } from './points.js'

const supported = new Set(['f8', 'f4', 'f2', 'i1', 'i2', 'i4', 'i8', 'u1', 'u2', 'u4', 'u8', 'b1'])
const headerType = /'descr'\s*:\s*'[<|=]?([^']+)'/

/** The element type in a header, or undefined; checked before parsing, to tell a wrong type from a broken file. */
const typeOf = (bytes: Uint8Array): string | undefined =>
  headerType.exec(new TextDecoder('latin1').decode(bytes.subarray(0, 512)))?.[1]

/** An exact copy of the bytes in a buffer of their own, which typed arrays can be laid over. */
const ownBuffer = (bytes: Uint8Array): ArrayBuffer => new Uint8Array(bytes).buffer

/** Row-major values out of an array in C or Fortran order. */
const rowMajor = (source: ArrayLike<unknown>, rows: number, columns: number, fortranOrder: boolean): Float64Array => {
  const values = new Float64Array(rows * columns)
  for (let i = 0; i < rows; i++)
    for (let j = 0; j < columns; j++)
      values[i * columns + j] = Number(source[fortranOrder ? j * rows + i : i * columns + j])
  return values
}

/**
 * The points of a NumPy array: floats, integers or booleans, little-endian, C or Fortran order; one dimension is one column.
 * `file` is the name to use in errors.
 * failure  Malformed, UnsupportedType, WrongRank, EmptyFile, NotFinite
 */
export const parseNpy =
  (file: string) =>
  (bytes: Uint8Array): E.Either<DataError, Points> => {
    const malformed = (reason: string): DataError => ({ _tag: 'Malformed', file, format: '.npy', reason })
    const dtype = typeOf(bytes)
    if (dtype !== undefined && !supported.has(dtype)) return E.left({ _tag: 'UnsupportedType', file, dtype })
    const parsed = E.tryCatch(
      () => parse(ownBuffer(bytes)),
      cause => malformed(cause instanceof Error ? cause.message : String(cause))
    )
    return E.flatMap(parsed, ({ data, shape, fortranOrder }) => {
      if (shape.length !== 1 && shape.length !== 2) return E.left<DataError, Points>({ _tag: 'WrongRank', file, shape })
      const [rows, columns] = [shape[0] as number, shape[1] ?? 1]
      const elements = data as ArrayBufferView & ArrayLike<unknown>
      if (elements.length !== rows * columns)
        return E.left(malformed(`it holds ${elements.length} values where its header says ${rows * columns}`))
      if (rows * columns === 0) return E.left<DataError, Points>({ _tag: 'EmptyFile', file })
      const points = { rows, columns, values: rowMajor(elements, rows, columns, fortranOrder) }
      const error = firstNotFinite(file, points)
      return error === undefined ? E.right(points) : E.left(error)
    })
  }

/** Points as the bytes of a two-dimensional float64 .npy file. */
export const toNpy = (points: Points): Uint8Array => new Uint8Array(dump(points.values, [points.rows, points.columns]))
