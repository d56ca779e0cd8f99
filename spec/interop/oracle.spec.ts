import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { parseOracle } from '../../src/interop/oracle.js'
import { oracleErrorMessage } from '../../src/interop/oracleError.js'
import { law } from '../support/law.js'

const text = readFileSync(new URL('../support/vectors/blocks_impflow.json', import.meta.url), 'utf8')

/** A copy of the file in which something of its second block is replaced. */
const changed = (change: (block: Record<string, any>) => void): string => {
  const copy = JSON.parse(text) as { readonly blocks: Record<string, never>[] }
  change(copy.blocks[1] as Record<string, never>)
  return JSON.stringify(copy)
}

const messageOf = (source: string): string => {
  const parsed = parseOracle('a.json')(source)
  return E.isLeft(parsed) ? oracleErrorMessage(parsed.left) : 'no error'
}

describe('an oracle file', () => {
  it('is read with its blocks in order', () => {
    const parsed = parseOracle('a.json')(text)
    expect(E.isRight(parsed) && parsed.right.blocks.map(({ name }) => name)).toEqual(
      (JSON.parse(text) as { readonly blocks: { readonly name: string }[] }).blocks.map(({ name }) => name)
    )
  })

  it.each([
    ['not JSON', '{', /^a\.json: not JSON/],
    ['another schema', '{"schema":"v0","blocks":[]}', /the schema is v0/],
    ['no blocks', '{"schema":"impflow-oracle-blocks-v1"}', /field blocks: missing/],
    [
      'a word in a weight',
      changed(b => (b.g_x.layers[0].W[1][0] = 'x')),
      /block imp_sin_d2, field g_x\.layers\[0\]\.W\[1\]\[0\]: "x"/
    ],
    ['an overflow', changed(b => (b.z[2] = [1, null])), /block imp_sin_d2, field z\[2\]\[1\]: null/],
    [
      'a ragged weight',
      changed(b => b.g_z.layers[1].W[3].pop()),
      /block imp_sin_d2, field g_z\.layers\[1\]\.W\[3\]: 9 entries/
    ],
    ['a short bias', changed(b => b.g_z.layers[1].b.pop()), /field g_z\.layers\[1\]\.b: 9 entries where 10/],
    ['an unknown activation', changed(b => (b.activation = 'relu')), /field activation: "relu"/],
    ['a missing net', changed(b => (b.g_z = null)), /field g_z: missing in an impflow block/],
    ['a missing gradient', changed(b => delete b.grad_nll), /field grad_nll: missing/],
    ['a gradient of another shape', changed(b => b.grad_L.g_x.layers.pop()), /field grad_L\.g_x\.layers: 2 entries/],
    ['a missing beta', changed(b => (b.activation = 'swish')), /field g_x\.beta: 0 entries where 2/],
    ['a missing point', changed(b => b.x.pop()), /field z: 8 entries where 7/],
    ['a dimension that is none', changed(b => (b.d = 0)), /field d: 0 is no dimension/]
  ])('with %s is refused, and the error names file, block and field', (_, source, message) => {
    expect(messageOf(source)).toMatch(message)
  })

  it('may leave out what is optional', () => {
    const lean = changed(b => {
      for (const key of ['inverse_x', 'min_singular_value_I_plus_Jgx', 'notes', 'residual_per_point']) delete b[key]
      delete b.g_x.preact
      b.g_x.beta = null
    })
    expect(messageOf(lean)).toBe('no error')
  })

  law('is never parsed with an exception, whatever is in it', [fc.json({ maxDepth: 4 }), fc.nat(400)], (json, at) => {
    parseOracle('a.json')(json)
    parseOracle('a.json')(text.slice(0, at * 100) + json + text.slice(at * 100 + 7))
    return true
  })
})
