import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { world } from '../cli/support/world.js'
import { pythonWith } from './support/python.js'

const root = join(import.meta.dirname, '../..')
const client = (name: string): string => JSON.stringify(join(root, 'clients', name))

interface Said {
  readonly name: string
  readonly laws: readonly { readonly law: string; readonly verdict: string; readonly cases: number }[]
}

/** Whether every law but that on gradients of weights, which is optional, was run and holds. */
const conforms = async (command: string, name: string, cases: string, without: readonly string[]): Promise<void> => {
  const place = world()
  const code = await place.run(
    'conform',
    '--command',
    command,
    '--cases',
    cases,
    '--seed',
    '3',
    '--timeout',
    '60',
    '--json'
  )
  const said = JSON.parse(place.stdout()) as Said
  expect([code, place.stderr(), said.name]).toEqual([0, '', name])
  expect(said.laws.filter(({ verdict }) => verdict !== 'passed').map(({ law }) => law)).toEqual(without)
  expect(said.laws.find(({ law }) => law === 'golden-z')?.cases).toBe(18)
  expect(said.laws.find(({ law }) => law === 'block-equation')?.cases).toBe(18 + Number(cases))
}

describe('the clients that come with the package', () => {
  it.each(['impflow.py', 'impflow.mjs'])('%s has less than a hundred lines of at most 120 characters', name => {
    const lines = readFileSync(join(root, 'clients', name), 'utf8')
      .trimEnd()
      .split('\n')
    expect(lines.length).toBeLessThan(100)
    expect(lines.filter(line => line.length > 120)).toEqual([])
  })

  it('the one in JavaScript conforms', () =>
    conforms(`node ${client('impflow.mjs')}`, 'impflow.mjs', '6', ['golden-weights']))

  const numpy = pythonWith('numpy')
  it.skipIf(numpy === null)('the one in Python with numpy conforms', () =>
    conforms(`${numpy} ${client('impflow.py')}`, 'impflow.py', '6', ['golden-weights'])
  )
})

describe('the vectors that come with the package', () => {
  it('are those of the specs, field by field', () => {
    const blocksOf = (path: string): readonly Readonly<Record<string, unknown>>[] =>
      (JSON.parse(readFileSync(join(root, path), 'utf8')) as { blocks: readonly Readonly<Record<string, unknown>>[] })
        .blocks
    const sources = ['impflow', 'resflow', 'stress'].flatMap(name =>
      blocksOf(`spec/support/vectors/blocks_${name}.json`)
    )
    const shipped = blocksOf('vectors/blocks.json')
    expect(shipped.map(({ name }) => name)).toEqual(sources.map(({ name }) => name))
    shipped.forEach((block, i) => {
      for (const [field, value] of Object.entries(block)) expect(value).toEqual(sources[i]?.[field])
    })
  })
})
