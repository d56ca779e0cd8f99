import { steepSlopes } from './steep.js'
import type { SteepResult } from './steepRun.js'

/** Of the points that were measured, one in so many is drawn; both ends and 0, where errors peak, are among them. */
const thinning = 25

const thinned = (values: Float64Array): Float64Array => values.filter((_, i) => i % thinning === 0)

/** The experiment as a chart of `functionFit1d`: target and fits, the ImpFlow first. */
export const steepChart = ({ options, x, target, fits }: SteepResult) => ({
  title: 'A steep function: one implicit block against residual blocks',
  subtitle: [
    `Slope ${steepSlopes.left} for x < 0, ${steepSlopes.right} for x >= 0.`,
    `Nets 1-${options.hidden.join('-')}-1, ${options.steps} steps each.`,
    'Theorem 3: ResFlows of 1, 2, 3 blocks err by at least 4, 3, 1.'
  ].join(' '),
  x: thinned(x),
  target: thinned(target),
  fits: fits.map(({ label, values }) => ({ label, values: thinned(values) }))
})

/** The experiment's numbers, ready for JSON. */
export const steepNumbers = ({ options, backend, fits }: SteepResult) => ({
  experiment: 'steep',
  slopes: steepSlopes,
  interval: [-1, 1],
  options,
  backend,
  fits: fits.map(({ values: _values, ...numbers }) => numbers)
})
