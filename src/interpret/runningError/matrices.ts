import { abs } from '../../tensor/primitives/abs.js'
import { add } from '../../tensor/primitives/add.js'
import { broadcast } from '../../tensor/primitives/broadcast.js'
import { constantOf, zerosLike } from '../../tensor/primitives/constant.js'
import { div } from '../../tensor/primitives/div.js'
import { less } from '../../tensor/primitives/less.js'
import { log } from '../../tensor/primitives/log.js'
import { matmul } from '../../tensor/primitives/matmul.js'
import { max } from '../../tensor/primitives/max.js'
import { maximum } from '../../tensor/primitives/maximum.js'
import { mul } from '../../tensor/primitives/mul.js'
import { eye } from '../../tensor/primitives/oneHot.js'
import { transposed } from '../../tensor/primitives/permute.js'
import { type Kind, solve } from '../../tensor/primitives/solve.js'
import { sqrt } from '../../tensor/primitives/sqrt.js'
import { sub } from '../../tensor/primitives/sub.js'
import { sum } from '../../tensor/primitives/sum.js'
import { range } from '../../tensor/shape.js'
import { rankOf, type Tensor } from '../../tensor/tensor.js'
import type { Machine } from './machine.js'
import { certain, finiteWhere, gamma, isZero, plus, scaled, times, tinyOf } from './magnitudes.js'

interface Sides {
  readonly transposeA: boolean
  readonly transposeB: boolean
}

/** gamma_n |A||B| + |A| eB + eA |B| + eA eB, in any order of summation (Higham 2002, section 3.5). */
export const matmulLine =
  (machine: Machine) =>
  ([ea, eb]: readonly Tensor[], node: Tensor<Sides>): Tensor => {
    const [a, b] = node.inputs.map(abs) as [Tensor, Tensor]
    const [errorA, errorB] = [ea as Tensor, eb as Tensor]
    const inner = a.shape.at(node.parameters.transposeA ? -2 : -1) as number
    if (inner === 0) return zerosLike(node)
    const product = (x: Tensor, y: Tensor): Tensor => matmul(x, y, node.parameters)
    const own = gamma(machine, inner)
    const first = isZero(errorB) ? undefined : product(isZero(errorA) ? a : plus(a, errorA), errorB)
    const second =
      first !== undefined && isZero(errorA)
        ? product(a, plus(scaled(b, own), errorB))
        : plus(product(plus(scaled(a, own), errorA), b), first ?? constantOf(0))
    return plus(second, scaled(tinyOf(machine), inner))
  }

const lastTwo = (x: Tensor): readonly number[] => range(rankOf(x)).slice(-2)
const identityLike = (m: Tensor): Tensor => broadcast(eye(m.shape.at(-1) as number), m.shape, lastTwo(m))
const product = (a: Tensor, b: Tensor): Tensor => matmul(a, b)
const isEmpty = (x: Tensor): boolean => x.shape.some(n => n === 0)

/**
 * Bound of a solution by its residual, whatever the algorithm: with X an approximate inverse and |I - X M| = t < 2/5 in
 * the maximum row sum, y - y* = (X M)^-1 X r, so |y - y*| <= |X||r| + 2 t max |X||r|; Infinity otherwise. The residual and
 * t include the errors of M and b and of computing them. Rigorous. Source: Oishi, Rump 2002; Krawczyk 1969.
 */
export const solveLine =
  (machine: Machine) =>
  ([em, eb]: readonly Tensor[], node: Tensor<{ readonly kind: Kind; readonly transpose: boolean }>): Tensor => {
    const { kind, transpose } = node.parameters
    if (isEmpty(node)) return zerosLike(node)
    const [given, b] = node.inputs as readonly [Tensor, Tensor]
    const oriented = (x: Tensor): Tensor => (transpose && !isZero(x) ? transposed(x) : x)
    const [m, errorM] = [oriented(given), oriented(em as Tensor)]
    const n = m.shape.at(-1) as number
    const own = gamma(machine, n + 2)
    const identity = identityLike(m)
    const inverse = solve(given, identity, { kind, transpose })
    const sizeOfInverse = abs(inverse)
    const noisy = plus(scaled(abs(m), own), errorM)
    const defect = plus(
      abs(sub(identity, product(inverse, m))),
      product(sizeOfInverse, noisy),
      scaled(identity, own),
      scaled(tinyOf(machine), n)
    )
    const t = max(certain(sum(defect, [rankOf(m) - 1])), [rankOf(m) - 2])
    const residual = plus(
      abs(sub(b, product(m, node))),
      product(noisy, abs(node)),
      scaled(abs(b), own),
      eb as Tensor,
      scaled(tinyOf(machine), n)
    )
    const moved = product(sizeOfInverse, residual)
    const largest = max(certain(moved), [rankOf(node) - 2])
    const lead = range(rankOf(node) - 2)
    const factor = broadcast(finiteWhere(less(t, 0.4), scaled(t, 2)), node.shape, lead)
    return plus(moved, times(factor, broadcast(largest, node.shape, [...lead, rankOf(node) - 1])))
  }

const frobenius = (x: Tensor): Tensor => sqrt(sum(mul(x, x), lastTwo(x)))

/** Bounds for elimination: |L||U| in Frobenius norm, and magnitudes between which all pivots lie. */
interface Growth {
  readonly factors: Tensor
  readonly smallest: Tensor
  readonly largest: Tensor
}

/** Without exchanges, T symmetric and S skew part: |L||U| <= n (|T| + |S T^-1 S|). Source: Golub, Van Loan 1979. */
const nearIdentityGrowth = (m: Tensor): Growth => {
  const [symmetric, skew] = [mul(add(m, transposed(m)), 0.5), mul(sub(m, transposed(m)), 0.5)]
  const inverse = solve(symmetric, identityLike(m))
  const largest = add(frobenius(symmetric), frobenius(product(product(skew, inverse), skew)))
  return { factors: mul(largest, m.shape.at(-1) as number), smallest: div(1, frobenius(inverse)), largest }
}

/** With row exchanges: entries of L are at most 1 and those of U grow by at most 2^(n-1), 1 / u_kk is in M^-1 P' L. */
const generalGrowth = (m: Tensor, inverse: Tensor): Growth => {
  const n = m.shape.at(-1) as number
  const largest = mul(frobenius(m), 2 ** (n - 1))
  return { factors: mul(largest, n * n), smallest: div(1, mul(frobenius(inverse), n)), largest }
}

/**
 * Bound of ln |det M| computed from the pivots of an elimination, LU = M + E with |E| <= gamma |L||U|. First order in
 * X = M^-1, tr(X (E + dM)), and its second-order remainder; Infinity where |X|(|E| + |dM|) reaches 1/4. The factor 2 in
 * front is for the error of the computed X, which is not bounded here.
 */
export const logAbsDetLine =
  (machine: Machine) =>
  ([em]: readonly Tensor[], node: Tensor<{ readonly kind: Kind }>): Tensor => {
    const [m] = node.inputs as readonly [Tensor]
    const n = m.shape.at(-1) as number
    if (n === 0 || isEmpty(node)) return zerosLike(node)
    const { kind } = node.parameters
    const errorM = em as Tensor
    const inverse = solve(m, identityLike(m), { kind })
    const { factors, smallest, largest } = kind === 'general' ? generalGrowth(m, inverse) : nearIdentityGrowth(m)
    const backward = scaled(factors, gamma(machine, 4 * n))
    const size = frobenius(inverse)
    const moved = isZero(errorM) ? constantOf(0) : sum(times(abs(transposed(inverse)), errorM), lastTwo(m))
    const linear = plus(mul(size, backward), moved)
    const whole = mul(size, plus(backward, isZero(errorM) ? constantOf(0) : frobenius(errorM)))
    const second = scaled(mul(whole, whole), 4 / 3)
    const logs = scaled(maximum(abs(log(smallest)), abs(log(largest))), n)
    const units = machine.elementary.log.relative + 2 * n
    const rounding = plus(scaled(logs, gamma(machine, units)), scaled(abs(node), gamma(machine, units)))
    const spread = constantOf(gamma(machine, 2 * n) + machine.tiny)
    return finiteWhere(less(whole, 0.25), plus(scaled(plus(linear, second), 2), rounding, spread))
  }
