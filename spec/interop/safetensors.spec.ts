import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import {
  type NamedArray,
  parseSafetensors,
  safetensorsErrorMessage,
  toSafetensors
} from '../../src/interop/safetensors.js'
import { law } from '../support/law.js'

const parse = parseSafetensors('a.safetensors')

const arrays: fc.Arbitrary<readonly NamedArray[]> = fc
  .uniqueArray(
    fc.record({
      name: fc.string({ minLength: 1 }).filter(name => name !== '__metadata__' && name !== '__proto__'),
      rows: fc.nat(3),
      columns: fc.nat(3),
      wide: fc.boolean()
    }),
    { selector: ({ name }) => name, maxLength: 5 }
  )
  .map(specs =>
    specs.map(({ name, rows, columns, wide }, i) => {
      const numbers = Array.from({ length: rows * columns }, (_, k) => Math.fround(Math.sin(k + 10 * i)))
      return { name, shape: [rows, columns], values: wide ? Float64Array.from(numbers) : Float32Array.from(numbers) }
    })
  )

const sorted = (list: readonly NamedArray[]) => [...list].sort((a, b) => (a.name < b.name ? -1 : 1))

/** A file made by hand. */
const file = (header: unknown, content: number): Uint8Array => {
  const text = new TextEncoder().encode(typeof header === 'string' ? header : JSON.stringify(header))
  const bytes = new Uint8Array(8 + text.length + content)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true)
  bytes.set(text, 8)
  return bytes
}

const messageOf = (bytes: Uint8Array): string => E.match(safetensorsErrorMessage, () => 'read')(parse(bytes))

describe('safetensors', () => {
  law(
    'what is written is read back',
    [
      arrays,
      fc.dictionary(
        fc.string().filter(k => k !== '__proto__'),
        fc.string()
      )
    ],
    (list, metadata) => {
      const read = parse(toSafetensors({ metadata, arrays: list }))
      if (E.isLeft(read)) throw new Error(safetensorsErrorMessage(read.left))
      expect(read.right.metadata).toEqual(metadata)
      expect(sorted(read.right.arrays)).toEqual(sorted(list))
      return true
    }
  )

  law(
    'a file that is cut short anywhere is refused',
    [arrays, fc.double({ min: 0, max: 0.999, noNaN: true })],
    (list, share) => {
      const whole = toSafetensors({ metadata: { a: 'b' }, arrays: list })
      return E.isLeft(parse(whole.subarray(0, Math.floor(share * whole.length))))
    }
  )

  it('starts the numbers at a multiple of 8 bytes', () => {
    const bytes = toSafetensors({ metadata: {}, arrays: [{ name: 'a', shape: [1], values: new Float64Array([1]) }] })
    expect(new DataView(bytes.buffer).getBigUint64(0, true) % 8n).toBe(0n)
  })

  it('says what is wrong, and in which tensor', () => {
    const entry = { dtype: 'F32', shape: [2], data_offsets: [0, 8] }
    expect(messageOf(new Uint8Array(3))).toMatch('it has 3 bytes, too few')
    expect(messageOf(file('nonsense', 0))).toMatch('a.safetensors: its header is not a JSON object.')
    expect(messageOf(file({ w: { ...entry, dtype: 'BF16' } }, 8))).toMatch(
      'tensor w: its type is BF16, where F32 or F64'
    )
    expect(messageOf(file({ w: { ...entry, shape: [3] } }, 8))).toMatch(
      'tensor w: 8 bytes, where shape [3] of F32 needs 12'
    )
    expect(messageOf(file({ w: { ...entry, shape: [-2] } }, 8))).toMatch('tensor w: its shape is not a list')
    expect(messageOf(file({ w: entry }, 4))).toMatch('tensor w: the file ends before')
    expect(messageOf(file({ w: entry }, 9))).toMatch('1 bytes too many')
    expect(messageOf(file({ w: entry, v: entry }, 8))).toMatch('its numbers begin at byte 0, where 8 should be')
    expect(messageOf(file({ w: 3 }, 8))).toMatch('tensor w: its entry is not an object')
    expect(messageOf(file({ w: entry, __metadata__: { a: 1 } }, 8))).toMatch('__metadata__ is not a record of texts')
    expect(messageOf(file({ w: entry }, 8))).toBe('read')
  })
})
