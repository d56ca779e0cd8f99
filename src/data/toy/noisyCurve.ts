import { logIntegral } from '../numerics/logIntegral.js'

/** A smooth curve t -> (x(t), y(t)) on [from, to] and bounds there of |position|, |velocity| and |acceleration|. */
export interface Curve {
  readonly from: number
  readonly to: number
  readonly x: (t: number) => number
  readonly y: (t: number) => number
  readonly reach: number
  readonly speed: number
  readonly acceleration: number
}

/** A length of parameter on which the Gaussian of deviation sigma around the curve, seen from (x, y), is smooth. */
export const smoothWidth = ({ reach, speed, acceleration }: Curve, sigma: number, x: number, y: number): number =>
  Math.max((5 * sigma) / Math.sqrt(speed ** 2 + (Math.hypot(x, y) + reach) * acceleration), 1e-9)

/** ln of the density at (x, y) of curve(t) + sigma (n, n'), t uniform on [from, to], n and n' standard normal; nats. */
export const noisyCurve =
  (curve: Curve, sigma: number) =>
  (x: number, y: number): number => {
    const square = (t: number): number => (x - curve.x(t)) ** 2 + (y - curve.y(t)) ** 2
    const factor = -0.5 / (sigma * sigma)
    const log = logIntegral({
      from: curve.from,
      to: curve.to,
      width: smoothWidth(curve, sigma, x, y),
      log: t => factor * square(t),
      bound: (middle, half) => factor * Math.max(0, Math.sqrt(square(middle)) - curve.speed * half) ** 2
    })
    return log - Math.log(2 * Math.PI * sigma * sigma * (curve.to - curve.from))
  }
