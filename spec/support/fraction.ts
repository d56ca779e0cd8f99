/** An exact rational number; the denominator is positive. */
export interface Fraction {
  readonly numerator: bigint
  readonly denominator: bigint
}

const gcd = (a: bigint, b: bigint): bigint => (b === 0n ? (a < 0n ? -a : a) : gcd(b, a % b))

const fraction = (numerator: bigint, denominator: bigint): Fraction => {
  const common = gcd(numerator, denominator) * (denominator < 0n ? -1n : 1n)
  return { numerator: numerator / common, denominator: denominator / common }
}

/** The rational number that a finite float64 is. */
export const fromNumber = (x: number): Fraction => {
  let [scaled, denominator] = [x, 1n]
  while (!Number.isInteger(scaled)) {
    scaled *= 2
    denominator *= 2n
  }
  return fraction(BigInt(scaled), denominator)
}

export const plus = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.numerator * b.denominator + b.numerator * a.denominator, a.denominator * b.denominator)

export const times = (a: Fraction, b: Fraction): Fraction =>
  fraction(a.numerator * b.numerator, a.denominator * b.denominator)

const negated = ({ numerator, denominator }: Fraction): Fraction => ({ numerator: -numerator, denominator })

export const minus = (a: Fraction, b: Fraction): Fraction => plus(a, negated(b))

const over = (a: Fraction, b: Fraction): Fraction => fraction(a.numerator * b.denominator, a.denominator * b.numerator)

const isZero = ({ numerator }: Fraction): boolean => numerator === 0n

/** |a| as a float64, rounded up by no more than 2^-50 of it. */
export const sizeOf = ({ numerator, denominator }: Fraction): number => {
  if (numerator === 0n) return 0
  const size = numerator < 0n ? -numerator : numerator
  const shift = BigInt(Math.max(0, 64 + denominator.toString(2).length - size.toString(2).length))
  return Number((size << shift) / denominator + 1n) * 2 ** -Number(shift)
}

/** The solution of a regular square system, exactly: Gauss-Jordan elimination. */
export const solved = (matrix: readonly (readonly Fraction[])[], right: readonly Fraction[]): readonly Fraction[] => {
  const rows = matrix.map((row, i) => [...row, right[i] as Fraction])
  rows.forEach((_, k) => {
    const pivot = rows.findIndex((row, i) => i >= k && !isZero(row[k] as Fraction))
    const [chosen, other] = [rows[pivot] as Fraction[], rows[k] as Fraction[]]
    rows[pivot] = other
    const scaled = chosen.map(x => over(x, chosen[k] as Fraction))
    rows[k] = scaled
    rows.forEach((row, i) => {
      const factor = row[k] as Fraction
      if (i !== k) rows[i] = row.map((x, j) => minus(x, times(factor, scaled[j] as Fraction)))
    })
  })
  return rows.map(row => row.at(-1) as Fraction)
}
