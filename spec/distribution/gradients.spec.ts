import { describe, expect, it } from 'vitest'
import { logProb, sample } from '../../src/distribution/pushforward.js'
import { chain } from '../../src/flow/bijection.js'
import { implicit } from '../../src/flow/implicit.js'
import { residual } from '../../src/flow/residual.js'
import { exact } from '../../src/logdet/exact.js'
import type { MlpParameters } from '../../src/net/mlp.js'
import { grad, tangents, vjp } from '../../src/rewrite/derivatives.js'
import { fromArray, scalar } from '../../src/tensor/constructors.js'
import { topological } from '../../src/tensor/graph.js'
import { add } from '../../src/tensor/primitives/add.js'
import { mul } from '../../src/tensor/primitives/mul.js'
import { eye } from '../../src/tensor/primitives/oneHot.js'
import { reshape } from '../../src/tensor/primitives/reshape.js'
import { solve } from '../../src/tensor/primitives/solve.js'
import { sub } from '../../src/tensor/primitives/sub.js'
import { sum } from '../../src/tensor/primitives/sum.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { leaves } from '../../src/tensor/tree.js'
import { type BlockSample, blocksAnd, enclosed, mapOf, precisely } from '../flow/support/blocks.js'
import { constantOfNet, contractiveOf, parametersOf } from '../net/support/nets.js'
import { boundedAll, near, numbers, rootsOff, type Values, valuesOf } from '../solve/support/certificate.js'
import { identical } from '../support/agreement.js'
import { law } from '../support/law.js'

/** What a block's loss depends on. */
type Parameters = { readonly gx: MlpParameters; readonly gz: MlpParameters; readonly x: Tensor }

const trained = ({ layers, betas }: MlpParameters): MlpParameters => ({ layers, betas })

/** The pieces of a block as functions of its parameters; norms are held. */
const pieces = ({ gx, gz }: BlockSample) => {
  const [netX, netZ] = [contractiveOf(gx), contractiveOf(gz)]
  const normsOf = (g: typeof gx) => ({ norms: parametersOf(g).norms })
  const [smoothX, smoothZ] = [
    (p: Parameters) => netX.net({ ...p.gx, ...normsOf(gx) }),
    (p: Parameters) => netZ.net({ ...p.gz, ...normsOf(gz) })
  ]
  const flow = implicit(precisely)(netX, netZ)
  const density = (p: Parameters) =>
    logProb(flow)({ gx: { ...p.gx, ...normsOf(gx) }, gz: { ...p.gz, ...normsOf(gz) } })(p.x)
  return { smoothX, smoothZ, density }
}

const square = (v: Tensor): Tensor => mul(0.5, sum(mul(v, v)))

/** The gradient of -ln p by one dense solve: explicit terms, and those through z by the implicit function theorem. */
const dense = (block: BlockSample, p: Parameters, z: Tensor) => {
  const { smoothX, smoothZ } = pieces(block)
  const explicit = (at: Parameters, image: Tensor): Tensor =>
    add(square(image), sub(exact(smoothZ(at))(image), exact(smoothX(at))(at.x)))
  const slope = grad((image: Tensor) => explicit(p, image))(z)
  const transposed = add(eye(z.shape[0] as number), tangents(smoothZ(p).value)(z)[1])
  const adjoint = reshape(solve(transposed, reshape(slope, [...z.shape, 1]), { kind: 'general' }), z.shape)
  const direct = leaves(grad((at: Parameters) => explicit(at, z))(p))
  const through = leaves(
    grad((at: Parameters) => {
      const difference = sub(add(z, smoothZ(at).value(z)), add(at.x, smoothX(at).value(at.x)))
      return sum(mul(adjoint, difference))
    })(p)
  )
  return { direct, total: direct.map((d, i) => sub(d, through[i] as Tensor)) }
}

const parametersFor = ({ gx, gz }: BlockSample, x: readonly number[]): Parameters => ({
  gx: trained(parametersOf(gx)),
  gz: trained(parametersOf(gz)),
  x: fromArray(x)
})

const smoothBlocks = blocksAnd(1, { maxD: 2, wild: false, maxWidth: 4, constants: [0.1, 0.5, 0.9, 0.97], smooth: true })

const compared = (block: BlockSample, x: readonly number[]) => {
  const p = parametersFor(block, x)
  const image = valuesOf(mapOf(block).forward(fromArray(x)).value)
  const { value, radius } = enclosed(block, x, image)
  const z = fromArray(value)
  const found = leaves(grad((at: Parameters) => mul(-1, pieces(block).density(at).logDensity))(p))
  const { total, direct } = dense(block, p, z)
  return {
    found: boundedAll(found, rootsOff(found, radius)),
    expected: boundedAll(total, new Map([[z, radius]])),
    direct: boundedAll(direct, new Map([[z, radius]]))
  }
}

describe('the gradient of a log-density', () => {
  law(
    'is that of the implicit function theorem by a dense solve, in every weight, bias, beta and coordinate',
    [smoothBlocks],
    ([block, [x = []]]) => {
      const { found, expected } = compared(block, x)
      return expected.every((values, i) => near(values, found[i] as Values))
    }
  )

  it('has two parts: without the path through z it is wrong', () => {
    const net = {
      activation: 'sine',
      leading: false,
      widths: [2, 3, 2],
      weights: [
        [0.5, 0.1, -0.2, 0.4, 0.3, 0.3],
        [0.4, -0.1, 0.2, 0.3, 0.5, -0.2]
      ],
      biases: [
        [0.1, 0.2, 0.3],
        [0, 0.1]
      ],
      betas: []
    } as const
    const { found, direct } = compared({ gx: net, gz: net }, [0.7, -1.2])
    expect(direct.every((values, i) => near(values, found[i] as Values))).toBe(false)
    expect(Math.max(...found.flatMap(({ errors }) => [...errors]))).toBeLessThan(1e-11)
  })

  law('is linear in the cotangent: exactly so for powers of two', [smoothBlocks], ([block, [x = []]]) => {
    const [, pull] = vjp((at: Parameters) => pieces(block).density(at).logDensity)(parametersFor(block, x))
    const [one, four, opposite] = [1, 4, -0.5].map(ct => numbers(...leaves(pull(scalar(ct))))) as [
      readonly Float64Array[],
      readonly Float64Array[],
      readonly Float64Array[]
    ]
    const scaled = (factor: number) => one.map(values => values.map(v => factor * v))
    return identical(four, scaled(4), { signs: false }) && identical(opposite, scaled(-0.5), { signs: false })
  })

  law('is 0, to the bit, in parameters that a result does not use', [smoothBlocks], ([{ gx }, [x = []]]) => {
    const net = contractiveOf(gx)
    const p = [parametersOf(gx), parametersOf(gx)]
    const first = residual(precisely)(net)
    const unused = grad((q: typeof p) => sum(first.forward(q[0] as (typeof p)[number])(fromArray(x)).value))(p)
    const norms = grad((q: typeof p) => sum(chain(first).inverse(q)(fromArray(x)).value))(p)
    const zero = (tensors: readonly Tensor[]) => numbers(...tensors).every(values => values.every(v => v === 0))
    return zero(leaves(unused[1] as (typeof p)[number])) && zero(norms.flatMap(q => q.norms)) && constantOfNet(gx) < 1
  })
})

describe('a sample', () => {
  law(
    'is what the inverse makes of noise, and costs no log-determinant',
    [blocksAnd(1, { wild: false })],
    ([block, [x = []]]) => {
      const flow = implicit(precisely)(contractiveOf(block.gx), contractiveOf(block.gz))
      const p = { gx: parametersOf(block.gx), gz: parametersOf(block.gz) }
      const made = sample(flow)(p)(fromArray(x))
      return (
        identical([valuesOf(made)], [valuesOf(flow.inverse(p)(fromArray(x)).value)]) &&
        topological([made]).every(({ primitive }) => primitive.name !== 'logAbsDet')
      )
    }
  )
})
