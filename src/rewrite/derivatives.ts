import { defect } from '../prelude/defect.js'
import { constantOf } from '../tensor/primitives/constant.js'
import { eye } from '../tensor/primitives/oneHot.js'
import { permute } from '../tensor/primitives/permute.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { range, showShape, sizeOf } from '../tensor/shape.js'
import { rankOf, type Tensor } from '../tensor/tensor.js'
import type { Tree } from '../tensor/tree.js'
import { linearize } from './linearize.js'
import { vectorize } from './vectorize.js'

/**
 * Value and directional derivative.
 * @example jvp(sin)(scalar(0), scalar(2)) // => [0, 2]
 */
export const jvp =
  <X extends Tree, Y extends Tree>(f: (x: X) => Y) =>
  (x: X, dx: X): readonly [Y, Y] => {
    const [y, derivative] = linearize(f)(x)
    return [y, derivative.apply(dx)]
  }

/**
 * Value and the pullback of cotangents: linearize, then transpose.
 * @example const [y, pull] = vjp(sin)(scalar(0)); pull(scalar(2)) // => 2
 */
export const vjp =
  <X extends Tree, Y extends Tree>(f: (x: X) => Y) =>
  (x: X): readonly [Y, (ct: Y) => X] => {
    const [y, derivative] = linearize(f)(x)
    return [y, derivative.transpose]
  }

/**
 * Value and gradient of a scalar function.
 * @throws TypeError if the function's value is not a scalar
 */
export const valueAndGrad =
  <X extends Tree>(f: (x: X) => Tensor) =>
  (x: X): readonly [Tensor, X] => {
    const [y, pull] = vjp(f)(x)
    return y.shape.length === 0
      ? [y, pull(constantOf(1))]
      : defect(`grad needs a scalar function, not one of shape ${showShape(y.shape)}`)
  }

/**
 * Gradient of a scalar function.
 * @example grad(x => sum(mul(x, x)))(fromArray([1, 2])) // => [2, 4]
 */
export const grad =
  <X extends Tree>(f: (x: X) => Tensor) =>
  (x: X): X =>
    valueAndGrad(f)(x)[1]

/**
 * Tangents along every coordinate of x, stacked: the transposed Jacobian, by one forward pass with one leading axis.
 * shape    [...s] -> value [...t], tangents [n ...t], n the number of entries of x
 */
export const tangents =
  (f: (x: Tensor) => Tensor) =>
  (x: Tensor): readonly [Tensor, Tensor] => {
    const [y, derivative] = linearize(f)(x)
    const n = sizeOf(x.shape)
    return [y, vectorize(derivative.apply)(reshape(eye(n), [n, ...x.shape]))]
  }

/**
 * Dense Jacobian.
 * shape    [...s] -> [...t ...s]
 * @param mode forward costs as many passes as x has entries, reverse as many as the result has; equal in value
 */
export const jacobian =
  (f: (x: Tensor) => Tensor, { mode = 'forward' }: { readonly mode?: 'forward' | 'reverse' } = {}) =>
  (x: Tensor): Tensor => {
    if (mode === 'reverse') {
      const [y, pull] = vjp(f)(x)
      const m = sizeOf(y.shape)
      return reshape(vectorize(pull)(reshape(eye(m), [m, ...y.shape])), [...y.shape, ...x.shape])
    }
    const [y, rows] = tangents(f)(x)
    return reshape(permute(rows, [...range(rankOf(y)).map(axis => axis + 1), 0]), [...y.shape, ...x.shape])
  }

/**
 * Second derivatives of a scalar function: forward over reverse. shape [...s] -> [...s ...s]
 * @example hessian(x => sum(mul(x, mul(x, x))))(fromArray([1, 2])) // => [[6, 0], [0, 12]]
 */
export const hessian = (f: (x: Tensor) => Tensor): ((x: Tensor) => Tensor) => jacobian(grad(f))
