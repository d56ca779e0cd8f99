import { either as E } from 'fp-ts'
import { certifiedNorm } from '../lipschitz/certifiedNorm.js'
import { activations } from '../net/activations.js'
import type { Architecture } from './architecture.js'
import { layoutOf, type Segment, segmentsOf } from './layout.js'

/** A net whose Lipschitz bound is not below 1. */
export interface NotContractive {
  readonly tag: 'NotContractive'
  /** As in checkpoints: `blocks.0.gx`. */
  readonly net: string
  readonly bound: number
}

/** Weights that are proved to make contractions. */
export interface Certified {
  readonly effective: Float64Array
  /** Upper bounds of the weights' spectral norms, in the order of the layout's weights. */
  readonly norms: readonly number[]
  /** Largest Lipschitz bound of any net. */
  readonly lipschitzBound: number
}

/** The name of a weight's net. */
const netOf = ({ name }: Segment): string => name.slice(0, name.indexOf('.layers'))

/** Every net's bound: the product of its weights' norms and its activations' slopes. */
const netBounds = (architecture: Architecture, norms: readonly number[]): ReadonlyMap<string, number> => {
  const weights = layoutOf(architecture).segments.filter(({ kind }) => kind === 'weight')
  const slopes =
    activations[architecture.activation].lipschitz ** (architecture.hidden.length + (architecture.leading ? 1 : 0))
  const bounds = new Map<string, number>()
  weights.forEach((segment, i) => {
    const net = netOf(segment)
    bounds.set(net, (bounds.get(net) ?? slopes) * (norms[i] as number) * (1 + 2 ** -50))
  })
  return bounds
}

/** The certified norm of a weight. */
const normOf = ([{ shape }, values]: readonly [Segment, Float64Array]): number =>
  certifiedNorm(values, shape as [number, number])

const matricesOf = (architecture: Architecture, effective: Float64Array) =>
  segmentsOf(layoutOf(architecture), effective).filter(([{ kind }]) => kind === 'weight')

/**
 * Bounds of weights as they are, which nothing changes: the Lipschitz bound may be 1 or more, Infinity where an entry is
 * not finite.
 */
export const boundsAsGiven = (architecture: Architecture, weights: ArrayLike<number>): Certified => {
  const effective = Float64Array.from(weights)
  const norms = matricesOf(architecture, effective).map(normOf)
  return { effective, norms, lipschitzBound: Math.max(...netBounds(architecture, norms).values()) }
}

/**
 * Proves, in float64 with rounding errors, that every net is a contraction. Where the product of a net's norms is 1 or
 * more, its weights are divided by their certified norms first, instead of the estimates of power iteration.
 * @param weights effective, flat as the layout says
 * @returns Left with the net and its bound, if it is still not below 1 (entries that are not finite)
 */
export const certify = (
  architecture: Architecture,
  weights: ArrayLike<number>
): E.Either<NotContractive, Certified> => {
  const effective = Float64Array.from(weights)
  const matrices = matricesOf(architecture, effective)
  const found = matrices.map(normOf)
  const loose = netBounds(architecture, found)
  const norms = matrices.map(([segment, values], i) => {
    const norm = found[i] as number
    if ((loose.get(netOf(segment)) as number) < 1 || !(norm > architecture.coefficient)) return norm
    values.forEach((x, j) => {
      values[j] = (x / norm) * architecture.coefficient
    })
    return normOf([segment, values])
  })
  const bounds = netBounds(architecture, norms)
  const failed = [...bounds].find(([, bound]) => !(bound < 1))
  return failed === undefined
    ? E.right({ effective, norms, lipschitzBound: Math.max(...bounds.values()) })
    : E.left({ tag: 'NotContractive', net: failed[0], bound: failed[1] })
}
