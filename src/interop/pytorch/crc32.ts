/** Remainders of single bytes, for the polynomial of zip archives with its bits reversed. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1
  return remainder
})

/**
 * The CRC-32 of bytes, as zip archives have it: a change of any 32 bits in a row, or fewer, changes it.
 * Source: PKWARE, .ZIP File Format Specification, 4.4.7.
 */
export const crc32 = (bytes: Uint8Array): number => {
  let crc = 0xffffffff
  for (let i = 0; i < bytes.length; i++) crc = (crc >>> 8) ^ (remainders[(crc ^ (bytes[i] as number)) & 255] as number)
  return (crc ^ 0xffffffff) >>> 0
}
