import { uniform } from '../../random/uniform.js'
import type { Density } from '../density.js'
import { plane } from './plane.js'

/** y = 2.5 sin x, x uniform on (-2.5, 2.5): on a curve, so without a density. The authors call it cos. */
export const cosine: Density = {
  name: 'cos',
  description: 'an arc of 2.5 sin x (no density)',
  dimension: 2,
  sample: key => count => {
    const uniforms = uniform(key)(count)
    return plane(count)(i => {
      const x = 5 * (uniforms[i] as number) - 2.5
      return [x, 2.5 * Math.sin(x)]
    })
  },
  logDensity: null,
  entropy: null
}
