import fc from 'fast-check'
import { certifiedNorm } from '../../../src/lipschitz/certifiedNorm.js'
import { contractiveMlp, type Normed, type Smooth } from '../../../src/lipschitz/contractive.js'
import { type ActivationName, activations } from '../../../src/net/activations.js'
import { fromArray, scalar } from '../../../src/tensor/constructors.js'

/** A dense net as data: square from its input to its output. */
export interface NetSample {
  readonly activation: ActivationName
  readonly leading: boolean
  /** Lengths of input, hidden layers and output. */
  readonly widths: readonly number[]
  readonly weights: readonly (readonly number[])[]
  readonly biases: readonly (readonly number[])[]
  readonly betas: readonly number[]
}

/** What a net is drawn from. */
export interface NetOptions {
  readonly activation?: ActivationName
  readonly leading?: boolean
  readonly depth?: number
  readonly maxWidth?: number
  /** Only activations with continuous second derivatives. */
  readonly smooth?: boolean
  /** Constants that are aimed at for the whole net. */
  readonly constants?: readonly number[]
}

const smoothActivations: readonly ActivationName[] = ['sine', 'tanh', 'lipSwish', 'softplus']

const entries = (count: number, size = 1): fc.Arbitrary<readonly number[]> =>
  fc.array(
    fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map(i => (size * i) / 2 ** 20),
    { minLength: count, maxLength: count }
  )

/** Kinds of weights: any, zero, of rank one, diagonal, or nilpotent if square. */
const kinds = ['any', 'any', 'any', 'zero', 'rank one', 'diagonal', 'nilpotent'] as const

const shaped = (kind: (typeof kinds)[number], raw: readonly number[], out: number, size: number): readonly number[] =>
  raw.map((x, index) => {
    const [i, j] = [Math.floor(index / size), index % size]
    if (kind === 'zero') return 0
    if (kind === 'diagonal') return i === j ? x : 0
    if (kind === 'nilpotent' && out === size) return j > i ? x : 0
    return kind === 'rank one' ? (raw[i * size] as number) * (raw[j] as number) : x
  })

/** Divides by the certified norm until the certified norm of the result is at most the goal. */
export const projected = (
  weight: readonly number[],
  shape: readonly [number, number],
  goal: number
): readonly number[] => {
  const norm = certifiedNorm(weight, shape)
  if (norm <= goal || norm === 0) return weight
  const factor = goal / norm / (1 + 2 ** -40)
  return weight.map(x => x * factor)
}

/** A weight whose certified norm is nearly the goal, unless it is zero. */
const weightOf = (out: number, size: number, goal: number): fc.Arbitrary<readonly number[]> =>
  fc.tuple(entries(out * size), fc.constantFrom(...kinds)).map(([raw, kind]) => {
    const weight = shaped(kind, raw, out, size)
    const norm = certifiedNorm(weight, [out, size])
    const full = norm < 1e-3 ? weight : weight.map(x => x * ((goal * (1 - 2 ** -40)) / norm))
    return projected(full, [out, size], goal)
  })

const learnableCount = (activation: ActivationName, depth: number, leading: boolean): number =>
  activations[activation].learnable ? depth - 1 + (leading ? 1 : 0) : 0

/** Random contractions of d variables: one to three layers, widths up to 16. */
export const nets = (d: number, options: NetOptions = {}): fc.Arbitrary<NetSample> => {
  const { maxWidth = 10, constants = [0.1, 0.5, 0.9, 0.97, 0.999] } = options
  const names = options.smooth ? smoothActivations : (Object.keys(activations) as ActivationName[])
  const hidden = (depth: number) =>
    fc.array(fc.integer({ min: 1, max: maxWidth }), { minLength: depth - 1, maxLength: depth - 1 })
  return fc
    .record({
      activation: options.activation === undefined ? fc.constantFrom(...names) : fc.constant(options.activation),
      leading: options.leading === undefined ? fc.boolean() : fc.constant(options.leading),
      depth: options.depth === undefined ? fc.integer({ min: 1, max: 3 }) : fc.constant(options.depth),
      constant: fc.constantFrom(...constants)
    })
    .chain(({ activation, leading, depth, constant }) =>
      hidden(depth).chain(inner => {
        const widths = [d, ...inner, d]
        const goal = constant ** (1 / depth)
        return fc.record({
          activation: fc.constant(activation),
          leading: fc.constant(leading),
          widths: fc.constant(widths),
          weights: fc.tuple(
            ...widths.slice(1).map((out, i) => weightOf(out, widths[i] as number, goal))
          ) as fc.Arbitrary<readonly (readonly number[])[]>,
          biases: fc.tuple(...widths.slice(1).map(out => entries(out))) as fc.Arbitrary<readonly (readonly number[])[]>,
          betas: entries(learnableCount(activation, depth, leading), 2)
        })
      })
    )
}

const shapeOf = ({ widths }: NetSample, i: number): readonly [number, number] => [
  widths[i + 1] as number,
  widths[i] as number
]

/** Certified norms of the weights. */
const normsOf = (net: NetSample): readonly number[] =>
  net.weights.map((weight, i) => certifiedNorm(weight, shapeOf(net, i)))

/** Parameters of the net as tensors, with certified norms. */
export const parametersOf = (net: NetSample): Normed => ({
  layers: net.weights.map((weight, i) => ({
    weight: fromArray(weight, shapeOf(net, i)),
    bias: fromArray(net.biases[i] as readonly number[])
  })),
  betas: net.betas.map(scalar),
  norms: normsOf(net).map(scalar)
})

export const contractiveOf = ({ activation, leading }: Pick<NetSample, 'activation' | 'leading'>) =>
  contractiveMlp({ activation: activations[activation], leading })

/** The net as a function of tensors. */
export const smoothOf = (net: NetSample): Smooth => contractiveOf(net).net(parametersOf(net))

/** A proved upper bound of the net's Lipschitz constant: the product of norms and slopes, rounded up. */
export const constantOfNet = (net: NetSample): number => {
  const { lipschitz } = activations[net.activation]
  const slopes = lipschitz ** (net.weights.length - (net.leading ? 0 : 1))
  return normsOf(net).reduce((product, norm) => product * norm, slopes) * (1 + 2 ** -48)
}

/** Points: ordinary, or with zeros, far and tiny coordinates. */
export const points = (d: number, { wild = true } = {}): fc.Arbitrary<readonly number[]> =>
  fc.array(
    wild
      ? fc.oneof(
          { weight: 8, arbitrary: fc.integer({ min: -3e6, max: 3e6 }).map(i => i / 1e6) },
          fc.constantFrom(0, -0, 1e-300, -1e-9, 50, -1000, 1e8)
        )
      : fc.integer({ min: -3e6, max: 3e6 }).map(i => i / 1e6),
    { minLength: d, maxLength: d }
  )
