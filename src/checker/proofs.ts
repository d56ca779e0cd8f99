/** What is guessed in floating point or by iteration, and proved afterwards in integers. */
import { add, type Ball, fromNumber, log, type Precision, positive, size } from './dyadic.js'
import { dot, evaluate, type Matrix, most, type Net, type Row, total } from './net.js'

type Rows<A> = readonly (readonly A[])[]

/** The lower factor R of a matrix R R', in floating point. */
const factored = (a: Rows<number>): Rows<number> => {
  const r = a.map(row => row.map(() => 0))
  for (const [i, own] of r.entries())
    for (let j = 0; j <= i; j++) {
      const other = r[j] as number[]
      const sum = other.slice(0, j).reduce((s, x, k) => s - x * (own[k] as number), a[i]?.[j] as number)
      own[j] = i === j ? Math.sqrt(sum) : sum / (other[j] as number)
    }
  return r
}

/**
 * Whether a weight's spectral norm is at most b: A = I - W'W / b^2 is d I + R R' + E for some R, with row sums of |E| of at
 * most d. Entries are rounded down to multiples of b 2^-90, about, which adds less to the norm than is taken from b.
 */
export const isNormAtMost = (b: number, weight: Rows<number>): boolean => {
  if (!(b > 0)) return b === 0 && weight.every(row => row.every(x => x === 0))
  const unit = BigInt(90 - Math.floor(Math.log2(b)))
  const entries = weight.map(row => row.map(x => fromNumber(x, unit).m))
  const columns = (entries[0] ?? []).map((_, j) => entries.map(row => row[j] as bigint))
  const vectors = columns.length < entries.length ? columns : entries
  const bound = positive(fromNumber(b, unit).m - BigInt(Math.max(columns.length, entries.length)))
  const [whole, d] = [1n << 120n, BigInt(vectors.length) << 70n]
  const a = vectors.map((v, i) =>
    vectors.slice(0, i + 1).map((w, j) => (i === j ? whole - d : 0n) - (dot(v, w) * whole) / (bound * bound))
  )
  const r = factored(a.map(row => row.map(x => Number(x) / 2 ** 120)))
  if (!r.every(row => row.every(Number.isFinite))) return false
  const factor = r.map(row => row.map(x => BigInt(Math.round(x * 2 ** 60))))
  const error = a.map((row, i) => row.map((x, j) => size(x - dot(factor[j] ?? [], factor[i] ?? [])) + 1n))
  return error.every((row, i) => total([...row, ...error.slice(i + 1).map(below => below[i] as bigint)]) <= d)
}

/** The identity plus the Jacobian that comes with a net's value. */
const plusIdentity = ({ rows: [, ...columns] }: Matrix, { one }: Precision): bigint[][] =>
  columns.map((_, i) => columns.map((column, j) => (column[i] as bigint) + (i === j ? one.m : 0n)))

/** L, with a unit diagonal, and U of the identity plus a Jacobian, in one matrix. Nothing is claimed of them. */
export const triangles = (image: Matrix, at: Precision): Rows<bigint> => {
  const a = plusIdentity(image, at)
  for (const [k, pivot] of a.entries())
    for (const row of a.slice(k + 1)) {
      const l = ((row[k] as bigint) << at.p) / positive(pivot[k] as bigint)
      row[k] = l
      for (let j = k + 1; j < row.length; j++) row[j] = (row[j] as bigint) - ((l * (pivot[j] as bigint)) >> at.p)
    }
  return a
}

/** ln det A, A = I + J with |J| <= 1 - gap. With L U = A - E it is ln det U up to 2 n d, d = |E| / gap being below 1/2. */
export const logDet = (image: Matrix, gap: bigint, at: Precision): Ball => {
  const lu = triangles(image, at)
  const upper = lu.map((_, j) => lu.map((row, i) => (i <= j ? (row[j] as bigint) : 0n)))
  const missed = plusIdentity(image, at).map((row, i) => {
    const lower = lu[i]?.map((l, k) => (k < i ? l : k === i ? at.one.m : 0n)) ?? []
    return most(row.map((x, j) => (x << at.p) - dot(lower, upper[j] ?? [])))
  })
  const n = BigInt(lu.length)
  const d = ((n * (image.r + (most(missed) >> at.p) + 1n)) << at.p) / gap + 1n
  positive(at.one.m - 2n * d)
  return lu.reduce<Ball>((sum, row, i) => add(sum, log({ m: row[i] as bigint, r: 0n }, at)), { m: 0n, r: 2n * n * d })
}

/** The root z of z + g(z) = y, g a contraction by 1 - gap: within |z + g(z) - y| / gap of any z. L U guides the search. */
export const root = (g: Net, start: readonly bigint[], y: Row, lu: Rows<bigint>, gap: bigint, at: Precision): Row => {
  let [z, best]: [readonly bigint[], Row | null] = [start, null]
  for (;;) {
    const image = evaluate(g, { m: z, r: 0n }, false, at)
    const f = z.map((x, i) => x + (image.rows[0]?.[i] as bigint) - (y.m[i] as bigint))
    const r = ((total(f) + BigInt(z.length) * (image.r + y.r)) << at.p) / gap + 1n
    if (best !== null && 2n * r > best.r) return best
    best = { m: z, r }
    for (const [i, row] of lu.entries()) f[i] = (f[i] as bigint) - (dot(row.slice(0, i), f) >> at.p)
    for (const [i, row] of [...lu.entries()].reverse())
      f[i] = (((f[i] as bigint) - (dot(row.slice(i + 1), f.slice(i + 1)) >> at.p)) << at.p) / (row[i] as bigint)
    z = z.map((x, i) => x - (f[i] as bigint))
  }
}
