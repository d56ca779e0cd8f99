import { either as E } from 'fp-ts'
import { isKind, itemsOf, type Persistent } from './pickled.js'

/** A type of numbers: its width in bytes, and how one of them is read. */
export interface NumberType {
  readonly name: string
  readonly width: number
  readonly read: (view: DataView, at: number) => number
}

/** float16: sign, 5 bits of exponent, 10 of fraction. */
const half = (bits: number): number => {
  const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

const types: Readonly<Record<string, NumberType>> = {
  FloatStorage: { name: 'float32', width: 4, read: (view, at) => view.getFloat32(at, true) },
  DoubleStorage: { name: 'float64', width: 8, read: (view, at) => view.getFloat64(at, true) },
  HalfStorage: { name: 'float16', width: 2, read: (view, at) => half(view.getUint16(at, true)) },
  BFloat16Storage: {
    name: 'bfloat16',
    width: 2,
    read: (view, at) => new Float32Array(Uint32Array.of(view.getUint16(at, true) << 16).buffer)[0] as number
  },
  LongStorage: { name: 'int64', width: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  IntStorage: { name: 'int32', width: 4, read: (view, at) => view.getInt32(at, true) },
  ShortStorage: { name: 'int16', width: 2, read: (view, at) => view.getInt16(at, true) },
  CharStorage: { name: 'int8', width: 1, read: (view, at) => view.getInt8(at) },
  ByteStorage: { name: 'uint8', width: 1, read: (view, at) => view.getUint8(at) },
  BoolStorage: { name: 'bool', width: 1, read: (view, at) => (view.getUint8(at) === 0 ? 0 : 1) }
}

/** Numbers that are kept outside of the pickle: of which type, how many, under which key. On which device is no matter. */
export interface StorageName {
  readonly type: NumberType
  readonly key: string
  readonly count: number
}

/** A whole number from 0. */
export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

/** Reads the name of a storage: ('storage', class, key, location, count), and a last None from old versions. */
export const storageName = ({ id }: Persistent): E.Either<string, StorageName> => {
  const [what, of, key, , count, view = null] = itemsOf(id) ?? []
  if (what !== 'storage' || !isKind(of, 'global') || typeof key !== 'string' || !isCount(count))
    return E.left('it refers to something outside of its pickle that is no storage of numbers')
  const type = Object.hasOwn(types, of.name) ? types[of.name] : undefined
  if (type === undefined)
    return E.left(`it has numbers of type ${of.module}.${of.name}, where ${Object.keys(types).join(', ')} are known`)
  return view === null
    ? E.right({ type, key, count })
    : E.left('it has a storage that is a view of another, as PyTorch wrote before version 1.0')
}

/** The source of a class that old versions put beside it: ('module', class, file, source). It is not looked at. */
export const isSource = ({ id }: Persistent): boolean => itemsOf(id)?.[0] === 'module'
