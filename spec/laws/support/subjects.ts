import fc from 'fast-check'
import { affine } from '../../../src/flow/affine.js'
import { invert } from '../../../src/flow/bijection.js'
import { implicit } from '../../../src/flow/implicit.js'
import { invertibleLinear } from '../../../src/flow/invertibleLinear.js'
import { monotone } from '../../../src/flow/monotone.js'
import { residual } from '../../../src/flow/residual.js'
import type { NumberNet } from '../../../src/laws/contractive.js'
import { flowFrom, netFrom } from '../../../src/laws/expressions.js'
import type { NumberFlow } from '../../../src/laws/flow.js'
import { fromArray } from '../../../src/tensor/constructors.js'
import { type BlockSample, blocks, precisely, stretch } from '../../flow/support/blocks.js'
import { affineCoupling, splineCoupling } from '../../flow/support/couplings.js'
import { constantOfNet, contractiveOf, type NetSample, nets, parametersOf, smoothOf } from '../../net/support/nets.js'

/** The first sample of an arbitrary for a seed. */
export const drawn = <A>(arbitrary: fc.Arbitrary<A>, seed: number): A =>
  fc.sample(arbitrary, { seed, numRuns: 1 })[0] as A

/** A net with the constant that is proved of it. */
export const netOf = (name: string, net: NetSample): NumberNet =>
  netFrom(name, smoothOf(net), constantOfNet(net), net.widths[0] as number)

/** An ImpFlow block as a flow of numbers. */
export const implicitFlow = (name: string, block: BlockSample): NumberFlow =>
  flowFrom(
    name,
    implicit(precisely)(contractiveOf(block.gx), contractiveOf(block.gz)),
    { gx: parametersOf(block.gx), gz: parametersOf(block.gz) },
    block.gx.widths[0] as number,
    { stretch: stretch(block) }
  )

/** A residual block, or its inverse, as a flow of numbers. */
const residualFlow = (name: string, net: NetSample, turned: boolean): NumberFlow => {
  const block = residual(precisely)(contractiveOf(net))
  return flowFrom(name, turned ? invert(block) : block, parametersOf(net), net.widths[0] as number)
}

/** A monotone block as a flow of numbers: both directions stretch by at most (1 + L) / (1 - L). */
const monotoneFlow = (name: string, net: NetSample): NumberFlow => {
  const [block, L] = [monotone(precisely)(contractiveOf(net)), constantOfNet(net)]
  const stretched = (1 + L) / (1 - L)
  return flowFrom(name, block, parametersOf(net), net.widths[0] as number, {
    stretch: { forward: stretched, inverse: stretched }
  })
}

/** One flow of every kind of block, with drawn weights. */
export const flows: readonly NumberFlow[] = [
  implicitFlow(
    'an ImpFlow block of sines in 1 dimension',
    drawn(blocks(1, { activation: 'sine', constants: [0.9] }), 3)
  ),
  implicitFlow(
    'an ImpFlow block of tanh in 3 dimensions',
    drawn(blocks(3, { activation: 'tanh', constants: [0.9] }), 7)
  ),
  implicitFlow('an ImpFlow block of ELU in 2 dimensions', drawn(blocks(2, { activation: 'elu', constants: [0.5] }), 8)),
  residualFlow('a residual block', drawn(nets(2, { activation: 'lipSwish', depth: 2, constants: [0.9] }), 2), false),
  residualFlow(
    'an inverted residual block',
    drawn(nets(2, { activation: 'softplus', depth: 2, constants: [0.9] }), 9),
    true
  ),
  flowFrom('an affine layer', affine, { shift: fromArray([0.5, -2]), logScale: fromArray([0.75, -1.5]) }, 2)
]

const nvp = affineCoupling(3, 'first', 3)
const rqs = splineCoupling(2, 'last', 4, 0.5)

/** Flows of other kinds, monotone ones and those without roots, whose laws take longer. */
export const otherFlows: readonly NumberFlow[] = [
  monotoneFlow('a monotone block', drawn(nets(2, { activation: 'lipSwish', depth: 2, constants: [0.9] }), 2)),
  flowFrom('an affine coupling', nvp.block, nvp.parameters, 3),
  flowFrom('a coupling of splines', rqs.block, rqs.parameters, 2),
  flowFrom(
    'an invertible linear layer',
    invertibleLinear({ order: [2, 0, 1], signs: [1, -1, 1] }),
    {
      lower: fromArray([0, 0, 0, 0.5, 0, 0, -0.25, 2, 0], [3, 3]),
      upper: fromArray([0, 0.5, -1, 0, 0, 0.75, 0, 0, 0], [3, 3]),
      logScale: fromArray([0.5, -0.25, 0.125])
    },
    3
  )
]
