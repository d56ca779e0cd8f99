import { byLemma, type Contractive } from '../lipschitz/contractive.js'
import { defect } from '../prelude/defect.js'
import { scalar } from '../tensor/constructors.js'
import { mul } from '../tensor/primitives/mul.js'
import { sub } from '../tensor/primitives/sub.js'
import type { Tensor } from '../tensor/tensor.js'

/** Constants of a map f of one sample [d] -> [d] in the class F. */
export interface MonotoneConstants {
  /** m > 0 with <df, dx> >= m |dx|^2. */
  readonly monotone: number
  /** M with |df| <= M |dx|. */
  readonly lipschitz: number
}

/** The nets of an ImpFlow block without parameters: `implicit(method)(gx, gz)` is the block. */
export interface RepresentingNets {
  /** a, in (0, 2 m1 / M1^2) and in (0, 2 m2). */
  readonly factor: number
  readonly gx: Contractive<readonly []>
  readonly gz: Contractive<readonly []>
}

/** sqrt(1 - s) from above, for an s in [0, 1] with a relative error of at most 7 * 2^-53. */
const rootFromAbove = (s: number): number => Math.sqrt(Math.max(0, 1 - s) + 2 ** -49)

const checked = (name: string, { monotone, lipschitz }: MonotoneConstants): void => {
  if (!(0 < monotone && monotone <= lipschitz && lipschitz < Infinity))
    defect(`${name} needs constants 0 < m <= M < Infinity, got m = ${monotone} and M = ${lipschitz}`)
}

/**
 * The ImpFlow block that is f2 after f1: gx = a f1 - Id and gz = a f2^-1 - Id, with Lip(gx)^2 <= 1 - a (2 m1 - a M1^2)
 * and Lip(gz)^2 <= 1 - a (2 m2 - a) / M2^2. The equation of the block is a (f1(x) - f2^-1(z)) = 0: the factor cancels
 * because it is the same on both sides.
 * Source: Lu et al. 2021, Theorem 2; proofs/Theorem2.v, `theorem2_block`.
 * @param f1 its values and constants
 * @param f2 the values of its inverse, and the constants of f2 itself
 * failure  constants that are not 0 < m <= M < Infinity, or so far apart that a contraction is 1 in float64, are a defect
 */
export const theorem2Block = (
  f1: MonotoneConstants & { readonly value: (x: Tensor) => Tensor },
  f2: MonotoneConstants & { readonly inverse: (y: Tensor) => Tensor }
): RepresentingNets => {
  checked('f1', f1)
  checked('f2', f2)
  const a = Math.min(f1.monotone / f1.lipschitz ** 2, f2.monotone)
  const cx = rootFromAbove(a * (2 * f1.monotone - a * f1.lipschitz ** 2))
  const cz = rootFromAbove((a * (2 * f2.monotone - a)) / f2.lipschitz ** 2)
  if (Math.max(cx, cz) >= 1) defect(`theorem2Block needs M / m below 2^24, about; the constants give ${cx} and ${cz}`)
  const source = 'Lu et al. 2021, Theorem 2; proofs/Theorem2.v'
  const net = (f: (x: Tensor) => Tensor, constant: number): Contractive<readonly []> =>
    byLemma(
      source,
      () => x => sub(mul(a, f(x)), x),
      () => scalar(constant)
    )
  return { factor: a, gx: net(f1.value, cx), gz: net(f2.inverse, cz) }
}
