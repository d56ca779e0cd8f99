import { integer } from '../../random/integer.js'
import { split } from '../../random/key.js'
import { normal } from '../../random/normal.js'
import type { KnownDensity } from '../density.js'
import { logIntegral } from '../numerics/logIntegral.js'
import { logSumExp } from '../numerics/logSumExp.js'
import { logNormal } from '../numerics/normalInterval.js'
import { pinwheelPreimages } from './pinwheelPreimages.js'
import { plane } from './plane.js'

const blades = 5
const radial = 0.3
const tangential = 0.1
const scale = 2
/** Above this |x| / 2 the preimages grow like exp(|x| / 2): the density is averaged over the angle instead. */
const farRadius = 10

/** ln of the density of the blade's own coordinates, f0 along and f1 across. */
const logBlade = (f0: number, f1: number): number =>
  logNormal((f0 - 1) / radial) + logNormal(f1 / tangential) - Math.log(radial * tangential)

/** Sum over all preimages, each divided by the Jacobian scale^2 |1 + u f1|, u = exp(f0) / 4. */
const logNear = (radius: number, angle: number): number => {
  const terms: Array<number> = []
  for (let k = 0; k < blades; k++) {
    const turned = angle + (2 * Math.PI * k) / blades
    for (const u of pinwheelPreimages(radius, turned)) {
      const f1 = radius * Math.sin(turned + u)
      terms.push(logBlade(Math.log(4 * u), f1) - Math.log(Math.abs(1 + u * f1)))
    }
  }
  return logSumExp(terms) - Math.log(blades * scale * scale)
}

/** The mean over all angles: what the density of a far point looks like at any resolution that can be reached. */
const logFar = (radius: number): number => {
  const offset = (psi: number): number =>
    Math.hypot((radius * Math.cos(psi) - 1) / radial, (radius * Math.sin(psi)) / tangential)
  const exponent = (d: number): number => -(d * d) / 2 - Math.log(2 * Math.PI * radial * tangential)
  const log = logIntegral({
    from: -Math.PI,
    to: Math.PI,
    width: Math.max(tangential / (2 * radius), 1e-9),
    log: psi => exponent(offset(psi)),
    bound: (middle, half) => exponent(Math.max(0, offset(middle) - (radius * half) / tangential))
  })
  return log - Math.log(2 * Math.PI * scale * scale)
}

/**
 * Five curved blades: f0 = 1 + 0.3 n along, f1 = 0.1 n' across, turned by 2 pi k / 5 + 0.25 exp(f0), times 2.
 * The density is infinite on the curves 1 + 0.25 exp(f0) f1 = 0 (far tails, below e^-15). Farther than 20 from the origin
 * (below e^-400) `logDensity` is that of the mean over all angles.
 */
export const pinwheel: KnownDensity = {
  name: 'pinwheel',
  description: 'five curved blades',
  dimension: 2,
  sample: key => count => {
    const [bladeKey, noiseKey] = split(key)
    const blade = integer(blades)(bladeKey)(count)
    const noise = normal(noiseKey)(2 * count)
    return plane(count)(i => {
      const f0 = 1 + radial * (noise[2 * i] as number)
      const f1 = tangential * (noise[2 * i + 1] as number)
      const a = (2 * Math.PI * (blade[i] as number)) / blades + 0.25 * Math.exp(f0)
      return [scale * (f0 * Math.cos(a) + f1 * Math.sin(a)), scale * (-f0 * Math.sin(a) + f1 * Math.cos(a))]
    })
  },
  logDensity: point => {
    const [x, y] = [(point[0] as number) / scale, (point[1] as number) / scale]
    const radius = Math.hypot(x, y)
    return radius <= farRadius ? logNear(radius, Math.atan2(y, x)) : logFar(radius)
  },
  entropy: { nats: 2.3177882, plusMinus: 1e-7 }
}
