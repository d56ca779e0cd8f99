/** A float64 as integer * 2^exponent. */
const dyadic = (x: number): readonly [bigint, number] => {
  const bits = new DataView(new ArrayBuffer(8))
  bits.setFloat64(0, x)
  const word = bits.getBigUint64(0)
  const exponent = Number((word >> 52n) & 0x7ffn)
  const fraction = word & 0xfffffffffffffn
  const size = exponent === 0 ? fraction : fraction | (1n << 52n)
  return [word >> 63n === 1n ? -size : size, Math.max(exponent, 1) - 1075]
}

/** Numbers as integers, all in the same unit: the smallest exponent among those that are not 0. */
const integers = (numbers: readonly number[]): readonly bigint[] => {
  const parts = numbers.map(dyadic)
  const unit = Math.min(...parts.filter(([size]) => size !== 0n).map(([, exponent]) => exponent), 1024)
  return parts.map(([size, exponent]) => (size === 0n ? 0n : size << BigInt(exponent - unit)))
}

const product = (a: readonly bigint[], b: readonly bigint[], n: number): readonly bigint[] =>
  a.map((_, k) => {
    const [i, j] = [Math.floor(k / n), k % n]
    let sum = 0n
    for (let l = 0; l < n; l++) sum += (a[i * n + l] as bigint) * (b[l * n + j] as bigint)
    return sum
  })

/**
 * Whether a symmetric integer matrix has no negative eigenvalue: the coefficients of det(t I + M), found from the traces
 * of powers by Newton's identities, are all >= 0.
 */
const isPositiveSemidefinite = (m: readonly bigint[], n: number): boolean => {
  const traces: bigint[] = [0n]
  let power = m
  for (let k = 1; k <= n; k++) {
    traces.push(power.reduce((sum, x, i) => (i % (n + 1) === 0 ? sum + x : sum), 0n))
    power = product(power, m, n)
  }
  const coefficients: bigint[] = [1n]
  for (let k = 1; k <= n; k++) {
    let sum = 0n
    for (let i = 1; i <= k; i++)
      sum += (i % 2 === 1 ? 1n : -1n) * (coefficients[k - i] as bigint) * (traces[i] as bigint)
    coefficients.push(sum / BigInt(k))
  }
  return coefficients.every(c => c >= 0n)
}

/** Whether |W| <= bound, W row-major [rows columns], decided without rounding: whether bound^2 I - W'W has no negative eigenvalue. */
export const isNormBound = (
  bound: number,
  entries: readonly number[],
  [rows, columns]: readonly [number, number]
): boolean => {
  const [b = 0n, ...w] = integers([bound, ...entries])
  const m = Array.from({ length: columns * columns }, (_, k) => {
    const [i, j] = [Math.floor(k / columns), k % columns]
    let sum = i === j ? b * b : 0n
    for (let row = 0; row < rows; row++) sum -= (w[row * columns + i] as bigint) * (w[row * columns + j] as bigint)
    return sum
  })
  return isPositiveSemidefinite(m, columns)
}
