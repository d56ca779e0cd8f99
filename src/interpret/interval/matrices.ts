/**
 * Products of interval matrices in midpoint-radius form: three products of floats, rounded to nearest, and an error
 * bound for them. A = M + [-R, R], B = N + [-S, S] give
 * |AB - fl(MN)| <= |M| (S + gamma |N|) + R (|N| + S) + k eta, with gamma = gamma_k for sums of k products and eta = 2^-1074.
 * Sums of numbers above 0 are off by gamma_2k at most, so what is computed of the right side is enlarged by that.
 * Source: Rump 1999, Fast and parallel interval arithmetic; Higham, Accuracy and Stability 2002, 3.5.
 */
import { range, type Shape, sizeOf } from '../../tensor/shape.js'
import { withShape } from '../reference/arrays.js'
import { product as floatProduct } from '../reference/matrices.js'
import { add, entire, mul, point } from './interval.js'
import { exactIntervals, type Intervals, intervalAt, midpoints, tabulated } from './intervals.js'
import { addDown, addUp, up } from './rounding.js'

const u = Number.EPSILON / 2

/** An upper bound of n u / (1 - n u). */
const gamma = (n: number): number => (n * u) / (1 - n * u) + n * u * u * 4

/** Middles and radii: |x - middle| <= radius for every x of the interval; NaN or Infinity where it has no bounds. */
interface Balls {
  readonly middle: Float64Array
  readonly radius: Float64Array
  /** Whether every radius is 0. */
  readonly exact: boolean
}

const ballsOf = (x: Intervals): Balls => {
  const middle = midpoints(x)
  const radius = middle.map((m, i) => Math.max(addUp(x.hi[i] as number, -m), addUp(m, -(x.lo[i] as number))))
  return { middle, radius, exact: radius.every(r => r === 0) }
}

const bounded = ({ middle, radius }: Balls): boolean =>
  radius.every((r, i) => r < Infinity && Number.isFinite(middle[i]))

const floats = (a: Float64Array, b: Float64Array, shapes: readonly [Shape, Shape], sides: Sides): Float64Array =>
  floatProduct(withShape(a, shapes[0]), withShape(b, shapes[1]), sides.transposeA, sides.transposeB).data

/** Which operands are read transposed. */
interface Sides {
  readonly transposeA: boolean
  readonly transposeB: boolean
}

/** Entry by entry in interval arithmetic, for operands without bounds. */
const slowly = (a: Intervals, b: Intervals, { transposeA, transposeB }: Sides, shape: Shape): Intervals => {
  const [m, n] = shape.slice(-2) as [number, number]
  const inner = a.shape.at(transposeA ? -2 : -1) as number
  return tabulated(shape, index => {
    const [s, i, j] = [Math.floor(index / (m * n)), Math.floor(index / n) % m, index % n]
    return range(inner).reduce((sum, k) => {
      const left = intervalAt(a, s * m * inner + (transposeA ? k * m + i : i * inner + k))
      const right = intervalAt(b, s * n * inner + (transposeB ? j * inner + k : k * n + j))
      return add(sum, mul(left, right))
    }, point(0))
  })
}

/** The product over the last two axes; leading axes are equal and index independent products. */
export const product = (a: Intervals, b: Intervals, sides: Sides, shape: Shape): Intervals => {
  const inner = a.shape.at(sides.transposeA ? -2 : -1) as number
  const [left, right] = [ballsOf(a), ballsOf(b)]
  if (inner === 0) return exactIntervals(new Float64Array(sizeOf(shape)), shape)
  if (!bounded(left) || !bounded(right)) return slowly(a, b, sides, shape)
  const shapes = [a.shape, b.shape] as const
  const middle = floats(left.middle, right.middle, shapes, sides)
  const [sizeA, sizeB] = [left.middle.map(Math.abs), right.middle.map(Math.abs)]
  const unsure = sizeB.map((x, i) => up(up(x * gamma(inner)) + (right.radius[i] as number)))
  const first = floats(sizeA, unsure, shapes, sides)
  const largest = sizeB.map((x, i) => up(x + (right.radius[i] as number)))
  const second = left.exact ? undefined : floats(left.radius, largest, shapes, sides)
  const enlarged = 1 + gamma(2 * inner + 8)
  const lost = (4 * inner + 4) * Number.MIN_VALUE
  return tabulated(shape, i => {
    const radius = ((first[i] as number) + (second === undefined ? 0 : (second[i] as number))) * enlarged + lost
    const centre = middle[i] as number
    return radius < Infinity && Number.isFinite(centre)
      ? { lo: addDown(centre, -radius), hi: addUp(centre, radius) }
      : entire
  })
}
