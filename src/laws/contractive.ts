import fc from 'fast-check'
import { jacobianByDifferences, splitMatrix } from './differences.js'
import { type Law, lawOf } from './law.js'
import { distanceOf, dotOf, frobeniusOf, type Matrix, topRightVector } from './matrix.js'
import { pointsOf, shown } from './points.js'

/** Anyone's net with the Lipschitz constant that is claimed for it, as plain functions of numbers. */
export interface NumberNet {
  readonly name: string
  /** Length of its input. */
  readonly dimension: number
  readonly value: (x: readonly number[]) => ArrayLike<number> | Promise<ArrayLike<number>>
  /** Claimed: |g(x) - g(y)| <= constant |x - y|, Euclidean norms. */
  readonly constant: number
  /** Claimed: values are off by at most this (Euclidean) where coordinates are at most `size`. */
  readonly error: number
  /** Row i the derivatives of value i, where the net has such a function. */
  readonly jacobian?: (x: readonly number[]) => Matrix | Promise<Matrix>
  /** Points have coordinates from -size to size; 3 unless told. */
  readonly size?: number
}

const room = 1 + 2 ** -40

/** |g(x) - g(y)| <= c |x - y| + errors, or why not. */
const quotient = async ({ value, constant, error }: NumberNet, x: readonly number[], y: readonly number[]) => {
  const [before, after] = [distanceOf(x, y), distanceOf(await value(x), await value(y))]
  return (
    after <= (constant * before + 2 * error) * room ||
    `${shown(x)} and ${shown(y)}: distance ${before} becomes ${after}, ${after / before} times as much`
  )
}

/**
 * Points where the net stretches most, found by a search: from the start, along the top singular vector of its Jacobian
 * there, to where the slope is steepest.
 */
const steepest = async (net: NumberNet, start: readonly number[]) => {
  const { size = 3 } = net
  let best: { readonly x: readonly number[]; readonly v: readonly number[]; readonly slope: number } = {
    x: start,
    v: start.map(() => 0),
    slope: -1
  }
  let x: readonly number[] = start
  for (const step of [size / 2, size / 4, size / 8]) {
    const { values } = splitMatrix(await jacobianByDifferences(net.value, x, net.error))
    const v = topRightVector(values)
    const slope = Math.hypot(...values.map(row => dotOf(row, v)))
    if (slope > best.slope) best = { x, v, slope }
    x = best.x.map((xi, i) => xi + step * (best.v[i] as number))
  }
  return best
}

/**
 * The laws of a net, or of a layer of one, with a Lipschitz constant, whatever the length of its values: no pair of points
 * beats the constant, not even one that a search found; a Jacobian that it offers is its own.
 */
export const lipschitz = (net: NumberNet): readonly Law[] => {
  const { name, dimension, value, error, jacobian, size = 3 } = net
  const points = pointsOf(dimension, size)
  const pairs = lawOf(`${name}: no pair of points beats its constant`, [points, points], (x, y) => quotient(net, x, y))
  const searched = lawOf(`${name}: nor does a pair that a search found`, [points], async start => {
    const { x, v } = await steepest(net, start)
    for (const t of [1e-3, 1e-2, 0.1, 1]) {
      const said = await quotient(
        net,
        x.map((xi, i) => xi - t * (v[i] as number)),
        x.map((xi, i) => xi + t * (v[i] as number))
      )
      if (said !== true) return said
    }
    return true
  })
  if (jacobian === undefined) return [pairs, searched]
  const derivative = lawOf(`${name}: its Jacobian is what differences tend to`, [points], async x => {
    const { values, error: off } = splitMatrix(await jacobianByDifferences(value, x, error))
    fc.pre(off < 1e-3 * (1 + frobeniusOf(values)))
    const claimed = await jacobian(x)
    const apart = frobeniusOf(values.map((row, i) => row.map((d, j) => d - (claimed[i]?.[j] ?? Number.NaN))))
    const allowed = off + 1e-12 * (1 + frobeniusOf(values))
    return apart <= allowed || `at ${shown(x)} it is off by ${apart}; allowed ${allowed}`
  })
  return [pairs, searched, derivative]
}

/**
 * The laws of a net whose Lipschitz constant is claimed to be below 1: those of `lipschitz`, and that Id + g is strongly
 * accretive.
 */
export const contractive = (net: NumberNet): readonly Law[] => {
  const { name, dimension, value, constant, error, size = 3 } = net
  const points = pointsOf(dimension, size)
  const constants = lawOf(
    `${name}: the constant claimed is below 1`,
    [fc.constant(constant)],
    c => (c >= 0 && c < 1) || `it is ${c}`,
    { share: 0 }
  )
  const accretive = lawOf(
    `${name}: Id + g is strongly accretive, <dx + dg, dx> >= (1 - c) |dx|^2`,
    [points, points],
    async (x, y) => {
      const dx = x.map((xi, i) => xi - (y[i] as number))
      const [gx, gy] = [await value(x), await value(y)]
      const square = dotOf(dx, dx)
      const product =
        square +
        dotOf(
          Array.from(gx, (gi, i) => gi - (gy[i] as number)),
          dx
        )
      const allowed = 2 * error * Math.sqrt(square) + square * 2 ** -45
      return product >= (1 - constant) * square - allowed || `the product is ${product}, |dx|^2 is ${square}`
    }
  )
  return [constants, ...lipschitz(net), accretive]
}
