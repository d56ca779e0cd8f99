import { zipSync } from 'fflate'
import { either as E } from 'fp-ts'
import { dump } from 'npyjs'
import { describe, expect, it } from 'vitest'
import { dataErrorMessage } from '../../src/data/dataError.js'
import { parsePoints, toSource } from '../../src/data/parsePoints.js'

const text = (s: string): Uint8Array => new TextEncoder().encode(s)
const npy = (...args: Parameters<typeof dump>): Uint8Array => new Uint8Array(dump(...args))
const two = zipSync({ 'train.npy': npy(Float64Array.of(1), [1]), 'test.npy': npy(Float64Array.of(2), [1]) })
const finite = 'Points must be finite: remove the row, or fill the value in.'
const onePoint = 'Give one row of numbers a point.'
const table = 'Save a table: one row a point, one column a dimension.'
const divide = 'Separate columns by a comma, a semicolon or a tab.'

/** A path, the bytes of the file, and everything a person is told. */
const cases: ReadonlyArray<readonly [path: string, bytes: Uint8Array, message: string]> = [
  ['a.csv', text(''), `a.csv: there are no points in it. ${onePoint}`],
  ['a.csv', text('\n \n'), `a.csv: there are no points in it. ${onePoint}`],
  ['a.csv', text('x,y\n'), `a.csv: there is a header line and no points after it. ${onePoint}`],
  [
    'a.csv',
    text('x,y\n1,2\n\n3\n'),
    'a.csv, line 4: columns: 1, but line 2 has 2. Every row needs the same number of columns.'
  ],
  [
    'a.csv',
    text('1,2\n3,red\n'),
    'a.csv, line 2, column 2: "red" is not a number. Remove the column, or write it as numbers.'
  ],
  [
    'a.csv',
    text('1,2.o\n3,4\n'),
    'a.csv, line 1, column 2: "2.o" is not a number. ' +
      'Remove the column, or write it as numbers; a header line must hold no number at all.'
  ],
  ['a.csv', text('1;2\n1,5;2\n'), 'a.csv, line 2, column 1: "1,5" is not a number. Write the decimal sign as a point.'],
  [
    'a.csv',
    text('1,2\n3,\n'),
    'a.csv, line 2, column 2: the value is empty. Every row needs a number in every column.'
  ],
  [
    'a.csv',
    text('1,2\n"3\n",x\n'),
    'a.csv, line 2, column 2: "x" is not a number. Remove the column, or write it as numbers.'
  ],
  ['a.csv', text('"x\ny",z\n1,2\nNaN,3'), `a.csv, line 4, column 1: the value is NaN. ${finite}`],
  ['a.csv', text('1,-inf\n'), `a.csv, line 1, column 2: the value is -inf. ${finite}`],
  ['a.csv', text('1,1e999\n'), `a.csv, line 1, column 2: the value is 1e999. ${finite}`],
  ['a.csv', text('1.0 2.0\n3.0 4.0\n'), `a.csv, line 2: "3.0 4.0" was read as a single column. ${divide}`],
  ['a.csv', text('1.0 2.0\n'), `a.csv, line 1: "1.0 2.0" was read as a single column. ${divide}`],
  ['a.csv', text('x|y\n1|2\n'), `a.csv, line 2: "1|2" was read as a single column. ${divide}`],
  [
    'a.xlsx',
    text(''),
    'a.xlsx: unknown kind of file. Use .csv, .tsv, .txt, .npy or .npz, or one of them followed by .gz, or .hdf5.'
  ],
  [
    'a',
    text(''),
    'a: unknown kind of file. Use .csv, .tsv, .txt, .npy or .npz, or one of them followed by .gz, or .hdf5.'
  ],
  ['a.npy', npy(Float64Array.of(1, 2), [1, 2, 1]), `a.npy: the array has 3 dimensions (1 x 2 x 1). ${table}`],
  ['a.npy', npy(Float64Array.of(1), []), `a.npy: the array has a single number. ${table}`],
  ['a.npy', npy(Float64Array.of(), [0, 3]), `a.npy: there are no points in it. ${onePoint}`],
  ['a.npy', npy(Float64Array.of(1, 2, Number.NaN, 4), [2, 2]), `a.npy, row 2, column 1: the value is NaN. ${finite}`],
  [
    'a.npy',
    npy(['ab', 'c'], [2]),
    "a.npy: the array's type is U2. Save it as float64, float32 or integers, little-endian."
  ],
  [
    'a.npy',
    npy(Float64Array.of(1, 2), [3, 1]),
    'a.npy: this is not a valid .npy file (it holds 2 values where its header says 3). Write it again, or fix its extension.'
  ],
  [
    'a.npy',
    text('1,2\n3,4\n'),
    'a.npy: this is not a valid .npy file (Not an .npy file). Write it again, or fix its extension.'
  ],
  ['a.npz', two, 'a.npz: there are several arrays in it: train, test. Name one, for example a.npz:train'],
  ['a.npz:valid', two, 'a.npz: there is no array "valid" in it. There are: train, test.'],
  ['a.npz', zipSync({}), `a.npz: there are no points in it. ${onePoint}`],
  [
    'a.npz:x',
    zipSync({ 'x.npy': npy(Float64Array.of(Number.POSITIVE_INFINITY), [1]) }),
    `a.npz:x, row 1, column 1: the value is Infinity. ${finite}`
  ],
  [
    'a.npz',
    text('no'),
    'a.npz: this is not a valid .npz file (invalid zip data). Write it again, or fix its extension.'
  ],
  [
    'a.csv.gz',
    text('1,2'),
    'a.csv.gz: this is not a valid .gz file (invalid gzip data). Write it again, or fix its extension.'
  ]
]

describe('what a person is told', () => {
  it.each(cases)('%s: case %#', (path, bytes, message) => {
    expect(E.mapLeft(dataErrorMessage)(parsePoints(toSource(path))(bytes))).toEqual(E.left(message))
  })

  it('about the file system, standardising and splitting', () => {
    expect(dataErrorMessage({ _tag: 'FileNotFound', file: 'a.csv' })).toBe(
      'a.csv: there is no such file. Check the path and the working directory.'
    )
    expect(dataErrorMessage({ _tag: 'FileUnreadable', file: 'a.csv', reason: 'it is a folder' })).toBe(
      'a.csv: the file cannot be read (it is a folder).'
    )
    expect(dataErrorMessage({ _tag: 'ConstantColumn', column: 3, value: 5 })).toBe(
      'Column 3 is constant (always 5 in the training part), so it has no density. Remove the column.'
    )
    expect(dataErrorMessage({ _tag: 'TooFewRows', rows: 2, needed: 3 })).toBe(
      'There are too few rows: 2. Training, validation and test parts need at least 3.'
    )
  })
})
