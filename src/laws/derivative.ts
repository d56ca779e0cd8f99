import fc from 'fast-check'
import { jacobianByDifferences, splitMatrix } from './differences.js'
import { type Law, lawOf } from './law.js'
import { applied, dotOf, frobeniusOf, lengthOf } from './matrix.js'
import { pointsOf, shown, wildPoints } from './points.js'

type Numbers = ArrayLike<number>

/** Anyone's function with its derivatives, as plain functions of numbers. */
export interface NumberFunction {
  readonly name: string
  /** Length of its argument. */
  readonly dimension: number
  readonly value: (x: readonly number[]) => Numbers | Promise<Numbers>
  /** J v. */
  readonly jvp?: (x: readonly number[], v: readonly number[]) => Numbers | Promise<Numbers>
  /** J' u; of a function with one value, the gradient times u[0]. */
  readonly vjp?: (x: readonly number[], u: readonly number[]) => Numbers | Promise<Numbers>
  /** Claimed: values are off by at most this (Euclidean), J v and J' u by this times (1 + |J|) and the length of v or u. */
  readonly error: number
  /** Points have coordinates from -size to size; 3 unless told. */
  readonly size?: number
  /** Whether far points (1e8), too, must have finite derivatives; true unless told. */
  readonly everywhere?: boolean
}

const numbers = (x: Numbers): readonly number[] => Array.from(x)
const plus = (a: Numbers, b: Numbers): readonly number[] => numbers(a).map((x, i) => x + (b[i] as number))
const minus = (a: Numbers, b: Numbers): readonly number[] => numbers(a).map((x, i) => x - (b[i] as number))

/** Weights of a result, different for every entry. */
const weightsFor = (y: Numbers): readonly number[] => numbers(y).map((_, i) => Math.cos(2 * i + 1))

/** The laws of one mode: differences tend to it, it is linear, and it is finite wherever the function is. */
const modeLaws = (
  { name, dimension, value, error, size = 3, everywhere = true }: NumberFunction,
  word: 'tangent' | 'cotangent',
  mode: (x: readonly number[], v: readonly number[]) => Numbers | Promise<Numbers>
): readonly Law[] => {
  const point = pointsOf(dimension, size)
  const direction = async (x: readonly number[], v: readonly number[]): Promise<readonly number[]> =>
    word === 'tangent' ? v : weightsFor(await value(x)).map((w, i) => w * (1 + (v[i % v.length] as number)))
  const finite = lawOf(
    `${name}: its ${word} is finite wherever its value is`,
    [everywhere ? wildPoints(dimension, size) : point],
    async x => {
      fc.pre(numbers(await value(x)).every(Number.isFinite))
      const found = numbers(
        await mode(
          x,
          await direction(
            x,
            x.map(() => 1)
          )
        )
      )
      return found.every(Number.isFinite) || `at ${shown(x)} it is ${shown(found)}`
    }
  )
  return [
    lawOf(`${name}: its ${word} is what differences of its values tend to`, [point, point], async (x, v) => {
      const { values, error: off } = splitMatrix(await jacobianByDifferences(value, x, error))
      fc.pre(off < 1e-3 * (1 + frobeniusOf(values)))
      const d = await direction(x, v)
      const rows = word === 'tangent' ? values : x.map((_, j) => values.map(row => row[j] as number))
      const apart = lengthOf(minus(await mode(x, d), applied(rows, d)))
      const allowed = (off + error * (1 + frobeniusOf(values))) * lengthOf(d) * (1 + 2 ** -40)
      return apart <= allowed || `at ${shown(x)} along ${shown(d)} it is off by ${apart}; allowed ${allowed}`
    }),
    lawOf(`${name}: its ${word} is linear`, [point, point, point], async (x, v, w) => {
      const [a, b] = [await direction(x, v), await direction(x, w)]
      const [one, two, both] = [await mode(x, a), await mode(x, b), await mode(x, plus(a, b))]
      const { values } = splitMatrix(await jacobianByDifferences(value, x, error))
      const allowed = 3 * error * (1 + frobeniusOf(values)) * (lengthOf(a) + lengthOf(b)) * (1 + 2 ** -40)
      fc.pre(Number.isFinite(allowed))
      const apart = lengthOf(minus(both, plus(one, two)))
      return apart <= allowed || `at ${shown(x)} it is off by ${apart}; allowed ${allowed}`
    }),
    finite
  ]
}

/**
 * The laws of derivatives: differences tend to them, they are linear, finite wherever the function is (also far away and
 * in branches that are not taken), and <J v, u> = <v, J' u>.
 */
export const derivative = (mine: NumberFunction): readonly Law[] => {
  const { name, dimension, value, jvp, vjp, error, size = 3 } = mine
  const point = pointsOf(dimension, size)
  const dual =
    jvp === undefined || vjp === undefined
      ? []
      : [
          lawOf(`${name}: <J v, u> = <v, J' u>`, [point, point], async (x, v) => {
            const u = weightsFor(await value(x))
            const [dy, dx] = [await jvp(x, v), await vjp(x, u)]
            const { values } = splitMatrix(await jacobianByDifferences(value, x, error))
            const allowed = 2 * error * (1 + frobeniusOf(values)) * lengthOf(u) * lengthOf(v) * (1 + 2 ** -40)
            fc.pre(Number.isFinite(allowed))
            const apart = Math.abs(dotOf(dy, u) - dotOf(v, dx))
            return apart <= allowed || `at ${shown(x)} they are ${apart} apart; allowed ${allowed}`
          })
        ]
  return [
    ...(jvp === undefined ? [] : modeLaws(mine, 'tangent', jvp)),
    ...(vjp === undefined ? [] : modeLaws(mine, 'cotangent', vjp)),
    ...dual
  ]
}
