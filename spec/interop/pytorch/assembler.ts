import { zipSync } from 'fflate'

/** Pieces of a pickle: operations as bytes, texts as BINUNICODE, numbers as BININT. */
export type Piece = Uint8Array | string | number

const little = (value: number, width: number): number[] =>
  Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** i) & 255)

const encoded = (piece: Piece): readonly number[] => {
  if (typeof piece === 'number') return [0x4a, ...little(piece >>> 0, 4)]
  if (typeof piece !== 'string') return [...piece]
  const bytes = new TextEncoder().encode(piece)
  return [0x58, ...little(bytes.length, 4), ...bytes]
}

/** Operations by their bytes or letters: `op('(')`, `op(0x80, 2)`. */
export const op = (...parts: readonly (string | number)[]): Uint8Array =>
  Uint8Array.from(parts.flatMap(part => (typeof part === 'string' ? [...new TextEncoder().encode(part)] : [part])))

/** GLOBAL. */
export const global = (module: string, name: string): Uint8Array => op('c', module, '\n', name, '\n')

/** A pickle of protocol 2. */
export const pickle = (...pieces: readonly Piece[]): Uint8Array =>
  Uint8Array.from([0x80, 2, ...pieces.flatMap(encoded), 0x2e])

/** A tuple of pieces. */
export const tuple = (...pieces: readonly Piece[]): Uint8Array =>
  Uint8Array.from([0x28, ...pieces.flatMap(encoded), 0x74])

/** A float32 tensor of a zip checkpoint. */
export const tensor = (
  key: string,
  count: number,
  offset: number,
  shape: readonly number[],
  strides: readonly number[],
  storage = 'FloatStorage'
): Uint8Array =>
  Uint8Array.from([
    ...global('torch._utils', '_rebuild_tensor_v2'),
    0x28,
    ...tuple('storage', global('torch', storage), key, 'cpu', count),
    0x51, // BINPERSID
    ...[offset, tuple(...shape), tuple(...strides), op(0x89), op('N')].flatMap(encoded),
    0x74,
    0x52 // REDUCE
  ])

/** A dict of pieces: keys and values in turn. */
export const dict = (...pieces: readonly Piece[]): Uint8Array =>
  Uint8Array.from([0x7d, 0x28, ...pieces.flatMap(encoded), 0x75])

/** A zip archive as torch.save makes it, with a pickle and storages: of float64 where they are so, else of float32. */
export const archive = (
  content: Uint8Array,
  storages: Readonly<Record<string, readonly number[] | Float64Array>> = {},
  options: { readonly level?: 0 | 9; readonly folder?: string } = {}
): Uint8Array => {
  const { level = 0, folder = 'a/' } = options
  const files = Object.entries(storages).map(([key, values]) => [
    `${folder}data/${key}`,
    new Uint8Array((values instanceof Float64Array ? values : Float32Array.from(values)).buffer)
  ])
  return zipSync({ [`${folder}data.pkl`]: content, ...Object.fromEntries(files) }, { level })
}
