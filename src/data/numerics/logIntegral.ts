import { gaussLegendre } from './gaussLegendre.js'

/** The integral of exp(log(t)) for t in (from, to), and what is known of it. */
export interface PeakedIntegral {
  readonly from: number
  readonly to: number
  /** Length of an interval on which log bends little, so that 16 Gauss-Legendre nodes see all of exp(log); steepness is free. */
  readonly width: number
  readonly log: (t: number) => number
  /** An upper bound of log on the interval middle +- half. */
  readonly bound: (middle: number, half: number) => number
}

const rule = gaussLegendre(16)

/** Intervals on which log changes more, in nats, are halved: 16 nodes are exact to 1e-13 for exp of 20 nats. */
const steep = 20

/**
 * ln of the integral of exp(log(t)): composite Gauss-Legendre by branch and bound, everything in log space, so that an
 * integral of exp(-1e6) is as precise as one of 1 and costs only the intervals near its peak. What is left out is below
 * exp(-40) of the whole. A `log` that is not finite in the middle of (from, to) is returned as it is.
 */
export const logIntegral = ({ from, to, width, log, bound }: PeakedIntegral): number => {
  let best = log((from + to) / 2)
  if (!Number.isFinite(best)) return best
  const negligible = 40 + Math.log((to - from) / width)
  const finest = 1e-12 * (to - from)
  let shift = best
  let sum = 0
  const add = (value: number, weight: number): void => {
    if (value > shift) {
      sum *= Math.exp(shift - value)
      shift = value
    }
    sum += weight * Math.exp(value - shift)
  }
  const values = new Float64Array(rule.nodes.length)
  /** True if the rule is good enough on middle +- half, and then added to the sum. */
  const integrated = (middle: number, half: number): boolean => {
    for (let i = 0; i < values.length; i++) values[i] = log(middle + half * (rule.nodes[i] as number))
    for (const value of values) best = Math.max(best, value)
    const change = Math.abs((values[values.length - 1] as number) - (values[0] as number))
    if (change > steep && half > finest) return false
    for (let i = 0; i < values.length; i++) add(values[i] as number, half * (rule.weights[i] as number))
    return true
  }
  const visit = (middle: number, half: number, limit: number): void => {
    if (limit < best - negligible) return
    if (2 * half <= width && integrated(middle, half)) return
    best = Math.max(best, log(middle))
    const quarter = half / 2
    const left = bound(middle - quarter, quarter)
    const right = bound(middle + quarter, quarter)
    if (left > right) visit(middle - quarter, quarter, left)
    visit(middle + quarter, quarter, right)
    if (left <= right) visit(middle - quarter, quarter, left)
  }
  visit((from + to) / 2, (to - from) / 2, Number.POSITIVE_INFINITY)
  return shift + Math.log(sum)
}
