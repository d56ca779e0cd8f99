import { type Bijection, compose, invert } from '../../../src/flow/bijection.js'
import { implicit } from '../../../src/flow/implicit.js'
import { residual } from '../../../src/flow/residual.js'
import { bijection } from '../../../src/laws/bijection.js'
import { derivative } from '../../../src/laws/derivative.js'
import { flowFrom, functionFrom } from '../../../src/laws/expressions.js'
import type { NumberFlow } from '../../../src/laws/flow.js'
import { byLemma, type Contractive, contractiveMlp } from '../../../src/lipschitz/contractive.js'
import { type Activation, activations } from '../../../src/net/activations.js'
import { scalar } from '../../../src/tensor/constructors.js'
import { abs } from '../../../src/tensor/primitives/abs.js'
import { expm1 } from '../../../src/tensor/primitives/expm1.js'
import { greater } from '../../../src/tensor/primitives/greater.js'
import { maximum } from '../../../src/tensor/primitives/maximum.js'
import { minimum } from '../../../src/tensor/primitives/minimum.js'
import { mul } from '../../../src/tensor/primitives/mul.js'
import { neg } from '../../../src/tensor/primitives/neg.js'
import { select } from '../../../src/tensor/primitives/select.js'
import type { Tensor } from '../../../src/tensor/tensor.js'
import type { Tree } from '../../../src/tensor/tree.js'
import { type BlockSample, blocks, precisely } from '../../flow/support/blocks.js'
import { drawn } from '../../laws/support/subjects.js'
import { contractiveOf, type NetSample, nets, parametersOf } from '../../net/support/nets.js'
import type { Exhibit, Specimen } from '../exhibit.js'
import { ordinary } from '../points.js'

const block = drawn(blocks(2, { activation: 'tanh', leading: false, depth: 2, constants: [0.9] }), 11)

const specimen = (flow: NumberFlow, points = ordinary(flow.dimension)): Specimen => ({
  laws: bijection(flow),
  usual: { flow, points }
})

/** A bijection whose inverse forgets to change the sign of its log-determinant. */
const unsigned = <P extends Tree>({ forward, inverse }: Bijection<P>): Bijection<P> => ({
  forward,
  inverse: p => z => {
    const { value, logDet } = inverse(p)(z)
    return { value, logDet: neg(logDet) }
  }
})

/** An ImpFlow block made of residual blocks, the second with a change. */
const blockWith = (
  { gx, gz }: BlockSample,
  change: <P extends Tree>(half: Bijection<P>) => Bijection<P>
): NumberFlow => {
  const halves = [gx, gz].map(net => residual(precisely)(contractiveOf(net))) as [
    Bijection<ReturnType<typeof parametersOf>>,
    Bijection<ReturnType<typeof parametersOf>>
  ]
  const whole = compose(halves[0], invert(change(halves[1])))
  return flowFrom('an ImpFlow block', whole, [parametersOf(gx), parametersOf(gz)], 2)
}

const flat = (net: NetSample): NetSample => ({
  ...net,
  weights: net.weights.map((weight, l) => (l === net.weights.length - 1 ? weight.map(() => 0) : weight))
})

/** The paper's example of slopes 0.1 and 10, whose net is given a change. */
const twoSlopes = (change: (net: Contractive<readonly []>) => Contractive<readonly []>): NumberFlow => {
  const known = (value: (x: Tensor) => Tensor) =>
    byLemma(
      'slopes of a piecewise linear function',
      () => value,
      () => scalar(0.9)
    )
  const gx = known(x => mul(-0.9, minimum(x, 0)))
  const gz = known(z => mul(-0.9, maximum(z, 0)))
  return flowFrom('slopes 0.1 and 10', implicit(precisely)(change(gx), change(gz)), { gx: [], gz: [] }, 1)
}

/** A net that takes the slope of the positive branch everywhere. */
const oneBranch = (net: Contractive<readonly []>): Contractive<readonly []> => ({
  ...net,
  net: p => {
    const { value, tangents } = net.net(p)
    return { value, tangents: x => [value(x), tangents(abs(x))[1]] }
  }
})

const eluNet = drawn(nets(2, { activation: 'elu', leading: false, depth: 2, constants: [0.9] }), 8)
const unguarded: Activation = { ...activations.elu, apply: t => select(greater(t, 0), t, expm1(t)) }

const eluSpecimen = (activation: Activation): Specimen => {
  const net = contractiveMlp({ activation, leading: false })
  const { value } = net.net(parametersOf(eluNet))
  const flow = flowFrom('a residual block of ELU', residual(precisely)(net), parametersOf(eluNet), 2)
  return {
    laws: derivative(functionFrom('a net of ELU', value, 2, { error: 1e-12 })),
    usual: { flow, points: ordinary(2) }
  }
}

/** Bugs of log-determinants and derivatives. */
export const logDetExhibits: readonly Exhibit[] = [
  {
    bug: 'the sign of the log-determinant',
    patch: '`residual`: the inverse returns the log-determinant of the map',
    right: () => specimen(blockWith(block, half => half)),
    wrong: () => specimen(blockWith(block, unsigned))
  },
  {
    bug: 'a fixture whose log-determinant is constantly 0',
    patch: 'the same wrong sign, tested on blocks as they are initialised, with last layers of zeros',
    right: () => ({
      laws: specimen(blockWith(block, half => half)).laws,
      usual: { flow: blockWith({ gx: flat(block.gx), gz: flat(block.gz) }, half => half), points: ordinary(2) }
    }),
    wrong: () => specimen(blockWith({ gx: flat(block.gx), gz: flat(block.gz) }, unsigned))
  },
  {
    bug: 'only one branch tested',
    patch: 'the block of slopes 0.1 and 10: tangents of the positive branch everywhere; tests take positive points',
    right: () =>
      specimen(
        twoSlopes(net => net),
        [[0.3], [0.7], [1.2]]
      ),
    wrong: () => specimen(twoSlopes(oneBranch), [[0.3], [0.7], [1.2]])
  },
  {
    bug: 'infinity in a dead branch',
    patch: '`activations.elu`: the exponential of the branch not taken is not kept from overflow',
    right: () => eluSpecimen(activations.elu),
    wrong: () => eluSpecimen(unguarded)
  }
]
