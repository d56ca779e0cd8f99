import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../architecture/sources.js'

/** A row of docs/laws.md: the number of a law, where it is run, and what is missing. */
const rows = readFileSync(join(root, 'docs/laws.md'), 'utf8')
  .split('\n')
  .filter(line => /^\| \d/.test(line))
  .map(line => {
    const cells = line.split(/(?<!\\)\|/).map(cell => cell.trim().replaceAll('\\|', '|'))
    const places = [...(cells[3] ?? '').matchAll(/`([^`: ]+): ([^`]+)`/g)]
    return {
      number: Number(cells[1]),
      cells: cells.length,
      places: places.map(([, file = '', words = '']) => ({ file, words })),
      quoted: (cells[3] ?? '').split('`').length - 1,
      missing: cells[4] ?? ''
    }
  })

/** Whether a file has the words in the name of a test or law, in the quotes that names are in. */
const names = ({ file, words }: { readonly file: string; readonly words: string }): boolean => {
  const path = join(root, file)
  const quoted = (quote: string) =>
    existsSync(path) &&
    readFileSync(path, 'utf8')
      .split('\n')
      .some(line => line.includes(words) && line.slice(0, line.indexOf(words)).includes(quote))
  return ["'", '"', '`'].some(quoted)
}

describe('the table of laws', () => {
  it('has all 53, each once and in order', () =>
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 53 }, (_, i) => i + 1)))

  it('says of each where it is run, or why it is not', () => {
    expect(rows.filter(({ places, missing }) => places.length === 0 && missing.length < 10)).toEqual([])
    expect(rows.filter(({ cells, quoted, places }) => cells !== 6 || quoted !== 2 * places.length)).toEqual([])
  })

  it('names files that have laws of these names', () =>
    expect(rows.flatMap(({ places }) => places).filter(place => !names(place))).toEqual([]))

  it('names specs and laws that anyone can use, and nothing else', () => {
    const files = rows.flatMap(({ places }) => places.map(({ file }) => file))
    expect(files.filter(file => !/^(spec\/.+\.spec|src\/laws\/\w+)\.ts$/.test(file))).toEqual([])
  })
})
