import type { Smooth } from '../lipschitz/contractive.js'
import { linearize } from '../rewrite/linearize.js'
import { vectorizeOver } from '../rewrite/vectorize.js'
import { dot } from '../solve/vectors.js'
import { add } from '../tensor/primitives/add.js'
import { constantOwning } from '../tensor/primitives/constant.js'
import { div } from '../tensor/primitives/div.js'
import { equal } from '../tensor/primitives/equal.js'
import { mul } from '../tensor/primitives/mul.js'
import { sqrt } from '../tensor/primitives/sqrt.js'
import { stopGradient } from '../tensor/primitives/stopGradient.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'
import type { LogDet } from './exact.js'
import { direction } from './orthonormal.js'

/** A symmetric tridiagonal matrix: its diagonal, n numbers, and what is beside it, n - 1. Scalars. */
interface Tridiagonal {
  readonly diagonal: readonly Tensor[]
  readonly beside: readonly Tensor[]
}

/** Distance of the nodes; the error of the trapezoidal rule is of the order of e^(-2 pi^2 / step), 5e-15. */
const step = 0.6

/**
 * e_1' ln(T) e_1 of a positive definite T with eigenvalues in [low, high]: the integral over all s of
 * e^s (1 / (1 + e^s) - e_1' (T + e^s)^-1 e_1) by the trapezoidal rule, where the integrand is analytic for |Im s| < pi; the
 * corner of the inverse is a continued fraction.
 */
const logCorner = ({ diagonal, beside }: Tridiagonal, [low, high]: readonly [number, number]): Tensor => {
  const [from, to] = [Math.log(low) - 32, Math.log(high) + 32]
  const count = Math.ceil((to - from) / step)
  const nodes = Float64Array.from({ length: count + 1 }, (_, i) => Math.exp(from + i * step))
  const [u, share] = [nodes, nodes.map(x => 1 / (1 + x))].map(values => constantOwning(values, [count + 1])) as [
    Tensor,
    Tensor
  ]
  const last = diagonal.length - 1
  let pivot = add(u, diagonal[last] as Tensor)
  for (let i = last - 1; i >= 0; i--) {
    const b = beside[i] as Tensor
    pivot = sub(add(u, diagonal[i] as Tensor), div(mul(b, b), pivot))
  }
  return mul(step, sum(mul(u, sub(share, div(1, pivot)))))
}

/**
 * The diagonal entry that gives a tridiagonal matrix, one row longer, an eigenvalue at a.
 * Source: Golub 1973, Some modified matrix eigenvalue problems, section 4.
 */
const radauEntry = ({ diagonal, beside }: Tridiagonal, a: number): Tensor => {
  const pivot = diagonal.reduce<Tensor | null>((before, alpha, i) => {
    const shifted = sub(alpha, a)
    const b = beside[i - 1]
    return before === null || b === undefined ? shifted : sub(shifted, div(mul(b, b), before))
  }, null)
  const b = beside[diagonal.length - 1] as Tensor
  return add(a, div(mul(b, b), pivot as Tensor))
}

/** Lanczos steps of M = (I + J)'(I + J) from v, every vector orthogonal to all before. One step: J and J' once each. */
const tridiagonal = (g: Smooth, x: Tensor, v: Tensor, steps: number): Tridiagonal => {
  const [, J] = linearize(g.value)(x)
  const half = (w: Tensor): Tensor => add(w, J.apply(w))
  const square = (w: Tensor): Tensor => {
    const y = half(w)
    return add(y, J.transpose(y))
  }
  const [diagonal, beside, basis]: [Tensor[], Tensor[], Tensor[]] = [[], [], [div(v, sqrt(dot(v, v)))]]
  for (let k = 0; k < steps; k++) {
    const q = basis[k] as Tensor
    const image = square(q)
    // a row of zeros follows where the space is exhausted: a 1 there with nothing beside it changes no corner
    diagonal.push(add(dot(q, image), equal(dot(q, q), 0)))
    const [next, beta] = direction(basis, image)
    basis.push(next)
    beside.push(beta)
  }
  return { diagonal, beside }
}

/** How `lanczos` is to look at J. */
export interface LanczosOptions {
  /** Probes, [m d]; their estimates are averaged. */
  readonly probes: Tensor
  /** Steps, each one product with J and one with J'. */
  readonly steps: number
  /** A proved bound of |J|, below 1: the spectrum of (I + J)'(I + J) lies in [(1 - c)^2, (1 + c)^2]. */
  readonly contraction: number
}

/**
 * Mean over the probes of v' ln(M) v / 2, M = (I + J)'(I + J), whose expectation is ln |det(I + J)|, between two quadratures
 * of Gauss and Radau: the first is never above the truth of these probes and the second never below, but for rounding. Both
 * draw near as c^(2 steps). For values only: no derivative.
 * Source: Golub and Meurant 1994, Matrices, moments and quadrature, theorems 3.2 and 3.4 with derivatives of ln of
 * alternating signs; Ubaru, Chen and Saad 2017.
 */
export const lanczosBracket =
  ({ probes, steps, contraction: c }: LanczosOptions) =>
  (g: Smooth) =>
  (x: Tensor): readonly [low: Tensor, high: Tensor] => {
    // a little wider, so that no eigenvalue lies at an end: the quadrature of Radau would divide by 0
    const ends = [((1 - c) * (1 - 2 ** -20)) ** 2, (1 + c) ** 2] as const
    const [low, high] = vectorizeOver(
      row => {
        const v = row as Tensor
        const { diagonal, beside } = tridiagonal(g, x, v, steps)
        const gauss = { diagonal, beside: beside.slice(0, -1) }
        const radau = { diagonal: [...diagonal, radauEntry({ diagonal, beside }, ends[0])], beside }
        const weight = div(dot(v, v), 2)
        return [mul(weight, logCorner(radau, ends)), mul(weight, logCorner(gauss, ends))]
      },
      [probes],
      [true],
      probes.shape[0] as number,
      'first'
    ) as [Tensor, Tensor]
    const mean = (all: Tensor): Tensor => stopGradient(div(sum(all), probes.shape[0] as number))
    return [mean(low), mean(high)]
  }

/** The middle of `lanczosBracket`: biased, by at most half its width, so not an unbiased estimate of ln |det(I + J)|. */
export const lanczos =
  (options: LanczosOptions): LogDet =>
  g =>
  x => {
    const [low, high] = lanczosBracket(options)(g)(x)
    return div(add(low, high), 2)
  }
