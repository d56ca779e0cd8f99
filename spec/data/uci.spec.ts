import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { either as E } from 'fp-ts'
import h5wasm from 'h5wasm/node'
import { describe, expect, it } from 'vitest'
import { toCsv } from '../../src/data/csv.js'
import { dataErrorMessage } from '../../src/data/dataError.js'
import { readPoints } from '../../src/data/file.js'
import { toNpy } from '../../src/data/npy.js'
import type { Points } from '../../src/data/points.js'
import type { Splits } from '../../src/data/split.js'
import { uciTables } from '../../src/data/uci.js'
import { foldIn, fromSeed } from '../../src/random/key.js'
import { normal } from '../../src/random/normal.js'
import { world } from '../cli/support/world.js'

const draws = (rows: number, columns: number, seed = 0): Points => ({
  rows,
  columns,
  values: normal(foldIn(fromSeed(3), seed))(rows * columns)
})

const rowsOf = ({ rows, columns, values }: Points): readonly (readonly number[])[] =>
  Array.from({ length: rows }, (_, i) => Array.from(values.subarray(i * columns, (i + 1) * columns)))
const column = (points: Points, j: number): readonly number[] => rowsOf(points).map(row => row[j] as number)
const table = (rows: readonly (readonly number[])[]): Points => ({
  rows: rows.length,
  columns: rows[0]?.length ?? 0,
  values: Float64Array.from(rows.flat())
})

const splitsOf = (name: string, ...files: readonly Points[]): E.Either<string, Splits> =>
  E.mapLeft(dataErrorMessage)(uciTables.find(known => known.name === name)?.splits(files) ?? E.left(undefined as never))
const must = (splits: E.Either<string, Splits>): Splits => {
  if (E.isLeft(splits)) throw new Error(splits.left)
  return splits.right
}
const counts = ({ training, validation, test }: Splits): readonly number[] =>
  [training, validation, test].map(({ rows }) => rows)
const spread = (xs: readonly number[]): readonly [number, number] => {
  const mean = xs.reduce((a, b) => a + b, 0) / xs.length
  return [mean, Math.sqrt(xs.reduce((sum, x) => sum + (x - mean) ** 2, 0) / xs.length)]
}

/** Files of a data root in a folder of its own. */
const rootWith = (place: ReturnType<typeof world>, files: Readonly<Record<string, Uint8Array>>): string => {
  for (const [name, bytes] of Object.entries(files)) {
    mkdirSync(dirname(place.at('root', name)), { recursive: true })
    writeFileSync(place.at('root', name), bytes)
  }
  return place.at('root')
}

const hdf5 = async (path: string, parts: Readonly<Record<string, Points>>): Promise<void> => {
  await h5wasm.ready
  mkdirSync(dirname(path), { recursive: true })
  const file = new h5wasm.File(path, 'w')
  for (const [name, { rows, columns, values }] of Object.entries(parts))
    file.create_dataset({ name, data: Float32Array.from(values), shape: [rows, columns] })
  file.close()
}

describe('the parts of the UCI tables', () => {
  it('miniboone: the last tenth is the test, the last tenth of the rest validates, standardised without the test', () => {
    const whole = draws(200, 43)
    const splits = must(splitsOf('miniboone', whole))
    expect(counts(splits)).toEqual([162, 18, 20])
    const fitted = [...column(splits.training, 4), ...column(splits.validation, 4)]
    expect(spread(fitted).map(x => Math.abs(x))[0]).toBeLessThan(1e-12)
    expect(spread(fitted)[1]).toBeCloseTo(1, 12)
    const [mean, scale] = spread(column(whole, 4).slice(0, 180))
    column(splits.test, 4).forEach((x, i) => {
      expect(x).toBeCloseTo(((column(whole, 4)[180 + i] as number) - mean) / scale, 12)
    })
  })

  it('power: in an order of our own, without reactive power and current, with noise but for the time', () => {
    const whole = table(rowsOf(draws(100, 8)).map((row, i) => [...row.slice(0, 7), i]))
    const splits = must(splitsOf('power', whole))
    expect(counts(splits)).toEqual([81, 9, 10])
    const parts = [splits.training, splits.validation, splits.test]
    const times = parts.flatMap(part => column(part, 5))
    const [low, high] = [Math.min(...times), Math.max(...times)]
    const order = times.map(t => Math.round((99 * (t - low)) / (high - low)))
    expect([...order].sort((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, i) => i))
    expect(order).not.toEqual([...order].sort((a, b) => a - b))
    // Back in the data's units up to the column's affine map, active power is off by noise on [0, 0.001).
    const active = parts.flatMap(part => column(part, 0))
    const source = order.map(i => whole.values[8 * i] as number)
    const [least, most] = [Math.min, Math.max].map(end => source.indexOf(end(...source))) as [number, number]
    const rise = (xs: readonly number[]): number => (xs[most] as number) - (xs[least] as number)
    const slope = rise(active) / rise(source)
    const offsets = active.map((x, i) => x / slope - (source[i] as number))
    expect(Math.max(...offsets) - Math.min(...offsets)).toBeLessThan(0.004)
    expect(must(splitsOf('power', whole))).toEqual(splits)
  })

  it('gas: of columns that are nearly one, one stays', () => {
    const base = draws(100, 8)
    const whole = table(rowsOf(base).map(row => row.flatMap(x => [x, 3 * x + 1])))
    const splits = must(splitsOf('gas', whole))
    expect(splits.training.columns).toBe(8)
    expect(counts(splits)).toEqual([81, 9, 10])
    expect(splitsOf('gas', table(rowsOf(base).map(row => row.slice(0, 7))))).toEqual(
      E.left('gas/ethylene_CO.npy: columns: 7, where 8 are expected. Take the file of the preprocessed data set.')
    )
  })

  it('hepmass: class 1 alone, without columns that repeat a value, or the last one of the test file', () => {
    const rows = (count: number, more: number, seed: number): Points =>
      table(
        rowsOf(draws(count, 28, seed)).map((row, i) => [
          i % 2,
          ...row.map((x, j) => (j < 7 ? Math.round(x) : x)),
          ...Array<number>(more).fill(5)
        ])
      )
    const splits = must(splitsOf('hepmass', rows(200, 0, 1), rows(40, 1, 2)))
    expect(splits.training.columns).toBe(21)
    expect(counts(splits)).toEqual([90, 10, 20])
    expect(splitsOf('hepmass', rows(200, 0, 1), rows(40, 0, 2))).toEqual(
      E.left('hepmass/1000_test.csv: columns: 29, where 30 are expected. Take the file of the preprocessed data set.')
    )
  })
})

describe('files of the UCI tables', () => {
  const tiny = ['--blocks', '1', '--hidden', '8', '--steps', '3', '--batch', '8', '--json']

  it.each([
    ['power', { 'power/data.npy': toNpy(draws(60, 8)) }, 6],
    ['gas', { 'gas/ethylene_CO.npy': toNpy(draws(60, 8)) }, 8],
    ['miniboone', { 'miniboone/data.npy': toNpy(draws(60, 43)) }, 43],
    [
      'hepmass',
      {
        'hepmass/1000_train.csv': toCsv(
          table(rowsOf(draws(60, 28)).map(row => [1, ...row.map((x, j) => (j < 7 ? Math.round(x) : x))])),
          Array.from({ length: 29 }, (_, i) => `f${i}`)
        ),
        'hepmass/1000_test.csv': toCsv(table(rowsOf(draws(20, 28)).map(row => [1, ...row, 0])))
      },
      21
    ]
  ])('%s: train reads them below the data root, in the layouts of the field', async (name, files, dimension) => {
    const place = world()
    const root = rootWith(place, files)
    expect(await place.run('train', name, '--data-root', root, '--out', place.at('run'), ...tiny), place.stderr()).toBe(
      0
    )
    expect(Number.isFinite(JSON.parse(place.stdout()).testNats)).toBe(true)
    const again = world({}, place.folder)
    expect(
      await again.run(
        'density',
        place.at('run'),
        '--points',
        again.write('p.npy', toNpy(draws(2, dimension))),
        '--json'
      )
    ).toBe(0)
    expect(JSON.parse(again.stdout())).toHaveLength(2)
    const redrawn = world({}, place.folder)
    expect(await redrawn.run('plot', place.at('run'))).toBe(0)
  })

  it('bsds300: three parts of an HDF5 file', async () => {
    const place = world()
    const path = place.at('root', 'BSDS300', 'BSDS300.hdf5')
    await hdf5(path, { train: draws(30, 63, 1), validation: draws(10, 63, 2), test: draws(10, 63, 3) })
    const read = await readPoints(`${path}:validation`)()
    expect(E.isRight(read) && Array.from(read.right.values)).toEqual(
      Array.from(Float32Array.from(draws(10, 63, 2).values))
    )
    expect(
      await place.run('train', 'bsds300', '--data-root', place.at('root'), '--out', place.at('run'), ...tiny)
    ).toBe(0)
  })

  it('tells exactly which file is missing where, and how GAS is converted', async () => {
    const place = world()
    expect(await place.run('train', 'gas', '--data-root', place.at('nowhere'))).toBe(1)
    expect(place.stderr()).toMatch(place.at('nowhere', 'gas', 'ethylene_CO.npy'))
    expect(place.stderr()).toMatch('pandas.read_pickle')
    const other = world()
    expect(await other.run('train', 'hepmass')).toBe(1)
    expect(other.stderr()).toMatch('hepmass needs the file data/hepmass/1000_train.csv, which is not there.')
  })

  it('HDF5: errors name the file and what would be right', async () => {
    const place = world()
    const path = place.at('some.hdf5')
    await hdf5(path, { a: draws(2, 2), b: draws(2, 2) })
    const messageOf = async (name: string): Promise<string> => {
      const read = await readPoints(name)()
      return E.isLeft(read) ? dataErrorMessage(read.left) : ''
    }
    expect(await messageOf(path)).toMatch(`${path}: there are several arrays in it: a, b.`)
    expect(await messageOf(`${path}:c`)).toMatch('there is no array "c" in it')
    expect(await messageOf(place.at('none.h5'))).toMatch('there is no such file')
    expect(await messageOf(place.write('bad.h5', 'no HDF5'))).toMatch('this is not a valid .hdf5 file')
  })
})
