import type { Key } from '../random/key.js'
import { normal } from '../random/normal.js'
import { rademacher } from '../random/rademacher.js'

/** Laws of a probe v with E[v v'] = I: random signs, standard normal numbers, or uniform on the sphere of radius sqrt(d). */
export type ProbeLaw = 'rademacher' | 'gaussian' | 'sphere'

/**
 * Independent probes in d dimensions, row-major. shape key -> count, d -> [count d]
 * Source: Hutchinson 1990. Signs have the smallest variance of probes with independent entries.
 */
export const drawProbes =
  (law: ProbeLaw) =>
  (key: Key) =>
  (count: number, d: number): Float64Array => {
    if (law === 'rademacher') return rademacher(key)(count * d)
    const draws = normal(key)(count * d)
    if (law === 'gaussian') return draws
    return draws.map((x, i) => {
      const own = draws.subarray(i - (i % d), i - (i % d) + d)
      return (x * Math.sqrt(d)) / Math.hypot(...own)
    })
  }
