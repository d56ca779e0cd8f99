/** Real numbers enclosed by integers: fixed point with a radius. Nothing here rounds without saying so in the radius. */

/** The numbers within r 2^-p of m 2^-p, p being a precision's. */
export type Ball = { readonly m: bigint; readonly r: bigint }
/** Bits behind the point, q as many while an elementary function is summed, and constants: ln 2 and pi have q bits. */
export type Precision = { p: bigint; q: bigint; one: Ball; ln2: Ball; pi: Ball }

const guard = 32n
export const size = (x: bigint): bigint => (x < 0n ? -x : x)

/** x, or the engine's RangeError where it is not above 0: what was to be proved cannot be. */
export const positive = (x: bigint): bigint => (x > 0n ? x : x / 0n)

/** sum over k of sign^k / ((2k+1) n^(2k+1)): atanh(1/n) for sign 1, atan(1/n) for -1. Each term is off by less than 3. */
const inverseSeries = (n: bigint, sign: bigint, q: bigint): Ball => {
  let [power, sum, k] = [(1n << q) / n, 0n, 0n]
  for (; power !== 0n; power /= n * n, k++) sum += (k % 2n === 0n ? power : sign * power) / (2n * k + 1n)
  return { m: sum, r: 4n * k + 4n }
}

/** Arithmetic with p bits behind the point. Machin: pi = 16 atan(1/5) - 4 atan(1/239). */
export const precisionOf = (p: bigint): Precision => {
  const q = p + guard
  const [a, b, c] = [inverseSeries(3n, 1n, q), inverseSeries(5n, -1n, q), inverseSeries(239n, -1n, q)]
  const pi = { m: 16n * b.m - 4n * c.m, r: 16n * b.r + 4n * c.r }
  return { p, q, one: { m: 1n << p, r: 0n }, ln2: { m: 2n * a.m, r: 2n * a.r }, pi }
}

/** The largest fixed-point number not above a finite float64; the radius is 1 where it is below. */
export const fromNumber = (x: number, p: bigint): Ball => {
  const word = new BigUint64Array(Float64Array.of(x).buffer)[0] as bigint
  const exponent = (word >> 52n) & 0x7ffn
  const fraction = (word & 0xfffffffffffffn) | (exponent === 0n ? 0n : 1n << 52n)
  const whole = word >> 63n === 1n ? -fraction : fraction
  const shift = (exponent === 0n ? 1n : exponent) - 1075n + p
  const m = shift >= 0n ? whole << shift : whole >> -shift
  return { m, r: shift >= 0n || m << -shift === whole ? 0n : 1n }
}

export const minus = ({ m, r }: Ball): Ball => ({ m: -m, r })
export const add = (a: Ball, b: Ball): Ball => ({ m: a.m + b.m, r: a.r + b.r })
export const sub = (a: Ball, b: Ball): Ball => add(a, minus(b))
export const times = (n: bigint, { m, r }: Ball): Ball => ({ m: n * m, r: size(n) * r })
export const mul = (a: Ball, b: Ball, { p }: Precision): Ball => {
  return { m: (a.m * b.m) >> p, r: ((size(a.m) * b.r + size(b.m) * a.r + a.r * b.r) >> p) + 2n }
}
/** The quotient by a positive number. */
export const div = (a: Ball, b: Ball, { p }: Precision): Ball => {
  const m = (a.m << p) / b.m
  return { m, r: ((a.r << p) + (size(m) + 1n) * b.r) / positive(b.m - b.r) + 2n }
}

/** A sum of finer numbers, off by at most `error`, at the precision itself. */
const rounded = (m: bigint, error: bigint): Ball => ({ m: m >> guard, r: (error >> guard) + 2n })

/** The even and the odd terms of sum sign^floor(n/2) a^n / n!, |a| < 1; each term is off by less than 3. */
const taylor = (a: bigint, sign: bigint, q: bigint): { sums: [bigint, bigint]; error: bigint } => {
  const sums: [bigint, bigint] = [0n, 0n]
  let [term, n] = [1n << q, 0n]
  for (; term !== 0n; n++, term = ((term * a) >> q) / n) sums[n % 2n === 0n ? 0 : 1] += n % 4n < 2n ? term : sign * term
  return { sums, error: 4n * n + 8n }
}

/** e^x for a ball around m <= 0, of a radius below 1/2. */
export const exp = (x: Ball, { p, q, ln2 }: Precision): Ball => {
  if (x.m + x.r < -((p + 2n) << p)) return { m: 0n, r: 1n }
  positive((1n << (p - 1n)) - x.r)
  const k = (x.m << guard) / ln2.m
  const { sums, error } = taylor((x.m << guard) - k * ln2.m, 1n, q)
  const { m, r } = rounded((sums[0] + sums[1]) >> -k, size(k) * ln2.r + error)
  return { m, r: r + 2n * x.r }
}

/** ln x for a ball of positive numbers: x = f 2^e with f in [1, 2), ln f = 2 atanh((f - 1) / (f + 1)). */
export const log = (x: Ball, { p, q, ln2 }: Precision): Ball => {
  const length = BigInt(x.m.toString(2).length) - 1n
  const f = q >= length ? x.m << (q - length) : x.m >> (length - q)
  const w = ((f - (1n << q)) << q) / (f + (1n << q))
  let [power, sum, k] = [w, 0n, 0n]
  for (; power !== 0n; power = (power * ((w * w) >> q)) >> q, k++) sum += power / (2n * k + 1n)
  const { m, r } = rounded(2n * sum + (length - p) * ln2.m, 8n * k + 16n + size(length - p) * ln2.r)
  return { m, r: r + (x.r << p) / positive(x.m - x.r) + 1n }
}

/** sin and cos of 2 pi t, of the number t 2^-p itself: whole quarters of a turn are taken out exactly. */
export const sinCosTurns = (t: bigint, { p, q, pi }: Precision): readonly [Ball, Ball] => {
  const quarters = (4n * t + (1n << (p - 1n))) >> p
  const { sums, error } = taylor((((4n * t - (quarters << p)) << guard) * pi.m) >> (q + 1n), -1n, q)
  let [c, s] = sums.map(sum => rounded(sum, error + pi.r + 1n)) as [Ball, Ball]
  for (let k = quarters & 3n; k > 0n; k--) [s, c] = [c, minus(s)]
  return [s, c]
}

/** 2 pi, at the precision itself. */
export const turn = ({ p, q, pi }: Precision): Ball => ({ m: pi.m >> (q - p - 1n), r: (pi.r >> (q - p - 1n)) + 2n })

/** Whether a whole ball lies in a claimed interval. */
export const within = ({ m, r }: Ball, [low, high]: readonly [number, number], { p }: Precision): boolean => {
  const least = fromNumber(low, p)
  return least.m + least.r <= m - r && m + r <= fromNumber(high, p).m
}
