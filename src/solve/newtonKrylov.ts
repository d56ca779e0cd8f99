import { linearize } from '../rewrite/linearize.js'
import { add } from '../tensor/primitives/add.js'
import { div } from '../tensor/primitives/div.js'
import { greater } from '../tensor/primitives/greater.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { select } from '../tensor/primitives/select.js'
import { sqrt } from '../tensor/primitives/sqrt.js'
import { sub } from '../tensor/primitives/sub.js'
import type { Tensor } from '../tensor/tensor.js'
import type { Solver } from './solver.js'
import { dot } from './vectors.js'

/** A direction of search and its image under J, of length 1. */
type Pair = readonly [direction: Tensor, image: Tensor]

/**
 * J^-1 b by generalised conjugate residuals, which is GMRES without its Hessenberg matrix: after k products |b - J x| is the
 * least over the Krylov space, at most c^k |b|. It cannot break down, because the symmetric part of J is at least 1 - c.
 * Source: Eisenstat, Elman, Schultz 1983; Saad, Schultz 1986.
 */
const minimalResidual = (product: (v: Tensor) => Tensor, b: Tensor, steps: number): Tensor => {
  const pairs: Pair[] = []
  let [solution, rest] = [mul(0, b), b]
  for (let k = 0; k < steps; k++) {
    const [direction, image] = pairs.reduce<Pair>(
      ([p, q], [oldP, oldQ]) => {
        const along = dot(q, oldQ)
        return [sub(p, mul(along, oldP)), sub(q, mul(along, oldQ))]
      },
      [rest, product(rest)]
    )
    const length = sqrt(dot(image, image))
    const moving = greater(length, 0)
    const unit = (x: Tensor): Tensor => mul(moving, div(x, select(moving, length, 1)))
    const pair: Pair = [unit(direction), unit(image)]
    pairs.push(pair)
    const along = dot(rest, pair[1])
    solution = add(solution, mul(along, pair[0]))
    rest = sub(rest, mul(along, pair[1]))
  }
  return solution
}

/** J^-1 F at a point, by so many products at most. */
const correction = (residual: (z: Tensor) => Tensor, z: Tensor, f: Tensor, products: number): Tensor => {
  const [, jacobian] = linearize(residual)(z)
  return minimalResidual(v => jacobian.apply(v), f, Math.min(products, z.shape[0] as number))
}

/**
 * Newton's method without a Jacobian: every step solves J d = F by a few products J v, each a tangent of F, so a step costs
 * that many times n, and no n^2 is stored. A step takes |F| to about c^products |F| at worst, beside Newton's own error.
 * Source: Knoll, Keyes 2004.
 * @param products of J and a vector a step
 */
export const newtonKrylov = ({ products }: { readonly products: number } = { products: 6 }): Solver => ({
  name: 'newtonKrylov',
  init: ({ residual }, z, f) => [correction(residual, z, f, products)],
  step: (_residual, [difference]) => neg(difference as Tensor),
  learn: ({ residual }, { newZ, newResidual }, [old], accepted) => [
    select(accepted, correction(residual, newZ, newResidual, products), old as Tensor)
  ]
})
