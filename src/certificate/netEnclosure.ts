import { intervalProgram } from '../interpret/interval/evaluate.js'
import { div, type Interval, mul, point } from '../interpret/interval/interval.js'
import { exactIntervals, type Intervals, midpoints, tabulated } from '../interpret/interval/intervals.js'
import { down, up } from '../interpret/interval/rounding.js'
import { rowMajor, withShape } from '../interpret/reference/arrays.js'
import { program } from '../interpret/reference/evaluate.js'
import { type ActivationName, activations } from '../net/activations.js'
import { type MlpParameters, mlp } from '../net/mlp.js'
import { tangents } from '../rewrite/derivatives.js'
import { root } from '../solve/root.js'
import { fromArray, scalar } from '../tensor/constructors.js'
import { add } from '../tensor/primitives/add.js'
import { input } from '../tensor/primitives/input.js'
import { sub } from '../tensor/primitives/sub.js'
import { type Bounds, boundsOf, type DenseNet } from './denseNet.js'

/** A net that can be enclosed. */
export interface EnclosedNet extends Bounds {
  /** Encloses the value at a point [d], and the transposed Jacobian [d d] over a box [d]. */
  readonly at: (x: Float64Array, box: Intervals) => readonly [value: Intervals, slopes: Intervals]
  /** A z with z + g(z) near y; nothing is claimed of it. */
  readonly rootNear: (y: Float64Array) => Float64Array
}

/** 2 pi: the float64 nearest to pi is within an ulp of it. */
const turn: Interval = { lo: down(2 * Math.PI), hi: up(2 * Math.PI) }

/** Enclosures of what an activation multiplies its argument and its result by. */
export interface Scalings {
  readonly inner: Interval
  readonly outer: Interval
}
const one: Scalings = { inner: point(1), outer: point(1) }

/** The scalings of the activations as mathematics has them: of sine's 2 pi, and of lipSwish's 1 / 1.1. */
export const scalings: Readonly<Record<ActivationName, Scalings>> = {
  sine: { inner: turn, outer: div(point(1), turn) },
  lipSwish: { inner: point(1), outer: div(point(10), point(11)) },
  elu: one,
  tanh: one,
  lipschitzCube: one,
  softplus: one,
  identity: one
}

/** A layer whose numbers are enclosed. */
interface EnclosedLayer {
  readonly weight: Intervals
  readonly bias: Intervals
}

/** The activations' scalings folded into the layers around them; a leading activation gets a layer of its own before it. */
const foldedLayers = ({ inner, outer }: Scalings, { leading, layers }: DenseNet): readonly EnclosedLayer[] => {
  const d = layers[0]?.weight[0]?.length ?? 0
  const identity = Array.from({ length: d }, (_, i) => Array.from({ length: d }, (_j, j) => (i === j ? 1 : 0)))
  const all = leading ? [{ weight: identity, bias: Array<number>(d).fill(0) }, ...layers] : layers
  return all.map(({ weight, bias }, i) => {
    const before = i > 0 ? outer : point(1)
    const after = i < all.length - 1 ? inner : point(1)
    const [rows, columns] = [weight.length, weight[0]?.length ?? 0]
    const flat = weight.flat()
    return {
      weight: tabulated([rows, columns], k => mul(mul(point(flat[k] as number), before), after)),
      bias: tabulated([rows], k => mul(point(bias[k] as number), after))
    }
  })
}

/**
 * Prepares the enclosures of a net. What is enclosed is the net as mathematics has it, with sine's true 2 pi: expressions
 * of the net without scalings are interpreted by intervals, the scalings being in the weights.
 */
export const enclosedNet = (name: ActivationName, net: DenseNet): EnclosedNet => {
  const shape = { activation: { ...activations[name], inner: 1, outer: 1 }, leading: false }
  const layers = foldedLayers(scalings[name], net)
  const d = layers.at(-1)?.bias.shape[0] ?? 0
  const tensors = layers.map(({ weight, bias }, i) => ({
    weight: input(`weight ${i}`, weight.shape),
    bias: input(`bias ${i}`, bias.shape)
  }))
  const [at, over] = [input('point', [d]), input('box', [d])]
  const g = mlp(shape)({ layers: tensors, betas: net.betas.map(scalar) })
  const parameters = tensors.flatMap(({ weight, bias }) => [weight, bias])
  const run = intervalProgram([...parameters, at, over], [g(at), tangents(g)(over)[1]])
  const values = layers.flatMap(({ weight, bias }) => [weight, bias])
  const bounds = boundsOf(net)

  const middle = (x: Intervals) => fromArray(midpoints(x), x.shape)
  const near: MlpParameters = {
    layers: layers.map(({ weight, bias }) => ({ weight: middle(weight), bias: middle(bias) })),
    betas: net.betas.map(scalar)
  }
  const y = input('y', [d])
  const z = root(x => sub(add(x, mlp(shape)(near)(x)), y), { start: y, contraction: scalar(bounds.lipschitz) })
  const find = program([y], [z])

  return {
    ...bounds,
    at: (x, box) => run([...values, exactIntervals(x), box]) as readonly Intervals[] as readonly [Intervals, Intervals],
    rootNear: target => Float64Array.from(rowMajor(find([withShape(target, [d])])[0] as ReturnType<typeof withShape>))
  }
}
