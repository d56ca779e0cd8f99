import { boundsOf, type DenseNet } from '../../certificate/denseNet.js'
import { standardNormal } from '../../certificate/flowEnclosures.js'
import { scalings } from '../../certificate/netEnclosure.js'
import { implicit } from '../../flow/implicit.js'
import { type Method, residual } from '../../flow/residual.js'
import { add as sumOf } from '../../interpret/interval/interval.js'
import { exactIntervals, type Intervals, intervalAt, tabulated } from '../../interpret/interval/intervals.js'
import { byLemma } from '../../lipschitz/contractive.js'
import { exact } from '../../logdet/exact.js'
import { type Activation, type ActivationName, activations } from '../../net/activations.js'
import { type MlpParameters, mlp } from '../../net/mlp.js'
import { defect } from '../../prelude/defect.js'
import { vjp } from '../../rewrite/derivatives.js'
import { enclosures } from '../../solve/enclosures.js'
import { newton } from '../../solve/newton.js'
import { scalar } from '../../tensor/constructors.js'
import { add } from '../../tensor/primitives/add.js'
import { constantOf } from '../../tensor/primitives/constant.js'
import { input } from '../../tensor/primitives/input.js'
import { mul } from '../../tensor/primitives/mul.js'
import { sub } from '../../tensor/primitives/sub.js'
import { sum } from '../../tensor/primitives/sum.js'
import type { Tensor } from '../../tensor/tensor.js'

/** A block whose numbers are known exactly: float64s, and activations as mathematics has them. */
export interface ExactBlock {
  readonly dimension: number
  readonly activation: ActivationName
  readonly gx: DenseNet
  /** None in a residual block. */
  readonly gz?: DenseNet
}

/** Enclosures of derivatives in a net's numbers, in its shape. */
export interface NetGradient {
  readonly layers: readonly { readonly weight: Intervals; readonly bias: Intervals }[]
  readonly betas: readonly Intervals[]
}

/** Enclosures of derivatives in all that a block's result depends on. */
export interface BlockGradient {
  readonly gx: NetGradient
  readonly gz?: NetGradient
  /** [points d] */
  readonly x: Intervals
}

/** What is proved of a block at points. */
export interface BlockEnclosures {
  /** The images [points d]. */
  readonly z: Intervals
  /** ln |det| of the block's Jacobian [points]. */
  readonly logDet: Intervals
  /** ln p(x) [points], nats, with a standard normal base. */
  readonly logDensity: Intervals
  /** Of the sum over the points of ln |det| + |z|^2 / 2. */
  readonly gradL: BlockGradient
  /** Of the negative log-likelihood of all points. */
  readonly gradNll: BlockGradient
}

const method: Method = { logDet: exact, solver: newton, tolerance: 2 ** -70 }

/** The scalings of an activation as variables, so that intervals can stand for 2 pi and 1 / 1.1. */
const scaledActivation = (name: ActivationName, inner: Tensor, outer: Tensor): Activation => {
  const plain = activations[name]
  return plain.inner === 1 && plain.outer === 1
    ? plain
    : { ...plain, inner: 1, outer: 1, apply: (t, beta) => mul(outer, plain.apply(mul(inner, t), beta)) }
}

const variablesOf = (side: string, { layers, betas }: DenseNet): MlpParameters => ({
  layers: layers.map(({ weight, bias }, i) => ({
    weight: input(`${side} weight ${i}`, [bias.length, weight[0]?.length ?? 0]),
    bias: input(`${side} bias ${i}`, [bias.length])
  })),
  betas: betas.map((_, i) => input(`${side} beta ${i}`, []))
})

const tensorsOf = ({ layers, betas }: MlpParameters): readonly Tensor[] => [
  ...layers.flatMap(({ weight, bias }) => [weight, bias]),
  ...betas
]

const valuesOf = ({ layers, betas }: DenseNet): readonly Intervals[] => [
  ...layers.flatMap(({ weight, bias }) => [
    exactIntervals(weight.flat(), [bias.length, weight[0]?.length ?? 0]),
    exactIntervals(bias)
  ]),
  ...betas.map(beta => exactIntervals([beta], []))
]

/** The lemma is that of `boundsOf`: no activation's slope is above 1 in size. */
const contractiveOf = (activation: Activation, net: DenseNet) => {
  const { lipschitz } = boundsOf(net)
  return lipschitz < 1
    ? byLemma(
        'certificate/denseNet, boundsOf',
        mlp({ activation, leading: net.leading }) as (p: MlpParameters) => (x: Tensor) => Tensor,
        () => scalar(lipschitz)
      )
    : defect(`a net of this block has the Lipschitz bound ${lipschitz}, which is not below 1`)
}

type Variables = { readonly gx: MlpParameters; readonly gz: MlpParameters; readonly x: Tensor }

/** The block as expressions of its numbers. */
const forwardOf = ({ gx, gz }: ExactBlock, activation: Activation) => {
  const first = contractiveOf(activation, gx)
  if (gz === undefined) return (p: Variables) => residual(method)(first).forward(p.gx)(p.x)
  const block = implicit(method)(first, contractiveOf(activation, gz))
  return (p: Variables) => block.forward(p)(p.x)
}

const total = (parts: readonly Intervals[]): Intervals =>
  parts.reduce((a, b) => tabulated(a.shape, i => sumOf(intervalAt(a, i), intervalAt(b, i))))

const stacked = (rows: readonly Intervals[]): Intervals => {
  const shape = rows[0]?.shape ?? []
  const size = rows[0]?.lo.length ?? 0
  return tabulated([rows.length, ...shape], i => intervalAt(rows[Math.floor(i / size)] as Intervals, i % size))
}

/** Arrays in the order of `tensorsOf`, in the shape of a net. */
const asNet = ({ layers, betas }: DenseNet, arrays: readonly Intervals[]): NetGradient => ({
  layers: layers.map((_, i) => ({ weight: arrays[2 * i] as Intervals, bias: arrays[2 * i + 1] as Intervals })),
  betas: betas.map((_, i) => arrays[2 * layers.length + i] as Intervals)
})

/** What every point gives, in the order of the program's outputs: derivatives summed, but for those by the points. */
const gradientOf = ({ gx, gz }: ExactBlock, points: readonly (readonly Intervals[])[]): BlockGradient => {
  const [sizeX, sizeZ] = [gx, gz].map(net => (net === undefined ? 0 : valuesOf(net).length)) as [number, number]
  const summed = Array.from({ length: sizeX + sizeZ }, (_, k) => total(points.map(point => point[k] as Intervals)))
  return {
    gx: asNet(gx, summed.slice(0, sizeX)),
    ...(gz === undefined ? {} : { gz: asNet(gz, summed.slice(sizeX)) }),
    x: stacked(points.map(point => point[sizeX + sizeZ] as Intervals))
  }
}

/**
 * Encloses a block's images, log-determinants, and the derivatives in every weight, bias and beta and in the points, by
 * the expressions that training differentiates, evaluated by intervals: all rounding errors are in them, and a program
 * whose exact arithmetic would end outside is wrong. Where nothing can be proved the bounds are NaN.
 * @param x points [d]
 * @throws TypeError for a net whose Lipschitz bound is not below 1
 */
export const enclosedGradients = (block: ExactBlock): ((x: readonly (readonly number[])[]) => BlockEnclosures) => {
  const { dimension: d, gx, gz } = block
  const [inner, outer, x] = [input('inner', []), input('outer', []), input('x', [d])]
  const forward = forwardOf(block, scaledActivation(block.activation, inner, outer))
  const none: DenseNet = { leading: false, layers: [], betas: [] }
  const p: Variables = { gx: variablesOf('gx', gx), gz: variablesOf('gz', gz ?? none), x }
  const [values, pull] = vjp((at: Variables) => {
    const { value: z, logDet } = forward(at)
    const half = mul(0.5, sum(mul(z, z)))
    return { z, logDet, l: add(logDet, half), nll: sub(half, logDet) }
  })(p)
  const gradient = (l: number, nll: number): readonly Tensor[] => {
    const by = pull({ z: constantOf(0, [d]), logDet: constantOf(0), l: constantOf(l), nll: constantOf(nll) })
    return [...tensorsOf(by.gx), ...tensorsOf(by.gz), by.x]
  }
  const parts = [gradient(1, 0), gradient(0, 1)] as const
  const scaling = scalings[block.activation]
  const known = [
    ...[scaling.inner, scaling.outer].map(s => tabulated([], () => s)),
    ...valuesOf(gx),
    ...valuesOf(gz ?? none)
  ]
  const run = enclosures(
    [inner, outer, ...tensorsOf(p.gx), ...tensorsOf(p.gz), x],
    [values.z, values.logDet, ...parts[0], ...parts[1]]
  )
  return points => {
    const found = points.map(at => run([...known, exactIntervals(at)]))
    const column = (k: number): Intervals => stacked(found.map(point => point[k] as Intervals))
    const count = parts[0].length
    const [z, logDet] = [column(0), column(1)]
    return {
      z,
      logDet,
      logDensity: tabulated([points.length], i =>
        sumOf(standardNormal((found[i] as readonly Intervals[])[0] as Intervals), intervalAt(logDet, i))
      ),
      gradL: gradientOf(
        block,
        found.map(point => point.slice(2, 2 + count))
      ),
      gradNll: gradientOf(
        block,
        found.map(point => point.slice(2 + count))
      )
    }
  }
}
