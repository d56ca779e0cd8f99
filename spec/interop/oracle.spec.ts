import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { parseOracle } from '../../src/interop/oracle.js'
import { oracleErrorMessage } from '../../src/interop/oracleError.js'
import { law } from '../support/law.js'

const text = readFileSync(new URL('../support/vectors/blocks_impflow.json', import.meta.url), 'utf8')

type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json }

/** A copy with what is at a path replaced; undefined removes it. */
const replaced = (json: Json, [key = '', ...rest]: readonly string[], value: Json | undefined): Json => {
  if (Array.isArray(json))
    return (json as readonly Json[]).flatMap((x, i) => {
      if (`${i}` !== key) return [x]
      return rest.length > 0 ? [replaced(x, rest, value)] : value === undefined ? [] : [value]
    })
  const record = json as { readonly [key: string]: Json }
  const { [key]: old = null, ...others } = record
  if (rest.length > 0) return { ...others, [key]: replaced(old, rest, value) }
  return value === undefined ? others : { ...others, [key]: value }
}

/** The file with something in its second block replaced, or removed. */
const changed = (path: string, value?: Json): string =>
  JSON.stringify(replaced(JSON.parse(text), ['blocks', '1', ...path.split('.')], value))

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
      changed('g_x.layers.0.W.1.0', 'x'),
      /block imp_sin_d2, field g_x\.layers\[0\]\.W\[1\]\[0\]: "x"/
    ],
    ['a null', changed('z.2.1', null), /block imp_sin_d2, field z\[2\]\[1\]: null/],
    ['a ragged weight', changed('g_z.layers.1.W.3.2'), /block imp_sin_d2, field g_z\.layers\[1\]\.W\[3\]: 9 entries/],
    ['a short bias', changed('g_z.layers.1.b.0'), /field g_z\.layers\[1\]\.b: 9 entries where 10/],
    ['an unknown activation', changed('activation', 'relu'), /field activation: "relu"/],
    ['a missing net', changed('g_z', null), /field g_z: missing in an impflow block/],
    ['a missing gradient', changed('grad_nll'), /field grad_nll: missing/],
    ['a gradient of another shape', changed('grad_L.g_x.layers.0'), /field grad_L\.g_x\.layers: 2 entries/],
    ['a missing beta', changed('activation', 'swish'), /field g_x\.beta: 0 entries where 2/],
    ['a missing point', changed('x.0'), /field z: 8 entries where 7/],
    ['a dimension that is none', changed('d', 0), /field d: 0 is no dimension/]
  ])('with %s is refused, and the error names file, block and field', (_, source, message) => {
    expect(messageOf(source)).toMatch(message)
  })

  it('may leave out what is optional', () => {
    const optional = ['inverse_x', 'min_singular_value_I_plus_Jgx', 'notes', 'g_x.preact', 'g_x.beta']
    const lean = optional.reduce<Json>(
      (json, path) => replaced(json, ['blocks', '1', ...path.split('.')], undefined),
      JSON.parse(text)
    )
    expect(messageOf(JSON.stringify(lean))).toBe('no error')
  })

  law('is never parsed with an exception, whatever is in it', [fc.json({ maxDepth: 4 }), fc.nat(400)], (json, at) => {
    parseOracle('a.json')(json)
    parseOracle('a.json')(text.slice(0, at * 100) + json + text.slice(at * 100 + 7))
    return true
  })
})
