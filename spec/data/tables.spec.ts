import { join } from 'node:path'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { readPoints } from '../../src/data/file.js'
import { pointsOf, tables } from '../../src/data/tables.js'
import { namedDataset } from '../../src/train/datasetName.js'
import { root } from '../architecture/sources.js'

describe.each(tables.map(table => [table.name, table] as const))('the table %s of the package', (name, table) => {
  it('has the rows and columns it is said to have, and numbers that are not whole', async () => {
    const read = await readPoints(join(root, 'data', table.file))()
    const raw = E.isRight(read) ? read.right : expect.fail(JSON.stringify(read.left))
    expect([raw.rows, raw.columns]).toEqual([table.rows, table.dimension])
    const { values } = pointsOf(table, raw)
    const step = table.step ?? 1
    expect(values.some(x => !Number.isInteger(x / step))).toBe(true)
    if (table.step === null) expect(values).toEqual(raw.values)
    else expect(values.every((x, i) => Math.floor(x / step) === raw.values[i])).toBe(true)
    expect(pointsOf(table, raw).values).toEqual(values)
  })

  it('is found by its name', () => {
    expect(namedDataset(name)).toEqual({ tag: 'Table', table })
  })
})
