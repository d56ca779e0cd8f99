/** A complex number (re + im i) / over in lowest terms, over > 0: exact. */
export interface GaussianRational {
  readonly re: bigint
  readonly im: bigint
  readonly over: bigint
}

const gcd = (a: bigint, b: bigint): bigint => {
  let [x, y] = [a < 0n ? -a : a, b < 0n ? -b : b]
  while (y > 0n) [x, y] = [y, x % y]
  return x
}

/**
 * (re + im i) / over, reduced; over must not be 0.
 * @example String(gaussian(2n, 4n, 10n).over) // => '5'
 */
export const gaussian = (re: bigint, im: bigint, over: bigint): GaussianRational => {
  const shared = gcd(gcd(re, im), over) * (over < 0n ? -1n : 1n)
  return { re: re / shared, im: im / shared, over: over / shared }
}

/** The product of two complex numbers, exact. */
export const timesGaussian = (a: GaussianRational, b: GaussianRational): GaussianRational =>
  gaussian(a.re * b.re - a.im * b.im, a.re * b.im + a.im * b.re, a.over * b.over)

/**
 * The three factors of the witness. Multiplication by w is x + (w - 1) x, a residual block of constant |w - 1| in the
 * plane; here |w - 1|^2 = 4/5 for each.
 */
export const r3Factors: readonly GaussianRational[] = [gaussian(1n, 2n, 5n), gaussian(1n, 2n, 5n), gaussian(3n, 4n, 5n)]

/**
 * |w - 1|^2 as a fraction [numerator, denominator]: the square of the Lipschitz constant of the residual block that
 * multiplies by w.
 * @example constantSquared(gaussian(3n, 4n, 5n)).map(String) // => ['20', '25']
 */
export const constantSquared = ({ re, im, over }: GaussianRational): readonly [bigint, bigint] => [
  (re - over) ** 2n + im ** 2n,
  over ** 2n
]

/**
 * Where a point of the plane is before and after each of the three residual blocks, exactly; at last at -1/5 of itself.
 * No ImpFlow block does that, for a direction that is turned round is no difference of strongly monotone maps.
 * Source: Lu et al. 2021, Appendix (R_3 is not inside I); proofs/ThreeBlocks.v, `R3_not_in_I`.
 */
export const r3Path = (x: GaussianRational): readonly GaussianRational[] =>
  r3Factors.reduce<readonly GaussianRational[]>(
    (path, w) => [...path, timesGaussian(w, path.at(-1) as GaussianRational)],
    [x]
  )
