import { boundedAffine, coupling, couplingSizes, type Kept } from '../../../src/flow/coupling.js'
import { rationalQuadratic, splineParameters } from '../../../src/flow/rationalQuadratic.js'
import { activations } from '../../../src/net/activations.js'
import { type MlpParameters, mlp } from '../../../src/net/mlp.js'
import { fromSeed } from '../../../src/random/key.js'
import { normal } from '../../../src/random/normal.js'
import { fromArray } from '../../../src/tensor/constructors.js'

export const form = { activation: activations.tanh, leading: false } as const

/** A dense net of normal weights times a factor; no constant is aimed at. */
export const drawnNet = (seed: number, widths: readonly number[], factor = 1): MlpParameters => ({
  layers: widths.slice(1).map((out, l) => {
    const size = widths[l] as number
    const draws = normal(fromSeed(1000 * seed + l))(out * (size + 1))
    return {
      weight: fromArray(
        draws.slice(0, out * size).map(x => x * factor),
        [out, size]
      ),
      bias: fromArray(draws.slice(out * size).map(x => x * factor))
    }
  }),
  betas: []
})

export const spline = { bins: 4, bound: 2 } as const

/** A RealNVP coupling of d variables, and parameters of its net. */
export const affineCoupling = (d: number, kept: Kept, seed: number, factor = 1) => {
  const sizes = couplingSizes(d, kept)
  return {
    block: coupling(kept, mlp(form), boundedAffine(2)),
    parameters: drawnNet(seed, [sizes.kept, 5, 2 * sizes.moved], factor)
  }
}

/** A coupling of splines of d variables, and parameters of its net. */
export const splineCoupling = (d: number, kept: Kept, seed: number, factor = 1) => {
  const sizes = couplingSizes(d, kept)
  return {
    block: coupling(kept, mlp(form), rationalQuadratic(spline)),
    parameters: drawnNet(seed, [sizes.kept, 5, splineParameters(spline) * sizes.moved], factor)
  }
}
