import {
  abs,
  add,
  cos,
  exp,
  hull,
  type Interval,
  interval,
  isNothing,
  magnitude,
  meet,
  minimum,
  mul,
  neg,
  point,
  power,
  sigmoid,
  sub,
  tanh
} from '../interpret/interval/interval.js'
import { type ActivationName, activations } from '../net/activations.js'

/** sigma(u) sigma(-u), the slope of the sigmoid. */
const bell = (u: Interval): Interval => mul(sigmoid(u), sigmoid(neg(u)))

/** u sigma(u) sigma(-u), an odd function, below u e^-u for u > 0, which falls from u = 1 on. */
const wave = (u: Interval): Interval => {
  if (u.lo === Infinity) return point(0)
  if (u.lo >= 1 && u.hi === Infinity) return interval(0, mul(point(u.lo), exp(point(-u.lo))).hi)
  if (u.hi === Infinity) return hull(wave(interval(u.lo, 1)), wave(interval(1, Infinity)))
  if (u.lo === -Infinity) return neg(wave(neg(u)))
  return mul(u, bell(u))
}

/** Slope of u sigma(u): sigma + u sigma sigma(-u), also by the mean value theorem from its own, bell (2 - u tanh(u/2)). */
const swish = (u: Interval): Interval => {
  const plain = add(sigmoid(u), wave(u))
  const middle = point(u.lo / 2 + u.hi / 2)
  const bend = mul(bell(u), sub(point(2), mul(u, tanh(mul(u, point(0.5))))))
  return meet(plain, add(add(sigmoid(middle), wave(middle)), mul(bend, sub(u, middle))))
}

/** cos, which is in [-1, 1] where there are no bounds. */
const wholeCos = (t: Interval): Interval => {
  const value = cos(t)
  return isNothing(value) ? interval(-1, 1) : value
}

const inside = (t: Interval): Interval => minimum(abs(t), point(1))

/**
 * Slopes of the activations without their scalings, as closed forms that hold on unbounded intervals too. That of
 * lipSwish, t sigma(b t), depends on u = b t only, so that it has the same supremum for every b > 0.
 */
const slopes: Readonly<Record<ActivationName, (t: Interval) => Interval>> = {
  sine: wholeCos,
  lipSwish: swish,
  elu: t => exp(minimum(t, point(0))),
  tanh: t => sub(point(1), power(tanh(t), 2)),
  lipschitzCube: t => power(inside(t), 2),
  softplus: sigmoid,
  identity: () => point(1)
}

/** An enclosure of the slope of an activation, scalings included, over an interval of its argument after `inner`. */
export const slopeOver =
  (name: ActivationName) =>
  (t: Interval): Interval => {
    const { inner, outer } = activations[name]
    return mul(mul(point(inner), point(outer)), slopes[name](t))
  }

/** The halves of a bounded interval. */
const split = ({ lo, hi }: Interval): readonly [Interval, Interval] => {
  const at = lo / 2 + hi / 2
  return [interval(lo, at), interval(at, hi)]
}

/** No further than this above a slope that is attained, the bound is good; or after so many pieces, which none needs. */
const enough = { gap: 2 ** -40, pieces: 2000 }

/**
 * An upper bound of the absolute slope of an activation, proved over the whole real line: the piece of the line with the
 * largest bound is halved until the bound is within 2^-40 of a slope that is attained. Tails, pieces without an end, are that
 * from the start for every activation here.
 * Activations of pairs have lemmas instead, beside their definitions (layers/paired.ts).
 * @example provedSlope('lipSwish') <= activations.lipSwish.lipschitz // => true
 */
export const provedSlope = (name: ActivationName): number => {
  const slope = slopeOver(name)
  const judged = (piece: Interval) => ({ piece, most: magnitude(slope(piece)) })
  const ends = [-Infinity, -8, 0, 8, Infinity]
  let pieces = ends.slice(1).map((end, i) => judged(interval(ends[i] as number, end)))
  const least = (t: number): number => abs(slope(point(t))).lo
  let attained = Math.max(...ends.map(least))
  for (;;) {
    const worst = pieces.reduce((most, one) => (one.most > most.most ? one : most))
    if (worst.most - attained <= enough.gap || pieces.length >= enough.pieces) return worst.most
    const halves = split(worst.piece)
    attained = Math.max(attained, least(halves[0].hi))
    pieces = [...pieces.filter(piece => piece !== worst), ...halves.map(judged)]
  }
}
