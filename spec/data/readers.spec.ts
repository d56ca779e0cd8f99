import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { gzipSync, zipSync } from 'fflate'
import { either as E } from 'fp-ts'
import { dump } from 'npyjs'
import { describe, expect, it } from 'vitest'
import { parseCsv, toCsv } from '../../src/data/csv.js'
import { readPoints } from '../../src/data/file.js'
import { parseNpy, toNpy } from '../../src/data/npy.js'
import { parseNpz } from '../../src/data/npz.js'
import { parsePoints, toSource } from '../../src/data/parsePoints.js'
import { anyPoints, table } from './arbitraries.js'

const csv = (text: string) => parseCsv('a.csv')(new TextEncoder().encode(text))
const npy = (...args: Parameters<typeof dump>) => new Uint8Array(dump(...args))

/** The same bytes with another header of the same length. */
const reheaded = (bytes: Uint8Array, from: string, to: string): Uint8Array => {
  const text = String.fromCharCode(...bytes)
  const [at, end] = [text.indexOf(from), text.indexOf('\n')]
  const head = (text.slice(0, at) + to + text.slice(at + from.length, end)).padEnd(end).slice(0, end)
  return Uint8Array.from(head + text.slice(end), c => c.charCodeAt(0))
}

describe('csv', () => {
  it('reads back what was written, bit for bit', () =>
    fc.assert(
      fc.property(anyPoints(), fc.boolean(), (points, titled) => {
        const header = titled ? Array.from({ length: points.columns }, (_, j) => `x${j}, "raw"`) : undefined
        expect(parseCsv('a.csv')(toCsv(points, header))).toEqual(E.right(points))
      })
    ))

  it.each([
    ['comma', '1,2\n3,4'],
    ['semicolon', '1;2\n3;4\n'],
    ['tab', '1\t2\r\n3\t4\r\n'],
    ['header', 'x,y\n1,2\n3,4'],
    ['header of other width', '2,2,setosa\n1,2\n3,4'],
    ['quotes and spaces', '"1", 2\n 3 ,"4"'],
    ['blank lines', '\n1,2\n\n3,4\n\n'],
    ['lines of empty cells', '1,2\n,\n3,4'],
    ['many float forms', '1.,+2.0\n.3e1,0x4'],
    ['byte order mark', '\ufeff1,2\n3,4'],
    ['a comment as header', '# x y\n1,2\n3,4']
  ])('reads %s', (_, text) => {
    expect(csv(text)).toEqual(
      E.right(
        table([
          [1, 2],
          [3, 4]
        ])
      )
    )
  })

  it('reads UTF-16, as spreadsheets export it', () => {
    const bytes = new Uint8Array(Buffer.from('\ufeff1\t2\r\n3\t4\r\n', 'utf16le'))
    expect(parseCsv('a.csv')(bytes)).toEqual(
      E.right(
        table([
          [1, 2],
          [3, 4]
        ])
      )
    )
  })

  it('reads one column', () => {
    expect(csv('height\n1\n2.5\n')).toEqual(E.right(table([[1], [2.5]])))
    expect(csv('1\n2.5')).toEqual(E.right(table([[1], [2.5]])))
  })
})

describe('npy and npz', () => {
  it('read back what was written, bit for bit', () =>
    fc.assert(
      fc.property(anyPoints(), points => {
        expect(parseNpy('a.npy')(toNpy(points))).toEqual(E.right(points))
        expect(parseNpz('a.npz')(zipSync({ 'x.npy': toNpy(points) }))).toEqual(E.right(points))
      })
    ))

  it.each([
    ['float32', Float32Array.of(1, 2, 3, 4)],
    ['int8', Int8Array.of(1, 2, 3, 4)],
    ['uint16', Uint16Array.of(1, 2, 3, 4)],
    ['int32', Int32Array.of(1, 2, 3, 4)],
    ['int64', BigInt64Array.of(1n, 2n, 3n, 4n)]
  ])('read %s', (_, values) => {
    expect(parseNpy('a.npy')(npy(values, [2, 2]))).toEqual(
      E.right(
        table([
          [1, 2],
          [3, 4]
        ])
      )
    )
  })

  it('read float16 and booleans', () => {
    const half = reheaded(npy(Uint16Array.of(0x3c00, 0x4000), [2, 1]), 'u2', 'f2')
    expect(parseNpy('a.npy')(half)).toEqual(E.right(table([[1], [2]])))
    expect(parseNpy('a.npy')(npy([1, 0], [2, 1], { dtype: 'b1' }))).toEqual(E.right(table([[1], [0]])))
  })

  it('read Fortran order and one dimension', () => {
    const fortran = reheaded(npy(Float64Array.of(1, 3, 5, 2, 4, 6), [3, 2]), 'False', 'True')
    expect(parseNpy('a.npy')(fortran)).toEqual(
      E.right(
        table([
          [1, 2],
          [3, 4],
          [5, 6]
        ])
      )
    )
    expect(parseNpy('a.npy')(npy(Float64Array.of(1, 2), [2]))).toEqual(E.right(table([[1], [2]])))
  })

  it('read the array of an archive that is named', () => {
    const archive = zipSync({
      'train.npy': npy(Float64Array.of(1), [1, 1]),
      'test.npy': npy(Float64Array.of(2), [1, 1])
    })
    expect(parsePoints(toSource('a.npz:test'))(archive)).toEqual(E.right(table([[2]])))
  })
})

describe('parsePoints', () => {
  const points = table([
    [1, 2],
    [3, 4]
  ])

  it('goes by the extension, whatever its case, through gzip', () => {
    const csvBytes = toCsv(points)
    for (const file of ['a.csv', 'A.TXT', 'b.tsv']) expect(parsePoints({ file })(csvBytes)).toEqual(E.right(points))
    expect(parsePoints({ file: 'a.csv.gz' })(gzipSync(csvBytes))).toEqual(E.right(points))
    expect(parsePoints({ file: 'a.npy.GZ' })(gzipSync(toNpy(points)))).toEqual(E.right(points))
    expect(parsePoints({ file: 'a.npz' })(zipSync({ 'x.npy': toNpy(points) }))).toEqual(E.right(points))
  })

  it('takes a path apart', () => {
    expect(toSource('runs/all.npz:train')).toEqual({ file: 'runs/all.npz', array: 'train' })
    expect(toSource('C:\\data\\a.npz')).toEqual({ file: 'C:\\data\\a.npz' })
    expect(toSource('odd:name.csv')).toEqual({ file: 'odd:name.csv' })
  })

  it('never throws, whatever the bytes', () =>
    fc.assert(
      fc.property(fc.uint8Array(), fc.constantFrom('a.csv', 'a.csv.gz', 'a.npy', 'a.npz', 'a.npz:x'), (bytes, path) => {
        expect(['Left', 'Right']).toContain(parsePoints(toSource(path))(bytes)._tag)
      })
    ))
})

describe('readPoints', () => {
  it('reads a file, and says what keeps it from doing so', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'impflow-'))
    const file = join(folder, 'a.csv')
    await writeFile(file, '1,2\n3,4\n')
    expect(await readPoints(file)()).toEqual(
      E.right(
        table([
          [1, 2],
          [3, 4]
        ])
      )
    )
    const missing = join(folder, 'none.csv')
    expect(await readPoints(missing)()).toEqual(E.left({ _tag: 'FileNotFound', file: missing }))
    expect(await readPoints(folder)()).toEqual(
      E.left({ _tag: 'FileUnreadable', file: folder, reason: 'it is a folder' })
    )
    await rm(folder, { recursive: true })
  })
})
