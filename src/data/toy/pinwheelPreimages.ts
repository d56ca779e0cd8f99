import { bracketedRoot } from '../numerics/bracketedRoot.js'

/**
 * Every u > 0 with ln(4 u) = radius cos(angle + u), ascending, each once: the preimages of a point in one blade, u being
 * exp(f0) / 4. Complete by proof: H(u) = ln(4 u) - radius cos(angle + u) increases where sin(angle + u) >= 0; elsewhere H' is
 * convex between two multiples of pi, so it has at most two zeros there, which are found first. Between these points H is
 * monotone, and a change of sign (zero counts as positive) is one root.
 */
export const pinwheelPreimages = (radius: number, angle: number): ReadonlyArray<number> => {
  const h = (u: number): number => Math.log(4 * u) - radius * Math.cos(angle + u)
  const slope = (u: number): number => 1 / u + radius * Math.sin(angle + u)
  const bend = (u: number): number => -1 / (u * u) + radius * Math.cos(angle + u)
  const third = (u: number): number => 2 / u ** 3 - radius * Math.sin(angle + u)

  /** The zeros of H' where it is convex. */
  const turningPoints = (low: number, high: number): ReadonlyArray<number> => {
    const lowest = bend(low) >= 0 ? low : bend(high) <= 0 ? high : bracketedRoot(bend, third, low, high)
    if (slope(lowest) >= 0) return []
    const left = slope(low) > 0 ? [bracketedRoot(slope, bend, low, lowest)] : []
    const right = slope(high) > 0 ? [bracketedRoot(slope, bend, lowest, high)] : []
    return [...left, ...right]
  }

  const margin = 1e-3
  const first = Math.exp(-radius - margin) / 4
  const last = Math.exp(radius + margin) / 4
  const roots: Array<number> = []
  for (let n = Math.floor((angle + first) / Math.PI), low = first; low < last; n++) {
    const high = Math.min((n + 1) * Math.PI - angle, last)
    if (high <= low) continue
    const ends = [low, ...(n % 2 === 0 ? [] : turningPoints(low, high)), high]
    for (let i = 0; i + 1 < ends.length; i++) {
      const [a, b] = [ends[i] as number, ends[i + 1] as number]
      if (h(a) >= 0 !== h(b) >= 0) roots.push(bracketedRoot(h, slope, a, b))
    }
    low = high
  }
  return roots
}
