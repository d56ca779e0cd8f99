/**
 * The safetensors format: 8 bytes of header length (little-endian), a JSON header, then the numbers, little-endian. Of its
 * types, F32 and F64 are known here.
 * Source: huggingface/safetensors, README.md, "Format".
 */
import { either as E } from 'fp-ts'

/** A named array of a safetensors file; its precision is that of `values`. */
export interface NamedArray {
  readonly name: string
  readonly shape: readonly number[]
  readonly values: Float32Array | Float64Array
}

/** What a safetensors file holds. */
export interface Safetensors {
  readonly metadata: Readonly<Record<string, string>>
  readonly arrays: readonly NamedArray[]
}

/** What is wrong with a safetensors file, and in which of its arrays; null if in none of them. */
export interface SafetensorsError {
  readonly _tag: 'BadSafetensors'
  readonly file: string
  readonly array: string | null
  readonly reason: string
}

/** One sentence on what is wrong and where. */
export const safetensorsErrorMessage = ({ file, array, reason }: SafetensorsError): string =>
  `${file}${array === null ? '' : `, tensor ${array}`}: ${reason}.`

const bytesOf = { F32: 4, F64: 8 } as const
type Dtype = keyof typeof bytesOf

const prefix = 8
const metadataName = '__metadata__'

const sizeOf = (shape: readonly number[]): number => shape.reduce((product, length) => product * length, 1)

/** The header of arrays laid one after another, and the length of their numbers. */
const headerOf = ({ metadata, arrays }: Safetensors): Uint8Array => {
  let offset = 0
  const entries = arrays.map(({ name, shape, values }) => {
    const begin = offset
    offset += values.byteLength
    return [name, { dtype: values instanceof Float32Array ? 'F32' : 'F64', shape, data_offsets: [begin, offset] }]
  })
  const json = JSON.stringify({ [metadataName]: metadata, ...Object.fromEntries(entries) })
  const bytes = new TextEncoder().encode(json)
  const padded = new Uint8Array(Math.ceil(bytes.length / 8) * 8).fill(0x20)
  padded.set(bytes)
  return padded
}

/** The bytes of a safetensors file. Wide numbers are laid first, so that all are aligned; otherwise in the order given. */
export const toSafetensors = ({ metadata, arrays }: Safetensors): Uint8Array => {
  const wide = arrays.filter(({ values }) => values instanceof Float64Array)
  const ordered = [...wide, ...arrays.filter(({ values }) => !(values instanceof Float64Array))]
  const header = headerOf({ metadata, arrays: ordered })
  const length = ordered.reduce((sum, { values }) => sum + values.byteLength, prefix + header.length)
  const bytes = new Uint8Array(length)
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true)
  bytes.set(header, prefix)
  ordered.reduce((offset, { values }) => {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset)
    return offset + values.byteLength
  }, prefix + header.length)
  return bytes
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isCounts = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every(n => Number.isSafeInteger(n) && n >= 0)

type Fault = { readonly array: string | null; readonly reason: string }
const fault = (array: string | null, reason: string): E.Either<Fault, never> => E.left({ array, reason })

const parseHeader = (bytes: Uint8Array): E.Either<Fault, readonly [Readonly<Record<string, unknown>>, Uint8Array]> => {
  if (bytes.length < prefix) return fault(null, `it has ${bytes.length} bytes, too few for a safetensors file`)
  const length = new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true)
  if (length > BigInt(bytes.length - prefix))
    return fault(null, `its header should have ${length} bytes, but the file ends after ${bytes.length - prefix}`)
  const end = prefix + Number(length)
  const text = new TextDecoder().decode(bytes.subarray(prefix, end))
  const json = E.tryCatch(
    (): unknown => JSON.parse(text),
    () => null
  )
  return E.isRight(json) && isRecord(json.right)
    ? E.right([json.right, bytes.subarray(end)])
    : fault(null, 'its header is not a JSON object')
}

const parseArray =
  (content: Uint8Array) =>
  ([name, entry]: readonly [string, unknown]): E.Either<Fault, NamedArray> => {
    if (!isRecord(entry)) return fault(name, 'its entry is not an object')
    const { dtype, shape, data_offsets: range } = entry
    if (dtype !== 'F32' && dtype !== 'F64')
      return fault(name, `its type is ${String(dtype)}, where F32 or F64 should be`)
    if (!isCounts(shape)) return fault(name, 'its shape is not a list of whole numbers')
    if (!isCounts(range) || range.length !== 2) return fault(name, 'its data_offsets are not two whole numbers')
    const [begin, end] = range as readonly [number, number]
    const width = bytesOf[dtype satisfies Dtype]
    if (end - begin !== sizeOf(shape) * width)
      return fault(name, `${end - begin} bytes, where shape [${shape}] of ${dtype} needs ${sizeOf(shape) * width}`)
    if (end > content.length) return fault(name, 'the file ends before its numbers do')
    const copy = content.slice(begin, end).buffer
    return E.right({ name, shape, values: dtype === 'F32' ? new Float32Array(copy) : new Float64Array(copy) })
  }

/** The byte ranges must cover the content without gaps or overlaps. */
const checkCover = (entries: readonly (readonly [string, unknown])[], content: Uint8Array): E.Either<Fault, null> => {
  const ranges = entries
    .map(([name, entry]) => [name, ...(entry as { data_offsets: [number, number] }).data_offsets] as const)
    .sort((a, b) => a[1] - b[1] || a[2] - b[2])
  let at = 0
  for (const [name, begin, end] of ranges) {
    if (begin !== at) return fault(name, `its numbers begin at byte ${begin}, where ${at} should be`)
    at = end
  }
  return at === content.length ? E.right(null) : fault(null, `${content.length - at} bytes too many at its end`)
}

const parseMetadata = (metadata: unknown): E.Either<Fault, Readonly<Record<string, string>>> =>
  isRecord(metadata) && Object.values(metadata).every(value => typeof value === 'string')
    ? E.right(metadata as Readonly<Record<string, string>>)
    : fault(null, `${metadataName} is not a record of texts`)

/**
 * Reads the bytes of a safetensors file, strictly: every byte belongs to exactly one array.
 * @param file the name to use in errors
 */
export const parseSafetensors =
  (file: string) =>
  (bytes: Uint8Array): E.Either<SafetensorsError, Safetensors> => {
    const parsed = E.flatMap(parseHeader(bytes), ([header, content]) => {
      const entries = Object.entries(header).filter(([name]) => name !== metadataName)
      return E.flatMap(E.traverseArray(parseArray(content))(entries), arrays =>
        E.flatMap(checkCover(entries, content), () =>
          E.map((metadata: Safetensors['metadata']) => ({ metadata, arrays }))(
            parseMetadata(header[metadataName] ?? {})
          )
        )
      )
    })
    return E.mapLeft((at: Fault): SafetensorsError => ({ _tag: 'BadSafetensors', file, ...at }))(parsed)
  }
