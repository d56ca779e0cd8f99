/** Where a value stands, counted from 1: a line of a text file as an editor shows it, or a row of an array. */
export interface Place {
  readonly unit: 'line' | 'row'
  readonly row: number
  readonly column: number
}

/** What can be wrong with a person's data; `file` is the name they gave. */
export type DataError =
  | { readonly _tag: 'FileNotFound'; readonly file: string }
  | { readonly _tag: 'FileUnreadable'; readonly file: string; readonly reason: string }
  | { readonly _tag: 'UnknownExtension'; readonly file: string }
  | { readonly _tag: 'Malformed'; readonly file: string; readonly format: string; readonly reason: string }
  | { readonly _tag: 'EmptyFile'; readonly file: string }
  | { readonly _tag: 'HeaderOnly'; readonly file: string }
  | {
      readonly _tag: 'RaggedRow'
      readonly file: string
      readonly line: number
      readonly columns: number
      readonly expected: number
      readonly expectedLine: number
    }
  | { readonly _tag: 'NotANumber'; readonly file: string; readonly at: Place; readonly text: string }
  | { readonly _tag: 'NotFinite'; readonly file: string; readonly at: Place; readonly text: string }
  | { readonly _tag: 'UnsplitRow'; readonly file: string; readonly line: number; readonly text: string }
  | { readonly _tag: 'UnsupportedType'; readonly file: string; readonly dtype: string }
  | { readonly _tag: 'WrongRank'; readonly file: string; readonly shape: ReadonlyArray<number> }
  | { readonly _tag: 'WrongColumns'; readonly file: string; readonly columns: number; readonly expected: number }
  | { readonly _tag: 'SeveralArrays'; readonly file: string; readonly names: ReadonlyArray<string> }
  | {
      readonly _tag: 'NoSuchArray'
      readonly file: string
      readonly name: string
      readonly names: ReadonlyArray<string>
    }
  | { readonly _tag: 'ConstantColumn'; readonly column: number; readonly value: number }
  | { readonly _tag: 'TooFewRows'; readonly rows: number; readonly needed: number }

const where = ({ unit, row, column }: Place): string => `${unit} ${row}, column ${column}`
const quote = (text: string): string => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}...` : text)
const shapeText = (shape: ReadonlyArray<number>): string =>
  shape.length === 0 ? 'a single number' : `${shape.length} dimensions (${shape.join(' x ')})`

const notANumber = (file: string, at: Place, text: string): string => {
  const start = `${file}, ${where(at)}: `
  if (text.trim() === '') return `${start}the value is empty. Every row needs a number in every column.`
  const comma = /^[+-]?\d*,\d+(e[+-]?\d+)?$/i.test(text.trim())
  const advice = comma
    ? 'Write the decimal sign as a point.'
    : `Remove the column, or write it as numbers${at.row === 1 ? '; a header line must hold no number at all' : ''}.`
  return `${start}${quote(text)} is not a number. ${advice}`
}

/** One sentence on what is wrong and where, then what would be right. */
export const dataErrorMessage = (error: DataError): string => {
  switch (error._tag) {
    case 'FileNotFound':
      return `${error.file}: there is no such file. Check the path and the working directory.`
    case 'FileUnreadable':
      return `${error.file}: the file cannot be read (${error.reason}).`
    case 'UnknownExtension':
      return `${error.file}: unknown kind of file. Use .csv, .tsv, .txt, .npy or .npz, or one of them followed by .gz, or .hdf5.`
    case 'Malformed':
      return `${error.file}: this is not a valid ${error.format} file (${error.reason}). Write it again, or fix its extension.`
    case 'EmptyFile':
      return `${error.file}: there are no points in it. Give one row of numbers a point.`
    case 'HeaderOnly':
      return `${error.file}: there is a header line and no points after it. Give one row of numbers a point.`
    case 'RaggedRow':
      return (
        `${error.file}, line ${error.line}: columns: ${error.columns}, but line ${error.expectedLine} has ${error.expected}. ` +
        'Every row needs the same number of columns.'
      )
    case 'NotANumber':
      return notANumber(error.file, error.at, error.text)
    case 'NotFinite':
      return (
        `${error.file}, ${where(error.at)}: the value is ${error.text}. ` +
        'Points must be finite: remove the row, or fill the value in.'
      )
    case 'UnsplitRow':
      return (
        `${error.file}, line ${error.line}: ${quote(error.text)} was read as a single column. ` +
        'Separate columns by a comma, a semicolon or a tab.'
      )
    case 'UnsupportedType':
      return `${error.file}: the array's type is ${error.dtype}. Save it as float64, float32 or integers, little-endian.`
    case 'WrongRank':
      return `${error.file}: the array has ${shapeText(error.shape)}. Save a table: one row a point, one column a dimension.`
    case 'WrongColumns':
      return `${error.file}: columns: ${error.columns}, where ${error.expected} are expected. Take the file of the preprocessed data set.`
    case 'SeveralArrays':
      return (
        `${error.file}: there are several arrays in it: ${error.names.join(', ')}. ` +
        `Name one, for example ${error.file}:${error.names[0]}`
      )
    case 'NoSuchArray':
      return `${error.file}: there is no array ${quote(error.name)} in it. There are: ${error.names.join(', ') || 'none'}.`
    case 'ConstantColumn':
      return (
        `Column ${error.column} is constant (always ${error.value} in the training part), so it has no density. ` +
        'Remove the column.'
      )
    case 'TooFewRows':
      return `There are too few rows: ${error.rows}. Training, validation and test parts need at least ${error.needed}.`
  }
}
