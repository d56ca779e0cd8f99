import { defect } from '../prelude/defect.js'
import { abs } from '../tensor/primitives/abs.js'
import { broadcast } from '../tensor/primitives/broadcast.js'
import { div } from '../tensor/primitives/div.js'
import { exp } from '../tensor/primitives/exp.js'
import { greater } from '../tensor/primitives/greater.js'
import { log } from '../tensor/primitives/log.js'
import { max } from '../tensor/primitives/max.js'
import { maximum } from '../tensor/primitives/maximum.js'
import { mul } from '../tensor/primitives/mul.js'
import { select } from '../tensor/primitives/select.js'
import { sign } from '../tensor/primitives/sign.js'
import { sqrt } from '../tensor/primitives/sqrt.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'
import { normalized, times, type Vectors } from './spectralNorm.js'

/** The norms |x|_p and |W x|_q of an induced norm |W|_(p,q) = max |W x|_q / |x|_p, p and q from 1 to Infinity. */
export interface NormPair {
  readonly domain: number
  readonly codomain: number
}

const named = ({ domain, codomain }: NormPair): string => `${domain},${codomain}`

const largest = (rows: Tensor, axis: number): Tensor => max(abs(rows), [axis])
const length = (rows: Tensor, axis: number): Tensor => sqrt(sum(mul(rows, rows), [axis]))
const total = (rows: Tensor, axis: number): Tensor => sum(abs(rows), [axis])

/** Induced norms that have a closed form: the largest norm of a column (axis 0 summed) or of a row (axis 1). */
const closedForms: Readonly<Record<string, readonly [norms: (w: Tensor, axis: number) => Tensor, axis: 0 | 1]>> = {
  '1,1': [total, 0],
  '1,2': [length, 0],
  '1,Infinity': [largest, 0],
  '2,Infinity': [length, 1],
  'Infinity,Infinity': [total, 1]
}

const closedForm = (pair: NormPair) =>
  closedForms[named(pair)] ??
  defect(`the induced norm (${named(pair)}) has no closed form here: one of ${Object.keys(closedForms).join('; ')}`)

/**
 * An induced norm by its closed form: (1,1), (1,2), (1,inf), (2,inf) or (inf,inf).
 * shape    [out in] -> []
 * Source: Horn, Johnson, Matrix Analysis, 5.6. The authors' code takes the largest entry for (1,inf) without its absolute value.
 * @throws TypeError for another pair of norms
 * @example inducedNorm(fromNested([[1, -5], [2, 0]]), { domain: 1, codomain: Infinity }) // => 5
 */
export const inducedNorm = (weight: Tensor, pair: NormPair): Tensor => {
  const [norms, axis] = closedForm(pair)
  return max(norms(weight, axis))
}

/**
 * The weights with every column, or row, whose norm is above the coefficient scaled down to it: then the induced norm is at
 * most the coefficient.
 * shape    [out in] -> [out in]
 * Source: Chen et al. 2019, Residual Flows, appendix on induced mixed norms.
 * @throws TypeError for a pair of norms without a closed form
 */
export const inducedNormalized = (weight: Tensor, pair: NormPair, coefficient: number): Tensor => {
  const [norms, axis] = closedForm(pair)
  const factors = maximum(1, div(norms(weight, axis), coefficient))
  return div(weight, broadcast(factors, weight.shape, [1 - axis]))
}

/** |x|^p for p > 0, by logarithms; 0 where x is. */
const power = (x: Tensor, p: number): Tensor => {
  const some = greater(abs(x), 0)
  return mul(some, exp(mul(p, log(select(some, abs(x), 1)))))
}

/** The vector of |v|_p = 1 that has the largest inner product with y, of |y|_q, 1/p + 1/q = 1, q finite. */
const dual = (y: Tensor, q: number): Tensor => {
  if (q === 2) return normalized(y)
  const scaled = div(y, maximum(max(abs(y)), 1e-300))
  const bent = mul(sign(scaled), power(scaled, q - 1))
  if (q === 1) return sign(y)
  const p = q / (q - 1)
  const size = exp(mul(1 / p, log(maximum(sum(power(bent, p)), 1e-300))))
  return div(bent, size)
}

/**
 * One step of the power method for an induced norm, u first: u is dual to W v, v to W' u. For (2,2) that of `powerIteration`.
 * It need not converge to the largest value; u' W v is a lower bound. Kept to reproduce published settings.
 * shape    weight [out in], u [out], v [in]
 * Source: Boyd 1974; Chen et al. 2019, appendix.
 * @param pair domain above 1, codomain finite
 * @throws TypeError for a domain of 1 or a codomain of Infinity, where the dual vector is not unique
 */
export const inducedIteration = (weight: Tensor, { domain, codomain }: NormPair) => {
  if (!(domain > 1 && codomain >= 1 && codomain < Infinity))
    return defect(`the power method needs a domain above 1 and a finite codomain, not (${domain},${codomain})`)
  return ({ v }: Vectors): Vectors => {
    const u = dual(times(weight, v), codomain)
    return { u, v: dual(times(weight, u, true), domain / (domain - 1)) }
  }
}
