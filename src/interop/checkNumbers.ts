import { logProb } from '../distribution/pushforward.js'
import type { Bijection } from '../flow/bijection.js'
import { implicit } from '../flow/implicit.js'
import { type Method, residual } from '../flow/residual.js'
import { rowMajor } from '../interpret/reference/arrays.js'
import { program } from '../interpret/reference/evaluate.js'
import { reference } from '../interpret/runningError/machine.js'
import { roundingErrors } from '../interpret/runningError/runningError.js'
import { certifiedNorm } from '../lipschitz/certifiedNorm.js'
import { contractiveMlp, type Normed } from '../lipschitz/contractive.js'
import { exact } from '../logdet/exact.js'
import { activations } from '../net/activations.js'
import type { MlpParameters } from '../net/mlp.js'
import { vjp } from '../rewrite/derivatives.js'
import { simplify } from '../rewrite/simplify.js'
import { vectorizeOver } from '../rewrite/vectorize.js'
import { newton } from '../solve/newton.js'
import { fromArray, fromNested, scalar } from '../tensor/constructors.js'
import { add } from '../tensor/primitives/add.js'
import { constantOf, zerosLike } from '../tensor/primitives/constant.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg } from '../tensor/primitives/neg.js'
import { sub } from '../tensor/primitives/sub.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'
import type { OracleBlock, OracleNet } from './oracleBlock.js'

/** What `reference` makes of a block, each in row-major order, gradients a tensor each. */
export interface BlockNumbers {
  readonly z: Float64Array
  readonly logDet: Float64Array
  readonly logDensity: Float64Array
  readonly inverse: Float64Array
  readonly gradL: readonly Float64Array[]
  readonly gradNll: readonly Float64Array[]
  readonly converged: boolean
  readonly certified: boolean
}

/** A root is iterated until rounding rules: near-singular blocks need every digit of |F|. */
const method: Method = { logDet: exact, solver: newton, tolerance: 2 ** -70 }

/** A root needs a constant below 1 for its safeguard; weights without a proof get this one. */
const justBelowOne = 1 - 2 ** -20

const evaluate = (outputs: readonly Tensor[]): readonly Float64Array[] =>
  program([], simplify(outputs))([]).map(values => Float64Array.from(rowMajor(values)))

const parametersOf = ({ layers, betas }: OracleNet): MlpParameters => ({
  layers: layers.map(({ weight, bias }) => ({ weight: fromNested(weight), bias: fromNested(bias) })),
  betas: betas.map(scalar)
})

/** A net of the block: what it is, its numbers, and the constant that its weights prove. */
interface Net {
  readonly contractive: ReturnType<typeof contractiveMlp>
  readonly parameters: MlpParameters
  readonly constant: number
  /** Other numbers in its place, with the bound that the safeguard uses. */
  readonly normed: (parameters: MlpParameters) => Normed
}

const netOf = (block: OracleBlock, side: 'gx' | 'gz', net: OracleNet): Net => {
  const activation = activations[block.activation]
  const leading = block.leading[side]
  const slopes = activation.lipschitz ** (net.layers.length - (leading ? 0 : 1))
  const norms = net.layers.map(({ weight }) =>
    certifiedNorm(weight.flat(), [weight.length, weight[0]?.length ?? 0] as const)
  )
  const constant = norms.reduce((product, norm) => product * norm, slopes) * (1 + 2 ** -48)
  const bound = scalar(Math.min(constant, justBelowOne) / slopes)
  return {
    contractive: contractiveMlp({ activation, leading }),
    parameters: parametersOf(net),
    constant,
    normed: parameters => ({ ...parameters, norms: [bound] })
  }
}

type Parameters = { readonly nets: readonly MlpParameters[]; readonly x: Tensor }

/** The block as a map of one sample, for any numbers in its nets. */
const mapOf = (gx: Net, gz: Net | undefined) => {
  const first = ({ nets }: Parameters) => gx.normed(nets[0] ?? gx.parameters)
  if (gz === undefined) {
    const block = residual(method)(gx.contractive)
    const at = (side: keyof Bijection<Normed>) => (p: Parameters) => block[side](first(p))
    return { forward: at('forward'), inverse: at('inverse') }
  }
  const block = implicit(method)(gx.contractive, gz.contractive)
  const at = (side: 'forward' | 'inverse') => (p: Parameters) =>
    block[side]({ gx: first(p), gz: gz.normed(p.nets[1] ?? gz.parameters) })
  return { forward: at('forward'), inverse: at('inverse') }
}

const rowsOf = (f: (x: Tensor) => readonly Tensor[], points: Tensor): readonly Tensor[] =>
  vectorizeOver(x => f(x as Tensor), [points], [true], points.shape[0] as number, 'first')

const rowNorm = (values: Float64Array, d: number, row: number): number =>
  Math.hypot(...values.subarray(row * d, (row + 1) * d))

/** Whether every row solves x + gx(x) = z + gz(z) as well as float64 can tell. */
const solves = (gx: Net, gz: Net | undefined, x: Tensor, z: Tensor): boolean => {
  const moved = (net: Net | undefined, points: Tensor): Tensor =>
    net === undefined
      ? points
      : (rowsOf(y => [add(y, net.contractive.net(net.normed(net.parameters)).value(y))], points)[0] as Tensor)
  const difference = sub(moved(gz, z), moved(gx, x))
  const [f, e, at] = evaluate([difference, ...roundingErrors(reference)([difference]), z])
  const [rows, d] = z.shape as [number, number]
  return Array.from({ length: rows }, (_, row) => row).every(row => {
    const norm = (values: Float64Array | undefined): number => rowNorm(values ?? new Float64Array(0), d, row)
    return Number.isFinite(norm(f)) && norm(f) <= Math.max(1e-14 * (1 + norm(at)), 2 * norm(e))
  })
}

const gradientTensors = ({ nets, x }: Parameters): readonly Tensor[] => [
  ...nets.flatMap(({ layers, betas }) => [...layers.flatMap(({ weight, bias }) => [weight, bias]), ...betas]),
  x
]

/** Evaluates a block at the oracle's points, its inverse at the oracle's images, and the gradients of both sums. */
export const numbersOfBlock = (block: OracleBlock): BlockNumbers => {
  const gx = netOf(block, 'gx', block.gx)
  const gz = block.gz === undefined ? undefined : netOf(block, 'gz', block.gz)
  const nets = gz === undefined ? [gx] : [gx, gz]
  const map = mapOf(gx, gz)
  const start: Parameters = { nets: nets.map(({ parameters }) => parameters), x: fromNested(block.x) }
  const images = fromNested(block.z)
  const sums = (p: Parameters) => {
    const density = logProb({ forward: map.forward, inverse: map.inverse })(p)
    const [z, logDet, logDensity] = rowsOf(x => Object.values(density(x)), p.x) as [Tensor, Tensor, Tensor]
    return { z, logDet, logDensity, l: sum(add(logDet, mul(0.5, sum(mul(z, z), [1])))), nll: neg(sum(logDensity)) }
  }
  const [values, pull] = vjp(sums)(start)
  const zero = { z: zerosLike(values.z), logDet: zerosLike(values.logDet), logDensity: zerosLike(values.logDensity) }
  const gradL = gradientTensors(pull({ ...zero, l: constantOf(1), nll: constantOf(0) }))
  const gradNll = gradientTensors(pull({ ...zero, l: constantOf(0), nll: constantOf(1) }))
  const [back] = rowsOf(z => [map.inverse(start)(z).value], images) as [Tensor]
  const [z, logDet, logDensity, inverse, ...gradients] = evaluate([
    values.z,
    values.logDet,
    values.logDensity,
    back,
    ...gradL,
    ...gradNll
  ]) as [Float64Array, Float64Array, Float64Array, Float64Array, ...Float64Array[]]
  const found = (rows: Float64Array): Tensor => fromArray(rows, images.shape)
  return {
    z,
    logDet,
    logDensity,
    inverse,
    gradL: gradients.slice(0, gradL.length),
    gradNll: gradients.slice(gradL.length),
    converged: solves(gx, gz, start.x, found(z)) && solves(gx, gz, found(inverse), images),
    certified: nets.every(({ constant }) => constant < 1)
  }
}
