import { newton } from '../solve/newton.js'
import { root } from '../solve/root.js'
import { maximum } from '../tensor/primitives/maximum.js'
import { minimum } from '../tensor/primitives/minimum.js'
import { mul } from '../tensor/primitives/mul.js'
import { sub } from '../tensor/primitives/sub.js'
import type { Tensor } from '../tensor/tensor.js'
import { theorem3Floor } from './theorem3Floor.js'

/** Slopes of the target left and right of 0. */
export const steepSlopes = { left: 0.1, right: 10 } as const

/**
 * The function of the paper's 1-D example: slope 0.1 for x < 0 and 10 for x >= 0.
 * Source: Lu et al. 2021, Figure 2.
 */
export const steepTarget = (x: number): number => (x < 0 ? steepSlopes.left : steepSlopes.right) * x

/** Lipschitz constant of both functions of the closed form. */
const constant = 0.9

/** x + g_x(x), g_x(x) = -0.9 min(x, 0). */
const left = (x: Tensor): Tensor => sub(x, mul(constant, minimum(x, 0)))

/** z + g_z(z), g_z(z) = -0.9 max(z, 0). */
const right = (z: Tensor): Tensor => sub(z, mul(constant, maximum(z, 0)))

/** The y with h(y) = value, for an h whose difference from the identity is a contraction. */
const solvedFor = (h: (y: Tensor) => Tensor, value: Tensor): Tensor =>
  root(y => sub(h(y), value), { start: value, contraction: constant, solver: newton, tolerance: 1e-15 })

/**
 * The target as one ImpFlow block in closed form: forward z = root of x + g_x(x) = z + g_z(z), inverse the root x of the
 * same equation. Left of 0 both sides are 0.1 x = z, right of 0 they are x = 0.1 z.
 * shape    [...s] -> [...s], one sample
 */
export const steepBlock = {
  forward: (x: Tensor): Tensor => solvedFor(right, left(x)),
  inverse: (z: Tensor): Tensor => solvedFor(left, right(z))
} as const

/**
 * Lower bound of the sup error on [-1, 1] of any function of a Lipschitz constant: on a ball of radius r = 1/2, (0, 1),
 * the target is L-expanding with L = 10, so the error is at least r (L - K).
 * Source: Lu et al. 2021, Theorem 3, with the sharp constant.
 * @example steepFloor(2 ** 3) // => 1
 */
export const steepFloor = (lipschitz: number): number => theorem3Floor(1 / 2, steepSlopes.right, lipschitz)

/** Evenly spaced numbers from -1 to 1, both ends and 0 among them, increasing. */
export const steepGrid = (halves: number): Float64Array =>
  Float64Array.from({ length: 2 * halves + 1 }, (_, i) => (i - halves) / halves)

/** How far a function is from the target. */
export interface SteepErrors {
  /** Largest error on the grid: the sup error on [-1, 1] is at least this. */
  readonly supError: number
  /** Where it is attained. */
  readonly at: number
  /** Upper bound of the sup error on [-1, 1], apart from rounding. */
  readonly supErrorBound: number
  readonly rootMeanSquare: number
}

/**
 * The errors of an increasing function, from its values on an increasing grid. Between neighbours a < b both functions
 * lie between their values there, so the error is at most max(f(b) - t(a), t(b) - f(a)).
 * @param uncertainty bound of the error of every value
 */
export const steepErrors = (x: Float64Array, values: Float64Array, uncertainty = 0): SteepErrors => {
  const target = x.map(steepTarget)
  const errors = values.map((v, i) => Math.abs(v - (target[i] as number)))
  const supError = errors.reduce((a, b) => Math.max(a, b), 0)
  const bound = values.subarray(1).reduce((largest, upper, i) => {
    const [lower, from, to] = [values[i] as number, target[i] as number, target[i + 1] as number]
    return Math.max(largest, upper - from, to - lower)
  }, supError)
  return {
    supError,
    at: x[errors.indexOf(supError)] as number,
    supErrorBound: bound + uncertainty,
    rootMeanSquare: Math.sqrt(errors.reduce((sum, e) => sum + e * e, 0) / x.length)
  }
}
