import { gaussLegendre } from './gaussLegendre.js'

/** The integral of exp(log(t)) for t in (from, to), and what is known of it. */
export interface PeakedIntegral {
  readonly from: number
  readonly to: number
  /** Length of an interval on which exp(log) is smooth: 16 Gauss-Legendre nodes give full precision there. */
  readonly width: number
  readonly log: (t: number) => number
  /** An upper bound of log on the interval middle +- half. */
  readonly bound: (middle: number, half: number) => number
}

const rule = gaussLegendre(16)

/**
 * ln of the integral of exp(log(t)): composite Gauss-Legendre by branch and bound, everything in log space, so that an
 * integral of exp(-1e6) is as precise as one of 1 and costs only the intervals near its peak. What is left out is below
 * exp(-40) of the whole. A `log` that is not finite in the middle of (from, to) is returned as it is.
 */
export const logIntegral = ({ from, to, width, log, bound }: PeakedIntegral): number => {
  let best = log((from + to) / 2)
  if (!Number.isFinite(best)) return best
  const negligible = 40 + Math.log((to - from) / width)
  let shift = best
  let sum = 0
  const add = (value: number, weight: number): void => {
    if (value > shift) {
      sum *= Math.exp(shift - value)
      shift = value
    }
    sum += weight * Math.exp(value - shift)
  }
  const integrate = (middle: number, half: number): void => {
    for (let i = 0; i < rule.nodes.length; i++)
      add(log(middle + half * (rule.nodes[i] as number)), half * (rule.weights[i] as number))
    best = Math.max(best, shift)
  }
  const visit = (middle: number, half: number, limit: number): void => {
    if (limit < best - negligible) return
    if (2 * half <= width) {
      integrate(middle, half)
      return
    }
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
