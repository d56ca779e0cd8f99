/** Every operation of pickle protocols 0 to 5 but those for out-of-band buffers and registered extensions. */
import type { Cursor } from './cursor.js'
import { isKind, type Opaque, type Pickled } from './pickled.js'
import type { Stack } from './stack.js'

/** Does one operation; a text says why it cannot be done. */
export type Operation = (stack: Stack, cursor: Cursor) => string | undefined

/** A whole number that pickles may have: as a number where float64 holds it, else in full. */
const wholeOf = (value: bigint): number | bigint => {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** The longest whole number read, in bytes; PyTorch's own have ten. */
const longest = 64

/** A little-endian whole number in two's complement. */
const signed = (bytes: Uint8Array): number | bigint => {
  const magnitude = bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n)
  const negative = ((bytes.at(-1) ?? 0) & 0x80) !== 0
  return wholeOf(negative ? magnitude - (1n << BigInt(8 * bytes.length)) : magnitude)
}

const long = (stack: Stack, cursor: Cursor, length: number): string | undefined =>
  length <= longest ? stack.push(signed(cursor.bytes(length))) : `it has a whole number of ${length} bytes`

const decimal = (stack: Stack, text: string): string | undefined =>
  /^-?\d{1,150}$/.test(text)
    ? stack.push(wholeOf(BigInt(text)))
    : `it has ${JSON.stringify(text.slice(0, 40))} where a whole number should be`

const real = (stack: Stack, text: string): string | undefined =>
  /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text) || /^[-+]?(inf|nan)$/i.test(text)
    ? stack.push(Number(text.replace(/inf/i, 'Infinity').replace(/[-+]?nan/i, 'NaN')))
    : `it has ${JSON.stringify(text.slice(0, 40))} where a number should be`

const quoted = (stack: Stack, text: string): string | undefined =>
  /^(['"])[^\\]*\1$/.test(text) ? stack.push(text.slice(1, -1)) : 'it has a quoted text that cannot be read'

const tupleOf = (items: Pickled[]): Pickled => ({ kind: 'sequence', of: 'tuple', items })

const object = (of: Pickled, args: Pickled): Opaque => ({
  kind: 'object',
  of,
  args,
  state: undefined,
  items: [],
  entries: []
})

/** A class and the arguments after it. */
const called = ([of = null, ...args]: readonly Pickled[]): Opaque => object(of, tupleOf(args))

const pairs = (values: readonly Pickled[]): (readonly [Pickled, Pickled])[] =>
  Array.from({ length: values.length / 2 }, (_, i) => [values[2 * i] as Pickled, values[2 * i + 1] as Pickled])

const append = (stack: Stack, values: readonly Pickled[]): string | undefined => {
  const target = stack.top()
  if (!isKind(target, 'sequence', 'object') || (isKind(target, 'sequence') && target.of === 'tuple'))
    return 'it appends to what is no list'
  for (const value of values) target.items.push(value)
  return undefined
}

const put = (stack: Stack, values: readonly Pickled[]): string | undefined => {
  const target = stack.top()
  if (!isKind(target, 'dict', 'object')) return 'it puts entries into what is no dict'
  if (values.length % 2 !== 0) return 'it puts a key without a value into a dict'
  for (const pair of pairs(values)) target.entries.push(pair)
  return undefined
}

const constant =
  (value: Pickled): Operation =>
  stack =>
    stack.push(value)

const tuple =
  (count: number): Operation =>
  stack =>
    stack.push(tupleOf(Array.from({ length: count }, () => stack.pop()).reverse()))

const text =
  (width: 1 | 4 | 8): Operation =>
  (stack, cursor) =>
    stack.push(cursor.text(cursor.unsigned(width)))

/** Bytes, copied so that nothing keeps the whole file. */
const bytes =
  (width: 1 | 4 | 8): Operation =>
  (stack, cursor) =>
    stack.push(cursor.bytes(cursor.unsigned(width)).slice())

const call =
  (operands: 'args' | 'args and names'): Operation =>
  stack => {
    const names = operands === 'args' ? null : stack.pop()
    const args = stack.pop()
    const made = object(stack.pop(), args)
    if (names !== null) made.entries.push(['**', names])
    return stack.push(made)
  }

/** The operations by their bytes. */
export const operations: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [0x80, (_, c) => (c.byte() <= 5 ? undefined : 'its protocol is newer than 5')], // PROTO
  [0x95, (_, c) => void c.bytes(8)], // FRAME
  [0x28, s => s.mark()], // MARK
  [0x30, s => void s.pop()], // POP
  [0x31, s => void s.popMark()], // POP_MARK
  [0x32, s => s.push(s.top())], // DUP
  [0x70, (s, c) => s.remember(Number(c.line()))], // PUT
  [0x71, (s, c) => s.remember(c.unsigned(1))], // BINPUT
  [0x72, (s, c) => s.remember(c.unsigned(4))], // LONG_BINPUT
  [0x94, s => s.remember(s.remembered())], // MEMOIZE
  [0x67, (s, c) => s.recall(Number(c.line()))], // GET
  [0x68, (s, c) => s.recall(c.unsigned(1))], // BINGET
  [0x6a, (s, c) => s.recall(c.unsigned(4))], // LONG_BINGET
  [0x4e, constant(null)], // NONE
  [0x88, constant(true)], // NEWTRUE
  [0x89, constant(false)], // NEWFALSE
  [
    0x49, // INT, which also writes booleans
    (s, c) => {
      const line = c.line()
      return line === '01' || line === '00' ? s.push(line === '01') : decimal(s, line)
    }
  ],
  [0x4c, (s, c) => decimal(s, c.line().replace(/L$/, ''))], // LONG
  [0x46, (s, c) => real(s, c.line())], // FLOAT
  [0x4a, (s, c) => s.push(c.int32())], // BININT
  [0x4b, (s, c) => s.push(c.unsigned(1))], // BININT1
  [0x4d, (s, c) => s.push(c.unsigned(2))], // BININT2
  [0x8a, (s, c) => long(s, c, c.unsigned(1))], // LONG1
  [0x8b, (s, c) => long(s, c, c.unsigned(4))], // LONG4
  [0x47, (s, c) => s.push(c.float64())], // BINFLOAT
  [0x53, (s, c) => quoted(s, c.line())], // STRING
  [0x56, (s, c) => s.push(c.line())], // UNICODE
  [0x54, text(4)], // BINSTRING
  [0x55, text(1)], // SHORT_BINSTRING
  [0x58, text(4)], // BINUNICODE
  [0x8c, text(1)], // SHORT_BINUNICODE
  [0x8d, text(8)], // BINUNICODE8
  [0x42, bytes(4)], // BINBYTES
  [0x43, bytes(1)], // SHORT_BINBYTES
  [0x8e, bytes(8)], // BINBYTES8
  [0x96, bytes(8)], // BYTEARRAY8
  [0x29, tuple(0)], // EMPTY_TUPLE
  [0x85, tuple(1)], // TUPLE1
  [0x86, tuple(2)], // TUPLE2
  [0x87, tuple(3)], // TUPLE3
  [0x74, s => s.push(tupleOf(s.popMark()))], // TUPLE
  [0x5d, s => s.push({ kind: 'sequence', of: 'list', items: [] })], // EMPTY_LIST
  [0x6c, s => s.push({ kind: 'sequence', of: 'list', items: s.popMark() })], // LIST
  [0x61, s => append(s, [s.pop()])], // APPEND
  [0x65, s => append(s, s.popMark())], // APPENDS
  [0x8f, s => s.push({ kind: 'sequence', of: 'set', items: [] })], // EMPTY_SET
  [0x90, s => append(s, s.popMark())], // ADDITEMS
  [0x91, s => s.push({ kind: 'sequence', of: 'set', items: s.popMark() })], // FROZENSET
  [0x7d, s => s.push({ kind: 'dict', entries: [] })], // EMPTY_DICT
  [
    0x64, // DICT
    s => {
      const values = s.popMark()
      return s.push({ kind: 'dict', entries: [] }) ?? put(s, values)
    }
  ],
  [0x73, s => put(s, [s.pop(), s.pop()].reverse())], // SETITEM
  [0x75, s => put(s, s.popMark())], // SETITEMS
  [0x63, (s, c) => s.push({ kind: 'global', module: c.line(), name: c.line() })], // GLOBAL
  [
    0x93, // STACK_GLOBAL
    s => {
      const [name, module] = [s.pop(), s.pop()]
      return typeof name === 'string' && typeof module === 'string'
        ? s.push({ kind: 'global', module, name })
        : 'it names a class by what is no text'
    }
  ],
  [0x69, (s, c) => s.push(object({ kind: 'global', module: c.line(), name: c.line() }, tupleOf(s.popMark())))], // INST
  [0x6f, s => s.push(called(s.popMark()))], // OBJ
  [0x52, call('args')], // REDUCE
  [0x81, call('args')], // NEWOBJ
  [0x92, call('args and names')], // NEWOBJ_EX
  [
    0x62, // BUILD
    s => {
      const state = s.pop()
      const target = s.top()
      if (!isKind(target, 'object')) return 'it sets the state of what is no object'
      target.state = state
      return undefined
    }
  ],
  [0x50, (s, c) => s.push({ kind: 'persistent', id: c.line() })], // PERSID
  [0x51, s => s.push({ kind: 'persistent', id: s.pop() })] // BINPERSID
])
