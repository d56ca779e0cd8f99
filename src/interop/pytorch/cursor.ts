/** Reads bytes from the front. Past the end it gives nothing but zeros, and `overrun` says so. */
export interface Cursor {
  readonly position: () => number
  readonly overrun: () => boolean
  readonly bytes: (count: number) => Uint8Array
  readonly byte: () => number
  /** An unsigned little-endian number of 1, 2, 4 or 8 bytes; from 2^53 it is rounded, and no length is as large. */
  readonly unsigned: (width: 1 | 2 | 4 | 8) => number
  readonly int32: () => number
  /** A big-endian float64, as pickles have it. */
  readonly float64: () => number
  /** A text up to the next end of line, which is left out. */
  readonly line: () => string
  readonly text: (length: number) => string
}

/** A cursor over bytes. */
export const cursorOf = (source: Uint8Array, start = 0): Cursor => {
  let at = start
  let over = false
  const bytes = (count: number): Uint8Array => {
    if (!(count <= source.length - at)) {
      over = true
      at = source.length
      return new Uint8Array(0)
    }
    at += count
    return source.subarray(at - count, at)
  }
  const view = (count: number): DataView => {
    const found = bytes(count)
    return found.length === count
      ? new DataView(found.buffer, found.byteOffset, count)
      : new DataView(new ArrayBuffer(8))
  }
  const unsigned = (width: 1 | 2 | 4 | 8): number => {
    const found = view(width)
    if (width === 1) return found.getUint8(0)
    if (width === 2) return found.getUint16(0, true)
    return width === 4 ? found.getUint32(0, true) : Number(found.getBigUint64(0, true))
  }
  const text = (length: number): string => new TextDecoder().decode(bytes(length))
  return {
    position: () => at,
    overrun: () => over,
    bytes,
    byte: () => unsigned(1),
    unsigned,
    int32: () => view(4).getInt32(0, true),
    float64: () => view(8).getFloat64(0, false),
    line: () => {
      const end = source.indexOf(0x0a, at)
      const found = text(end < 0 ? Infinity : end - at)
      bytes(1)
      return found.replace(/\r$/, '')
    },
    text
  }
}
