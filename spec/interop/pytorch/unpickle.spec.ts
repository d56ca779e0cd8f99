import fc from 'fast-check'
import { either as E } from 'fp-ts'
import { describe, expect, it } from 'vitest'
import { operations } from '../../../src/interop/pytorch/operations.js'
import { callOf, itemsOf, recordOf } from '../../../src/interop/pytorch/pickled.js'
import { mostOperations, unpickle } from '../../../src/interop/pytorch/unpickle.js'
import { law } from '../../support/law.js'
import { dict, global, op, pickle, tuple } from './assembler.js'

const readValue = (bytes: Uint8Array) => {
  const found = unpickle(bytes)
  return E.isRight(found) ? found.right.value : found.left
}

describe('a pickle', () => {
  it('becomes plain data', () => {
    expect(readValue(pickle(op('N')))).toBe(null)
    expect(readValue(pickle(op('G', 0x3f, 0xf8, 0, 0, 0, 0, 0, 0)))).toBe(1.5)
    expect(readValue(pickle(op(0x8a, 2, 0, 0xff)))).toBe(-256)
    expect(readValue(pickle(op(0x8a, 9, 0, 0, 0, 0, 0, 0, 0, 0, 1)))).toBe(2n ** 64n)
    expect(readValue(pickle(op('I01\n')))).toBe(true)
    expect(readValue(pickle(op('L-12L\n')))).toBe(-12)
    expect(readValue(pickle(op('F-1.5e3\n')))).toBe(-1500)
    expect(readValue(pickle(op("S'a b'\n")))).toBe('a b')
    expect(readValue(pickle(op('K', 7, 'q', 3, '0', 'h', 3)))).toBe(7)
    expect(itemsOf(readValue(pickle(tuple('a', 2, tuple()))) as never)).toHaveLength(3)
    expect(recordOf(readValue(pickle(dict('a', 1, 'b', 2, 'a', 3))) as never)).toEqual(
      new Map([
        ['a', 3],
        ['b', 2]
      ])
    )
  })

  it('calls nothing: a call is a record of whom and what', () => {
    const value = readValue(pickle(global('os', 'system'), tuple('touch /nowhere'), op('R')))
    expect(callOf(value as never, 'system', 'os')).toEqual(['touch /nowhere'])
    const built = readValue(
      pickle(global('builtins', 'eval'), tuple('1/0'), op('R'), dict('__setstate__', 'x'), op('b'))
    )
    expect(built).toMatchObject({ kind: 'object', of: { module: 'builtins', name: 'eval' } })
  })

  it('changes no prototype', () => {
    const value = readValue(pickle(dict('__proto__', dict('polluted', 1), 'constructor', 2)))
    expect(recordOf(value as never)?.size).toBe(2)
    expect(({} as { readonly polluted?: unknown }).polluted).toBeUndefined()
  })

  it('may contain itself, may be deep, may double what it remembers again and again', () => {
    expect(readValue(pickle(op(']', 'q', 0, 'h', 0, 'a')))).toMatchObject({ kind: 'sequence' })
    const deep = pickle(
      op(...new Array<string>(100_000).fill('(')),
      op('N'),
      op(...new Array<string>(100_000).fill('t'))
    )
    expect(readValue(deep)).toMatchObject({ kind: 'sequence', of: 'tuple' })
    const doubled = pickle(op('N'), ...Array.from({ length: 200 }, () => op('2', 0x86)))
    expect(readValue(doubled)).toMatchObject({ kind: 'sequence', of: 'tuple' })
  })

  it.each([
    ['nothing', new Uint8Array(0), 'the file ends before'],
    ['no end', pickle(op('N')).slice(0, -1), 'the file ends before'],
    ['an empty stack', pickle(), 'ends without a value'],
    ['a mark that is missing', pickle(op('t')), 'a mark that was never set'],
    ['values below a mark', pickle(op('N', '(', 0x85)), 'from an empty stack'],
    ['a value never remembered', pickle(op('h', 9)), 'recalls value 9'],
    ['a text without end', pickle(op('X', 255, 255, 255, 127)), 'the file ends before'],
    ['a text of 2^64 - 1 bytes', pickle(op(0x8d, 255, 255, 255, 255, 255, 255, 255, 255)), 'the file ends before'],
    [
      'an enormous number',
      pickle(op(0x8b, 0, 1, 0, 0, ...new Array<number>(256).fill(1))),
      'a whole number of 256 bytes'
    ],
    ['an enormous decimal', pickle(op(`L${'9'.repeat(1000)}L\n`)), 'where a whole number should be'],
    ['an extension', pickle(op(0x82, 1)), '130 is no operation'],
    ['a future protocol', op(0x80, 6, 'N', '.'), 'newer than 5'],
    ['an odd dict', pickle(op('}', '(', 'N', 'u')), 'a key without a value'],
    ['an append to a tuple', pickle(op(')', 'N', 'a')), 'no list'],
    ['a state of a list', pickle(op(']', 'N', 'b')), 'no object'],
    ['a class without a name', pickle(op('N', 'N', 0x93)), 'no text'],
    ['too many operations', new Uint8Array(mostOperations + 2).fill(0x4e), 'more than 2097152 operations']
  ])('with %s is refused', (_, bytes, message) => {
    expect(readValue(bytes)).toContain(message)
  })

  const codes = [...operations.keys()]
  const soup = fc
    .array(
      fc.oneof(
        fc.constantFrom(...codes).map(code => [code]),
        fc.array(fc.nat(255), { maxLength: 4 })
      ),
      {
        maxLength: 200
      }
    )
    .map(parts => Uint8Array.from([...parts.flat(), 0x2e]))

  law(
    'of any bytes is read or refused, without an exception',
    [soup],
    bytes => {
      const found = unpickle(bytes)
      return E.isRight(found) ? found.right.end <= bytes.length : found.left.length > 10 && !found.left.includes('\n')
    },
    { cases: 2000 }
  )
})
