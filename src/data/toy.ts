/**
 * The toy distributions of the plane. Definitions: the authors' generators (thu-ml/implicit-normalizing-flows), in closed form.
 * Entropies: by quadrature of the exact densities, good to the digits given; densities agree with 160 values computed at high
 * precision (spec/support/vectors/toy_golden.json) to 1e-11.
 */
import type { Density, KnownDensity } from './density.js'
import { checkerboard } from './toy/checkerboard.js'
import { circles } from './toy/circles.js'
import { cosine } from './toy/cosine.js'
import { eightGaussians } from './toy/eightGaussians.js'
import { line } from './toy/line.js'
import { moons } from './toy/moons.js'
import { pinwheel } from './toy/pinwheel.js'
import { rings } from './toy/rings.js'
import { swissRoll } from './toy/swissRoll.js'
import { twoSpirals } from './toy/twoSpirals.js'

/** The eight toys whose density is known exactly. */
export const toys: ReadonlyArray<KnownDensity> = [
  eightGaussians,
  circles,
  moons,
  rings,
  swissRoll,
  twoSpirals,
  pinwheel,
  checkerboard
]

/** The two that lie on a curve: samples only. */
export const curves: ReadonlyArray<Density> = [line, cosine]
