import { either as E } from 'fp-ts'
import Papa from 'papaparse'
import type { DataError } from './dataError.js'
import type { Points } from './points.js'

interface Row {
  readonly line: number
  readonly cells: ReadonlyArray<string>
}

/** The text of a file: UTF-8, or UTF-16 where it says so (spreadsheets do); a byte order mark is dropped. */
const decode = (bytes: Uint8Array): string =>
  new TextDecoder(bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : 'utf-8').decode(bytes)

/** A tab or a semicolon never stands inside a number, a comma may. */
const delimiterOf = (text: string): string => {
  const firstLine = /\S.*/.exec(text)?.[0] ?? ''
  return ['\t', ';'].find(delimiter => firstLine.includes(delimiter)) ?? ','
}

/** Rows that are not blank, with their line in the file; a quoted cell may span lines. */
const readRows = (text: string): ReadonlyArray<Row> => {
  const rows: Array<Row> = []
  let line = 1
  for (const cells of Papa.parse<Array<string>>(text, { delimiter: delimiterOf(text) }).data) {
    if (cells.some(cell => cell.trim() !== '')) rows.push({ line, cells })
    line += 1 + cells.reduce((breaks, cell) => breaks + cell.split('\n').length - 1, 0)
  }
  return rows
}

const notFinite = /^[+-]?(nan|inf|infinity)$/i

/** NaN for what is not a number at all, undefined for what is written as NaN or infinity or overflows. */
const toNumber = (cell: string): number | undefined => {
  const text = cell.trim()
  if (notFinite.test(text)) return undefined
  const value = text === '' ? Number.NaN : Number(text)
  return Math.abs(value) === Number.POSITIVE_INFINITY ? undefined : value
}

const isText = (cell: string): boolean => Number.isNaN(toNumber(cell))

/** A header holds no number, or some text and another number of columns than the rows below it. */
const isHeader = (first: Row, second: Row | undefined): boolean =>
  first.cells.every(isText) ||
  (second !== undefined && first.cells.length !== second.cells.length && first.cells.some(isText))

const rowError = (file: string, row: Row, first: Row): DataError | undefined => {
  const { line, cells } = row
  if (cells.length !== first.cells.length)
    return {
      _tag: 'RaggedRow',
      file,
      line,
      columns: cells.length,
      expected: first.cells.length,
      expectedLine: first.line
    }
  const bad = cells.findIndex(cell => !Number.isFinite(toNumber(cell) ?? Number.NaN))
  if (bad < 0) return undefined
  const text = (cells[bad] as string).trim()
  if (cells.length === 1 && text.split(/[\s:|]+/).length > 1) return { _tag: 'UnsplitRow', file, line, text }
  const at = { unit: 'line', row: line, column: bad + 1 } as const
  return isText(text) ? { _tag: 'NotANumber', file, at, text } : { _tag: 'NotFinite', file, at, text }
}

/** The values of the rows, or what is wrong in the first bad one. */
const tableOf = (file: string, rows: ReadonlyArray<Row>): E.Either<DataError, Points> => {
  const first = rows[0] as Row
  const values = new Float64Array(rows.length * first.cells.length)
  for (const [i, row] of rows.entries()) {
    const error = rowError(file, row, first)
    if (error !== undefined) return E.left(error)
    values.set(row.cells.map(Number), i * first.cells.length)
  }
  return E.right({ rows: rows.length, columns: first.cells.length, values })
}

/**
 * The points of a text table: columns separated by commas, semicolons or tabs, an optional header line, blank lines ignored,
 * numbers as JavaScript reads them. `file` is the name to use in errors.
 * failure  EmptyFile, HeaderOnly, RaggedRow, NotANumber, NotFinite, UnsplitRow
 */
export const parseCsv =
  (file: string) =>
  (bytes: Uint8Array): E.Either<DataError, Points> => {
    const rows = readRows(decode(bytes))
    const [first, second] = rows
    if (first === undefined) return E.left({ _tag: 'EmptyFile', file })
    if (!isHeader(first, second)) return tableOf(file, rows)
    if (second !== undefined) return tableOf(file, rows.slice(1))
    // A single row without a number: one that was not divided, or a header.
    const undivided = rowError(file, first, first)
    return E.left(
      undivided?._tag === 'UnsplitRow' && /\d/.test(undivided.text) ? undivided : { _tag: 'HeaderOnly', file }
    )
  }

/** The shortest text that reads back as the same number, the sign of zero included. */
const toText = (value: number): string => (Object.is(value, -0) ? '-0' : `${value}`)

/** Points as CSV bytes, every number exact; with a header line if column names are given. */
export const toCsv = (points: Points, header?: ReadonlyArray<string>): Uint8Array => {
  const lines = Array.from({ length: points.rows }, (_, i) =>
    Array.from(points.values.subarray(i * points.columns, (i + 1) * points.columns), toText).join(',')
  )
  const head = header === undefined ? '' : `${Papa.unparse([[...header]])}\n`
  return new TextEncoder().encode(head + lines.map(line => `${line}\n`).join(''))
}
