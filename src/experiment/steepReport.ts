import { steepSlopes } from './steep.js'
import type { SteepResult } from './steepRun.js'

/** Points drawn on either side of 0, about; both ends and 0, where errors peak, are among them. */
const drawn = 400

/** The experiment as a chart of `functionFit1d`: target and fits, the ImpFlow first. */
export const steepChart = ({ options, x, target, fits }: SteepResult) => {
  const stride = Math.max(1, Math.floor(options.measured / drawn))
  const thinned = (values: Float64Array): Float64Array =>
    values.filter((_, i) => (i - options.measured) % stride === 0 || i === 0 || i === values.length - 1)
  return {
    title: 'One implicit block against residual blocks',
    subtitle: `Slope ${steepSlopes.left} for x < 0 and ${steepSlopes.right} for x >= 0; nets 1-${options.hidden.join('-')}-1. At least: by Theorem 3, for every such flow.`,
    x: thinned(x),
    target: thinned(target),
    fits: fits.map(({ label, floor, values }) => ({
      label: floor > 0 ? `${label} (at least ${floor})` : label,
      values: thinned(values)
    }))
  }
}

/** The experiment's numbers, ready for JSON. */
export const steepNumbers = ({ options, backend, fits }: SteepResult) => ({
  experiment: 'steep',
  slopes: steepSlopes,
  interval: [-1, 1],
  options,
  backend,
  fits: fits.map(({ values: _values, ...numbers }) => numbers)
})
