import fc from 'fast-check'
import { describe } from 'vitest'
import { affine } from '../../src/flow/affine.js'
import { type Bijection, chain, compose, identity, invert } from '../../src/flow/bijection.js'
import { residual } from '../../src/flow/residual.js'
import { fromArray } from '../../src/tensor/constructors.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import type { Tree } from '../../src/tensor/tree.js'
import { contractiveOf, type NetSample, nets, parametersOf, points } from '../net/support/nets.js'
import { numbers } from '../solve/support/certificate.js'
import { identical } from '../support/agreement.js'
import { law } from '../support/law.js'
import { precisely } from './support/blocks.js'

/** A map with its parameters: residual, its inverse, or affine. */
type Kind = 'residual' | 'inverse' | 'affine'
interface Piece {
  readonly kind: Kind
  readonly net: NetSample
  readonly shift: readonly number[]
}

const given = <P extends Tree>(f: Bijection<P>, p: P): Bijection<readonly []> => ({
  forward: () => f.forward(p),
  inverse: () => f.inverse(p)
})

const built = ({ kind, net, shift }: Piece): Bijection<readonly []> => {
  if (kind === 'affine') {
    const logScale = fromArray(shift.map(x => x / 4))
    return given(affine, { shift: fromArray(shift), logScale })
  }
  const map = given(residual(precisely)(contractiveOf(net)), parametersOf(net))
  return kind === 'residual' ? map : invert(map)
}

const pieces = (d: number): fc.Arbitrary<Piece> =>
  fc.record({
    kind: fc.constantFrom<Kind>('residual', 'inverse', 'affine'),
    net: nets(d, { maxWidth: 3, depth: 2, constants: [0.5, 0.9] }),
    shift: points(d, { wild: false })
  })

const threeAndPoint = fc
  .integer({ min: 1, max: 2 })
  .chain(d => fc.tuple(pieces(d), pieces(d), pieces(d), points(d, { wild: false })))

/** Both directions of two maps agree: values to the bit, log-dets up to the rounding of their sum. */
const equal = <P extends Tree, Q extends Tree>(
  f: Bijection<P>,
  p: P,
  g: Bijection<Q>,
  q: Q,
  x: readonly number[],
  parts: readonly Bijection<readonly []>[]
): boolean =>
  (['forward', 'inverse'] as const).every(side => {
    const [a, b] = [f[side](p)(fromArray(x)), g[side](q)(fromArray(x))]
    const ordered = side === 'forward' ? parts : [...parts].reverse()
    const { terms } = ordered.reduce<{ readonly at: Tensor; readonly terms: readonly Tensor[] }>(
      (now, part) => {
        const { value, logDet } = part[side]([])(now.at)
        return { at: value, terms: [...now.terms, logDet] }
      },
      { at: fromArray(x), terms: [] }
    )
    const [va, la, vb, lb, ...sizes] = numbers(a.value, a.logDet, b.value, b.logDet, ...terms) as [
      Float64Array,
      Float64Array,
      Float64Array,
      Float64Array,
      ...Float64Array[]
    ]
    const size = sizes.reduce((sum, term) => sum + Math.abs(term[0] as number), 0)
    return identical([va], [vb]) && Math.abs((la[0] as number) - (lb[0] as number)) <= size * 2 ** -51
  })

describe('composition of bijections', () => {
  law('is associative', [threeAndPoint], ([a, b, c, x]) => {
    const [f, g, h] = [built(a), built(b), built(c)]
    return equal(compose(compose(f, g), h), [[[], []], []], compose(f, compose(g, h)), [[], [[], []]], x, [f, g, h])
  })

  law('has the identity as its unit on either side', [threeAndPoint], ([a, , , x]) => {
    const f = built(a)
    return equal(compose(identity, f), [[], []], f, [], x, [f]) && equal(compose(f, identity), [[], []], f, [], x, [f])
  })

  law('is reversed by inversion, which undoes itself', [threeAndPoint], ([a, b, , x]) => {
    const [f, g] = [built(a), built(b)]
    const turned = compose(invert(g), invert(f))
    return (
      equal(invert(compose(f, g)), [[], []], turned, [[], []], x, [invert(g), invert(f)]) &&
      equal(invert(invert(f)), [], f, [], x, [f])
    )
  })

  law('of the same kind of map again and again is a chain', [threeAndPoint], ([a, b, , x]) => {
    const block = residual(precisely)(contractiveOf(a.net))
    const nets = [a, b].map(({ net }) => ({ ...net, activation: a.net.activation, leading: a.net.leading }))
    const p = nets.map(net => ({ ...parametersOf(net), betas: net.weights.map(() => fromArray([0.5], [])) }))
    const [p0, p1] = p as [(typeof p)[number], (typeof p)[number]]
    const maps = p.map(parameters => given(block, parameters))
    return (
      equal(chain(block), [p0], maps[0] as (typeof maps)[number], [], x, maps.slice(0, 1)) &&
      equal(chain(block), p, compose(chain(block), chain(block)), [[p0], [p1]], x, maps) &&
      equal(chain(block), [], identity, [], x, [])
    )
  })
})
