import { uniform } from '../../random/uniform.js'
import type { Density } from '../density.js'
import { plane } from './plane.js'

/** y = x, x uniform on (-2.5, 2.5): on a curve, so without a density. */
export const line: Density = {
  name: 'line',
  description: 'a segment of the diagonal (no density)',
  dimension: 2,
  sample: key => count => {
    const uniforms = uniform(key)(count)
    return plane(count)(i => {
      const x = 5 * (uniforms[i] as number) - 2.5
      return [x, x]
    })
  },
  logDensity: null,
  entropy: null
}
