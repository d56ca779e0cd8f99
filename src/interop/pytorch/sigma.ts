import type { StoredLayer } from './chain.js'

/** The vectors of a power iteration: u [out], v [in]. */
export interface Pair {
  readonly u: Float64Array
  readonly v: Float64Array
}

const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0)

/** W v, or W' u. */
const times = ({ weight }: StoredLayer, x: Float64Array, transposed: boolean): Float64Array => {
  const [out, size] = weight.shape as readonly [number, number]
  const w = weight.values
  return transposed
    ? Float64Array.from({ length: size }, (_, j) => x.reduce((sum, y, i) => sum + y * (w[i * size + j] as number), 0))
    : Float64Array.from({ length: out }, (_, i) => dot(w.subarray(i * size, (i + 1) * size), x))
}

const unit = (x: Float64Array): Float64Array => {
  const length = Math.max(Math.sqrt(dot(x, x)), 1e-12)
  return x.map(y => y / length)
}

/** When a power iteration ends: after some steps, or when both vectors move by less than a tolerance, or after 200. */
export type Refresh = { readonly steps: number } | { readonly tolerance: number }

const most = 200

/**
 * The vectors of averaged weights, which checkpoints do not hold: power iteration from the stored ones, u first, ended as
 * the training script ends it: RMS change of u below tolerance (1 + max u), and so for v.
 * Source: the published implementation of Lu et al. 2021, mixed_lipschitz.py.
 */
export const refreshed = (layer: StoredLayer, refresh: Refresh): Pair => {
  let [u, v] = [layer.u.values, layer.v.values]
  const steps = 'steps' in refresh ? refresh.steps : most
  for (let i = 0; i < steps; i++) {
    const [oldU, oldV] = [u, v]
    u = unit(times(layer, v, false))
    v = unit(times(layer, u, true))
    const still = (now: Float64Array, old: Float64Array, tolerance: number): boolean => {
      const change = now.map((x, k) => x - (old[k] as number))
      return Math.sqrt(dot(change, change) / now.length) < tolerance + tolerance * Math.max(...now)
    }
    if ('tolerance' in refresh && still(u, oldU, refresh.tolerance) && still(v, oldV, refresh.tolerance)) break
  }
  return { u, v }
}

/** The weight as used: W / max(1, (u . W v) / coefficient), row-major; NaN where the estimate overflows. */
export const effectiveWeight = (layer: StoredLayer, { u, v }: Pair, coefficient: number): Float64Array => {
  const sigma = dot(u, times(layer, v, false))
  const factor = Number.isFinite(sigma) ? Math.max(1, sigma / coefficient) : Number.NaN
  return layer.weight.values.map(x => x / factor)
}
