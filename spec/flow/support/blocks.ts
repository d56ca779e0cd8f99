import fc from 'fast-check'
import { implicit } from '../../../src/flow/implicit.js'
import { type Method, residual } from '../../../src/flow/residual.js'
import { exact } from '../../../src/logdet/exact.js'
import { broyden } from '../../../src/solve/broyden.js'
import { newton } from '../../../src/solve/newton.js'
import { fromArray } from '../../../src/tensor/constructors.js'
import { add } from '../../../src/tensor/primitives/add.js'
import { sub } from '../../../src/tensor/primitives/sub.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import {
  constantOfNet,
  contractiveOf,
  type NetOptions,
  type NetSample,
  nets,
  parametersOf,
  points,
  smoothOf
} from '../../net/support/nets.js'
import { certificate, valuesOf } from '../../solve/support/certificate.js'

/** Exact log-determinants; roots to the last digit. */
export const precisely: Method = { logDet: exact, solver: newton, tolerance: 1e-15 }
export const byBroyden: Method = { ...precisely, solver: broyden() }

/** An ImpFlow block as data; a missing gz is a residual block. */
export interface BlockSample {
  readonly gx: NetSample
  readonly gz: NetSample
}

export const blocks = (d: number, options: NetOptions = {}): fc.Arbitrary<BlockSample> =>
  fc.record({ gx: nets(d, options), gz: nets(d, options) })

/** A block with points of its dimension. */
export const blocksAnd = (
  count: number,
  { maxD = 4, wild = true, ...options }: NetOptions & { readonly maxD?: number; readonly wild?: boolean } = {}
): fc.Arbitrary<readonly [BlockSample, readonly (readonly number[])[]]> =>
  fc
    .integer({ min: 1, max: maxD })
    .chain(d => fc.tuple(blocks(d, options), fc.array(points(d, { wild }), { minLength: count, maxLength: count })))

/** The block as a map with its parameters given. */
export const mapOf = ({ gx, gz }: BlockSample, method: Method = precisely) => {
  const block = implicit(method)(contractiveOf(gx), contractiveOf(gz))
  const p = { gx: parametersOf(gx), gz: parametersOf(gz) }
  return { forward: block.forward(p), inverse: block.inverse(p) }
}

/** x -> x + g(x) as a map with its parameters given. */
export const residualOf = (g: NetSample, method: Method = precisely) => {
  const block = residual(method)(contractiveOf(g))
  const p = parametersOf(g)
  return { forward: block.forward(p), inverse: block.inverse(p) }
}

export const exchanged = ({ gx, gz }: BlockSample): BlockSample => ({ gx: gz, gz: gx })

/** x + g(x). */
export const half = (g: NetSample, x: Tensor): Tensor => add(x, smoothOf(g).value(x))

/** A computed image, with the distance to the exact one that its own certificate proves. */
export interface Enclosed {
  readonly value: Float64Array
  readonly radius: number
}

/** f(x) of a computed z: the root of z + gz(z) = x + gx(x). */
export const enclosed = ({ gx, gz }: BlockSample, x: ArrayLike<number>, z: Float64Array): Enclosed => ({
  value: z,
  radius: certificate(at => sub(half(gz, at), half(gx, fromArray(x))), z, constantOfNet(gz)).radius
})

/** Lipschitz bounds of the block and of its inverse. */
export const stretch = ({ gx, gz }: BlockSample): { readonly forward: number; readonly inverse: number } => {
  const [cx, cz] = [constantOfNet(gx), constantOfNet(gz)]
  return { forward: (1 + cx) / (1 - cz), inverse: (1 + cz) / (1 - cx) }
}

/** The map, or its inverse, applied to numbers. */
export const applied = (f: (x: Tensor) => { readonly value: Tensor }, x: ArrayLike<number>): Float64Array =>
  valuesOf(f(fromArray(x)).value)
