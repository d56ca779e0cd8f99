const float = new Float64Array(1)
const bits = new BigInt64Array(float.buffer)

/** The float above x by its bits, independent of how the product finds it; MAX is followed by Infinity. */
export const nextAbove = (x: number): number => {
  if (Number.isNaN(x) || x === Infinity) return x
  if (x === 0) return Number.MIN_VALUE
  float[0] = x
  bits[0] = (bits[0] as bigint) + (x > 0 ? 1n : -1n)
  return float[0] as number
}

/** The float of 64 bits. */
export const floatOfBits = (pattern: bigint): number => {
  bits[0] = BigInt.asIntN(64, pattern)
  return float[0] as number
}

/** A finite float times 2^1074: a whole number. */
export const scaledUp = (x: number): bigint => {
  float[0] = Math.abs(x)
  const pattern = bits[0] as bigint
  const exponent = pattern >> 52n
  const fraction = pattern & (2n ** 52n - 1n)
  const size = exponent === 0n ? fraction : (fraction | (2n ** 52n)) << (exponent - 1n)
  return x < 0 ? -size : size
}
