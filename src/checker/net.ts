/** Dense nets in enclosures: values and Jacobians. */
import {
  add,
  type Ball,
  div,
  exp,
  fromNumber,
  log,
  minus,
  mul,
  type Precision,
  sinCosTurns,
  size,
  sub,
  times
} from './dyadic.js'

/** Numbers that are each known to the same radius; a matrix, by rows or by columns, likewise. */
export type Row = { readonly m: readonly bigint[]; readonly r: bigint }
export type Matrix = { readonly rows: readonly (readonly bigint[])[]; readonly r: bigint }
/** A layer, with the largest sum of sizes over a row of its weight, errors included. */
type Layer = { readonly weight: Matrix; readonly sum: bigint; readonly bias: Row }
export type Net = {
  readonly layers: readonly Layer[]
  readonly betas: readonly Ball[]
  readonly activation: string
  readonly leading: boolean
}

export const total = (xs: readonly bigint[]): bigint => xs.reduce((sum, x) => sum + size(x), 0n)
export const most = (xs: readonly bigint[]): bigint => {
  let largest = 0n
  for (const x of xs) if (size(x) > largest) largest = size(x)
  return largest
}
export const rowOf = (balls: readonly Ball[]): Row => ({ m: balls.map(({ m }) => m), r: most(balls.map(({ r }) => r)) })
export const ballsOf = ({ m, r }: Row): readonly Ball[] => m.map(x => ({ m: x, r }))
export const fromNumbers = (xs: readonly number[], { p }: Precision): Row => rowOf(xs.map(x => fromNumber(x, p)))
export const dot = (a: readonly bigint[], b: readonly bigint[]): bigint => {
  let sum = 0n
  for (let k = 0; k < a.length; k++) sum += (a[k] as bigint) * (b[k] as bigint)
  return sum
}

export const layerOf = (weight: readonly (readonly number[])[], bias: readonly number[], at: Precision): Layer => {
  const rows = weight.map(row => fromNumbers(row, at))
  const sum = most(rows.map(({ m, r }) => total(m) + r * BigInt(m.length)))
  return { weight: { rows: rows.map(({ m }) => m), r: most(rows.map(({ r }) => r)) }, sum, bias: fromNumbers(bias, at) }
}

/** W J by columns, J given by its columns. */
const product = ({ weight, sum }: Layer, columns: Matrix, { p }: Precision): Matrix => ({
  rows: columns.rows.map(column => weight.rows.map(row => dot(row, column) >> p)),
  r: ((sum * columns.r + weight.r * most(columns.rows.map(total))) >> p) + 2n
})

/** The logistic function at -|s| and at |s|. */
const logistic = ({ m, r }: Ball, at: Precision): readonly [Ball, Ball] => {
  const e = exp({ m: -size(m), r }, at)
  return [div(e, add(at.one, e), at), div(at.one, add(at.one, e), at)]
}
const softplus = (t: Ball, at: Precision): Ball => {
  const tail = log(add(at.one, exp({ m: -size(t.m), r: t.r }, at)), at)
  return t.m > 0n ? add(t, tail) : tail
}

/**
 * The activations: value and slope at a number itself, and a bound of the slope's own slope. All slopes are at most 1 in
 * size; for lipSwish, t s(b t) / 1.1 with s the logistic function, since that of t s(t) is at most 1.0999 (Chen et al.
 * 2019). Curvatures: 2 pi < 7, |tanh''| < 1, |2 s'(t) + t s''(t)| < 1.
 */
export const activations: Readonly<
  Record<string, (t: Ball, beta: Ball, at: Precision) => readonly [Ball, Ball, Ball]>
> = {
  identity: (t, _, { one }) => [t, one, one],
  sine: (t, _, at) => {
    const [s, c] = sinCosTurns(t.m, at)
    const bits = at.q - at.p - 1n
    return [div(s, { m: at.pi.m >> bits, r: (at.pi.r >> bits) + 2n }, at), c, times(7n, at.one)]
  },
  tanh: (t, _, at) => {
    const [low, high] = logistic(times(2n, t), at)
    return [t.m < 0n ? sub(low, high) : sub(high, low), times(4n, mul(low, high, at)), at.one]
  },
  elu: (t, _, at) => {
    const e = exp({ m: t.m > 0n ? 0n : t.m, r: 0n }, at)
    return t.m > 0n ? [t, at.one, at.one] : [sub(e, at.one), e, at.one]
  },
  softplus: (t, _, at) => [softplus(t, at), logistic(t, at)[t.m > 0n ? 1 : 0], at.one],
  lipSwish: (t, beta, at) => {
    const b = softplus(beta, at)
    const s = mul(b, t, at)
    const [here, there] = s.m > 0n ? ([...logistic(s, at)].reverse() as [Ball, Ball]) : logistic(s, at)
    const scaled = (y: Ball): Ball => div(times(10n, y), times(11n, at.one), at)
    return [scaled(mul(t, here, at)), scaled(mul(here, add(at.one, mul(s, there, at)), at)), b]
  },
  lipschitzCube: (t, _, at) => {
    const [square, two, three] = [mul(t, t, at), times(2n, at.one), times(3n, at.one)]
    if (size(t.m) < at.one.m) return [div(mul(t, square, at), three, at), square, two]
    const shift = div(two, three, at)
    return [add(t, t.m < 0n ? shift : minus(shift)), at.one, two]
  }
}

/** A net's value, and if it is asked for the columns of its Jacobian. */
export const evaluate = (net: Net, x: Row, slopes: boolean, at: Precision): readonly [Row, Matrix] => {
  const act = activations[net.activation] as (typeof activations)[string]
  let h = x
  let j: Matrix = { rows: slopes ? x.m.map((_, i) => x.m.map((_x, k) => (i === k ? at.one.m : 0n))) : [], r: 0n }
  net.layers.forEach((layer, i) => {
    if (i > 0 || net.leading) {
      const beta = net.betas[net.leading ? i : i - 1] ?? at.one
      const there = h.m.map(m => act({ m, r: 0n }, beta, at))
      const s = rowOf(there.map(([, slope, c]) => add(slope, { m: 0n, r: (((c.m + c.r) * h.r) >> at.p) + 1n })))
      h = rowOf(there.map(([value]) => add(value, { m: 0n, r: h.r })))
      const radius = (most(s.m) + s.r) * j.r + s.r * most(j.rows.map(most))
      j = {
        rows: j.rows.map(column => column.map((e, k) => (e * (s.m[k] as bigint)) >> at.p)),
        r: (radius >> at.p) + 2n
      }
    }
    const moved = product(layer, { rows: [h.m], r: h.r }, at)
    h = rowOf(
      moved.rows[0]?.map((m, k) => add({ m, r: moved.r }, { m: layer.bias.m[k] as bigint, r: layer.bias.r })) ?? []
    )
    j = product(layer, j, at)
  })
  return [h, j]
}
