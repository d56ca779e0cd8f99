import { defect } from '../prelude/defect.js'
import { fromArray } from '../tensor/constructors.js'
import { abs } from '../tensor/primitives/abs.js'
import { add } from '../tensor/primitives/add.js'
import { broadcast } from '../tensor/primitives/broadcast.js'
import { concat } from '../tensor/primitives/concat.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { div } from '../tensor/primitives/div.js'
import { exp } from '../tensor/primitives/exp.js'
import { greaterEqual } from '../tensor/primitives/greaterEqual.js'
import { lessEqual } from '../tensor/primitives/less.js'
import { log } from '../tensor/primitives/log.js'
import { matmul } from '../tensor/primitives/matmul.js'
import { max } from '../tensor/primitives/max.js'
import { maximum } from '../tensor/primitives/maximum.js'
import { minimum } from '../tensor/primitives/minimum.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { select } from '../tensor/primitives/select.js'
import { slice } from '../tensor/primitives/slice.js'
import { softplus } from '../tensor/primitives/softplus.js'
import { sqrt } from '../tensor/primitives/sqrt.js'
import { stopGradient } from '../tensor/primitives/stopGradient.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import { range } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Bijection } from './bijection.js'

/** The form of a spline of every coordinate. */
export interface SplineShape {
  /** Number of bins between -bound and bound, from 2; at most 500. */
  readonly bins: number
  /** Outside [-bound, bound] the spline is the identity. */
  readonly bound: number
}

/** Least share of a bin in the interval, and least slope at a knot. */
const least = 1e-3

/** The raw number whose softplus is 1 - least: knots' slopes are 1 where parameters are 0. */
const rawOfOne = Math.log(Math.expm1(1 - least))

/** Numbers of parameters of one coordinate. */
export const splineParameters = ({ bins }: SplineShape): number => 3 * bins - 1

/** One number a row, for every column. [m] -> [m n] */
const across = (x: Tensor, n: number): Tensor => broadcast(x, [x.shape[0] as number, n], [0])

/** Columns of a matrix. */
const columns = (x: Tensor, from: number, count: number): Tensor => slice(x, [0, from], [x.shape[0] as number, count])

/** Knots of every row, [m bins + 1], from -bound to exactly bound, of bins with the shares that raw numbers [m bins] give. */
const knotsOf = ({ bins, bound }: SplineShape, raw: Tensor): Tensor => {
  const rows = raw.shape[0] as number
  const powers = exp(sub(raw, across(stopGradient(max(raw, [1])), bins)))
  const shares = add(least, mul(1 - least * bins, div(powers, across(sum(powers, [1]), bins))))
  const before = fromArray(
    range(bins * bins).map(k => (Math.floor(k / bins) < k % bins ? 2 * bound : 0)),
    [bins, bins]
  )
  return concat([sub(matmul(shares, before), bound), constantOf(bound, [rows, 1])], 1)
}

/** What a spline is in the bin of every row's point, each [m]. */
interface Bin {
  readonly x: Tensor
  readonly y: Tensor
  readonly width: Tensor
  readonly height: Tensor
  /** Height by width. */
  readonly slope: Tensor
  /** Slopes at the ends. */
  readonly left: Tensor
  readonly right: Tensor
  /** left + right - 2 slope. */
  readonly bend: Tensor
}

/** The bin in which a point [m], clamped to [-bound, bound], lies by its x or by its y. */
const binOf = (shape: SplineShape, parameters: Tensor, point: Tensor, axis: 'x' | 'y'): Bin => {
  const { bins } = shape
  const rows = point.shape[0] as number
  const raw = reshape(parameters, [rows, splineParameters(shape)])
  const xs = knotsOf(shape, columns(raw, 0, bins))
  const ys = knotsOf(shape, columns(raw, bins, bins))
  const ones = constantOf(1, [rows, 1])
  const inner = add(least, softplus(add(columns(raw, 2 * bins, bins - 1), rawOfOne)))
  const slopes = concat([ones, inner, ones], 1)
  const reached = greaterEqual(across(point, bins), columns(axis === 'x' ? xs : ys, 0, bins))
  const passed = concat([columns(reached, 1, bins - 1), constantOf(0, [rows, 1])], 1)
  const chosen = sub(reached, passed)
  const pick = (values: Tensor, from: number): Tensor => sum(mul(chosen, columns(values, from, bins)), [1])
  const [x, y, left, right] = [pick(xs, 0), pick(ys, 0), pick(slopes, 0), pick(slopes, 1)]
  const [width, height] = [sub(pick(xs, 1), x), sub(pick(ys, 1), y)]
  const slope = div(height, width)
  return { x, y, width, height, slope, left, right, bend: sub(add(left, right), mul(2, slope)) }
}

/** ln of the slope at a share of the bin's width. */
const logSlope = ({ slope, left, right, bend }: Bin, share: Tensor): Tensor => {
  const rest = sub(1, share)
  const both = mul(share, rest)
  const above = add(add(mul(right, mul(share, share)), mul(mul(2, slope), both)), mul(left, mul(rest, rest)))
  return sub(add(mul(2, log(slope)), log(above)), mul(2, log(add(slope, mul(bend, both)))))
}

/**
 * Every coordinate through a monotone rational-quadratic spline of its own on [-bound, bound], the identity outside.
 * Parameters [m (3 bins - 1)], by coordinate: raw widths, raw heights, raw slopes at the inner knots; zeros give the
 * identity. The inverse is a quadratic's root in the form that does not cancel.
 * Source: Durkan, Bekasov, Murray, Papamakarios 2019; Gregory, Delbourgo 1982.
 * @throws TypeError for fewer than 2 or more than 500 bins, or a bound that is not above 0
 */
export const rationalQuadratic = (shape: SplineShape): Bijection<Tensor> => {
  const { bins, bound } = shape
  if (!(Number.isInteger(bins) && bins >= 2 && bins <= 500))
    return defect(`rationalQuadratic: needs 2 to 500 bins, not ${bins}`)
  if (!(bound > 0 && bound < Infinity)) return defect(`rationalQuadratic: the bound must be above 0, not ${bound}`)
  const clamped = (x: Tensor): Tensor => minimum(maximum(x, -bound), bound)
  const within = (x: Tensor): Tensor => lessEqual(abs(x), bound)
  return {
    forward: parameters => x => {
      const at = clamped(x)
      const bin = binOf(shape, parameters, at, 'x')
      const { slope, left, bend, height } = bin
      const share = div(sub(at, bin.x), bin.width)
      const both = mul(share, sub(1, share))
      const risen = div(add(mul(slope, mul(share, share)), mul(left, both)), add(slope, mul(bend, both)))
      return {
        value: select(within(x), add(bin.y, mul(height, risen)), x),
        logDet: sum(select(within(x), logSlope(bin, share), 0))
      }
    },
    inverse: parameters => y => {
      const at = clamped(y)
      const bin = binOf(shape, parameters, at, 'y')
      const { slope, left, bend, height } = bin
      const risen = sub(at, bin.y)
      const a = add(mul(height, sub(slope, left)), mul(risen, bend))
      const b = sub(mul(height, left), mul(risen, bend))
      const q = neg(mul(slope, risen))
      const root = sqrt(maximum(sub(mul(b, b), mul(4, mul(a, q))), 0))
      const share = div(mul(2, q), sub(neg(b), root))
      return {
        value: select(within(y), add(bin.x, mul(share, bin.width)), y),
        logDet: neg(sum(select(within(y), logSlope(bin, share), 0)))
      }
    }
  }
}
