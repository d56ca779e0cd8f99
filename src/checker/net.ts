/** Dense nets in enclosures: values and Jacobians. */
import * as D from './dyadic.js'

type Activation = (t: D.Ball, beta: D.Ball, at: D.Precision) => readonly [D.Ball, D.Ball, D.Ball]

/** Numbers that are each known to the same radius; a matrix, by rows or by columns, likewise. */
export type Row = { readonly m: readonly bigint[]; readonly r: bigint }
export type Matrix = { readonly rows: readonly (readonly bigint[])[]; readonly r: bigint }
/** A layer, with the largest sum of sizes over a row of its weight, errors included. */
type Layer = { readonly weight: Matrix; readonly sum: bigint; readonly bias: Row }
export type Net = { layers: readonly Layer[]; betas: readonly D.Ball[]; activation: string; leading: boolean }

export const total = (xs: readonly bigint[]): bigint => xs.reduce((sum, x) => sum + D.size(x), 0n)
export const most = (xs: readonly bigint[]): bigint => xs.map(D.size).reduce((a, x) => (a - x > 0n ? a : x), 0n)
export const rowOf = (xs: readonly D.Ball[]): Row => ({ m: xs.map(({ m }) => m), r: most(xs.map(({ r }) => r)) })
export const ballsOf = ({ m, r }: Row): readonly D.Ball[] => m.map(x => ({ m: x, r }))
export const fromNumbers = (xs: readonly number[], { p }: D.Precision): Row => rowOf(xs.map(x => D.fromNumber(x, p)))
export const dot = (a: readonly bigint[], b: readonly bigint[]): bigint =>
  a.reduce((sum, x, k) => sum + x * (b[k] as bigint), 0n)

export const layerOf = (weight: readonly (readonly number[])[], bias: readonly number[], at: D.Precision): Layer => {
  const rows = weight.map(row => fromNumbers(row, at))
  const sum = most(rows.map(({ m, r }) => total(m) + r * BigInt(m.length)))
  return { weight: { rows: rows.map(({ m }) => m), r: most(rows.map(({ r }) => r)) }, sum, bias: fromNumbers(bias, at) }
}

/** The logistic function at -|s| and at |s|. */
const logistic = ({ m, r }: D.Ball, at: D.Precision): readonly [D.Ball, D.Ball] => {
  const e = D.exp({ m: -D.size(m), r }, at)
  return [D.div(e, D.add(at.one, e), at), D.div(at.one, D.add(at.one, e), at)]
}
const softplus = (t: D.Ball, at: D.Precision): D.Ball => {
  const tail = D.log(D.add(at.one, D.exp({ m: -D.size(t.m), r: t.r }, at)), at)
  return t.m > 0n ? D.add(t, tail) : tail
}

/** The activations: value and slope at a number itself, and a bound of the slope's own slope; slopes are at most 1 in size.
 * lipSwish, t s(b t) / 1.1, has slope f(u) / 1.1, f = s + u s s(-u), u = b t. f(u) + f(-u) = 1, and for u >= 0 f <= 1.1 says
 * e^u / 10 + 1.1 e^-u + 1.2 - u >= 0, least at e^u = 11: 2.4 - ln 11 > 0. f' = s s(-u) (2 - u tanh(u/2)) is in [-1/e, 1/2].
 * Others: 2 pi < 7, |tanh''| <= 4 / sqrt 27, s' <= 1/4, e^t <= 1 for t <= 0, (t^2)' = 2 t <= 2. No claim of a file counts. */
export const activations: Readonly<Record<string, Activation>> = {
  identity: (t, _, { one }) => [t, one, one],
  sine: (t, _, at) => {
    const [s, c] = D.sinCosTurns(t.m, at)
    return [D.div(s, D.turn(at), at), c, D.times(7n, at.one)]
  },
  tanh: (t, _, at) => {
    const [low, high] = logistic(D.times(2n, t), at)
    return [t.m < 0n ? D.sub(low, high) : D.sub(high, low), D.times(4n, D.mul(low, high, at)), at.one]
  },
  elu: (t, _, at) => {
    const e = D.exp({ m: t.m > 0n ? 0n : t.m, r: 0n }, at)
    return t.m > 0n ? [t, at.one, at.one] : [D.sub(e, at.one), e, at.one]
  },
  softplus: (t, _, at) => [softplus(t, at), logistic(t, at)[t.m > 0n ? 1 : 0], at.one],
  lipSwish: (t, beta, at) => {
    const b = softplus(beta, at)
    const s = D.mul(b, t, at)
    const [here, there] = s.m > 0n ? ([...logistic(s, at)].reverse() as [D.Ball, D.Ball]) : logistic(s, at)
    const scaled = (y: D.Ball): D.Ball => D.div(D.times(10n, y), D.times(11n, at.one), at)
    return [scaled(D.mul(t, here, at)), scaled(D.mul(here, D.add(at.one, D.mul(s, there, at)), at)), b]
  },
  lipschitzCube: (t, _, at) => {
    const [square, two, three] = [D.mul(t, t, at), D.times(2n, at.one), D.times(3n, at.one)]
    if (D.size(t.m) < at.one.m) return [D.div(D.mul(t, square, at), three, at), square, two]
    const shift = D.div(two, three, at)
    return [D.add(t, t.m < 0n ? shift : D.minus(shift)), at.one, two]
  }
}

/** A net's value, and then if it is asked for the columns of its Jacobian, all known to the same radius. */
export const evaluate = (net: Net, x: Row, slopes: boolean, at: D.Precision): Matrix => {
  const act = activations[net.activation] as (typeof activations)[string]
  const unit = slopes ? x.m.map((_, i) => x.m.map((_x, k) => (i === k ? at.one.m : 0n))) : []
  let [now, r]: readonly [Matrix['rows'], bigint] = [[x.m, ...unit], x.r]
  for (const [i, layer] of net.layers.entries()) {
    const [h = [], ...columns] = now
    if (i > 0 || net.leading) {
      const there = h.map(m => act({ m, r: 0n }, net.betas[net.leading ? i : i - 1] ?? at.one, at))
      const s = rowOf(there.map(([, slope, c]) => D.add(slope, { m: 0n, r: (((c.m + c.r) * r) >> at.p) + 1n })))
      const value = rowOf(there.map(([y]) => y))
      now = [value.m, ...columns.map(column => column.map((e, k) => (e * (s.m[k] as bigint)) >> at.p))]
      r = most([(((most(s.m) + s.r) * r + s.r * most(columns.map(most))) >> at.p) + 2n, r + value.r])
    }
    const [y = [], ...rest] = now.map(column => layer.weight.rows.map(row => dot(row, column) >> at.p))
    r = ((layer.sum * r + layer.weight.r * most(now.map(total))) >> at.p) + 2n + layer.bias.r
    now = [y.map((m, k) => m + (layer.bias.m[k] as bigint)), ...rest]
  }
  return { rows: now, r }
}
