/** A point's image under a flow that is to be tested, as plain numbers. */
export interface NumberImage {
  readonly value: ArrayLike<number>
  /** ln |det| of the Jacobian of the map that was applied. */
  readonly logDet?: number
  /** How far the value is at most from the exact one (Euclidean): your claim for this point, instead of the general one. */
  readonly error?: number
  /** How far the log-determinant is at most from the exact one at the exact image. */
  readonly logDetError?: number
  /** false where the flow itself says that this image is not to be relied on. */
  readonly converged?: boolean
}

/** A direction of a flow: a plain function of numbers, asynchronous if need be. */
export type Direction = (x: readonly number[]) => NumberImage | Promise<NumberImage>

/** Anyone's flow, as plain functions of numbers. */
export interface NumberFlow {
  readonly name: string
  readonly dimension: number
  readonly forward: Direction
  readonly inverse: Direction
  /**
   * What you claim: values are off by at most `value` (1 + |value|), log-determinants by at most `logDet`. Tolerances are
   * derived from it, so a generous claim makes weak laws.
   */
  readonly accuracy: { readonly value: number; readonly logDet: number }
  /** Lipschitz constants of the two directions, where they are known; else they are measured where they are needed. */
  readonly stretch?: { readonly forward: number; readonly inverse: number }
  /** Points have coordinates from -size to size; 3 unless told. */
  readonly size?: number
  /** Log-determinants vary from point to point or flow to flow, unless told: 0 by design, or none are given. */
  readonly logDet?: 'varies' | 'zero' | 'none'
  /** Whether far points (1e8), too, must have finite images; true unless told. */
  readonly everywhere?: boolean
  /** The forward direction of many points at once, where the flow has one. */
  readonly forwardAll?: (xs: readonly (readonly number[])[]) => readonly NumberImage[] | Promise<readonly NumberImage[]>
}

/** How far an image is at most from the exact one, as claimed. */
export const errorOf = ({ accuracy }: NumberFlow, { value, error }: NumberImage): number =>
  error ?? accuracy.value * (1 + Math.hypot(...Array.from(value)))

/** How far a log-determinant is at most from the exact one, as claimed. */
export const logDetErrorOf = ({ accuracy }: NumberFlow, { logDetError }: NumberImage): number =>
  logDetError ?? accuracy.logDet
