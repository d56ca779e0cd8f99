import { either as E } from 'fp-ts'
import { defect } from '../prelude/defect.js'
import { type Shape, showShape } from './shape.js'

/**
 * An immutable expression over the reals. Building one checks shapes and computes nothing; a tensor is known by its
 * identity. Rewrites turn expressions into expressions, interpreters turn them into numbers.
 */
export interface Tensor<P = unknown> {
  readonly primitive: Primitive<P>
  readonly parameters: P
  readonly inputs: readonly Tensor[]
  readonly shape: Shape
}

/** A tensor, or a number that stands for a constant scalar. */
export type Like = Tensor | number

/** Where an argument of a primitive may lie, as data: the laws draw their arguments from it. */
export type Domain = 'real' | 'nonzero' | 'positive' | 'aboveMinusOne' | 'indicator' | 'nearIdentity'

/** Whether rows lie along a new first axis or a new last one. */
export type Side = 'first' | 'last'

/** What a vectorize rule is given beside its node: the inputs, which of them carry the new axis, and where it is. */
export interface Lanes {
  readonly inputs: readonly Tensor[]
  readonly mapped: readonly boolean[]
  readonly size: number
  readonly side: Side
  /** Every input with the new axis, the unmapped ones broadcast along it. */
  readonly all: () => readonly Tensor[]
  /** A list that has an entry for each axis, with an entry for the new one. */
  readonly insert: (list: readonly number[], entry: number) => readonly number[]
  /** Where an axis of the sample is now. */
  readonly axis: (axis: number) => number
  /** The rewrite itself, for primitives that carry a body. */
  readonly vectorize: VectorizeBody
}

/** Vectorizes a function of several tensors over the new axis of those marked as mapped. */
export type VectorizeBody = (
  f: (...xs: readonly Tensor[]) => readonly Tensor[],
  xs: readonly Tensor[],
  mapped: readonly boolean[],
  size: number,
  side: Side
) => readonly Tensor[]

/** What the mathematics says of one operation; how a machine computes it is the interpreters' business. */
export interface Primitive<P = unknown> {
  readonly name: string
  /** One domain an argument; empty where arguments are structured (bodies). */
  readonly domain: readonly Domain[]
  /** The result's shape, or what is wrong with the arguments. */
  shape(parameters: P, inputs: readonly Shape[]): E.Either<string, Shape>
  /** Terms whose sum is the tangent of the result; an absent tangent is zero. */
  jvp(node: Tensor<P>, tangents: readonly (Tensor | undefined)[]): readonly Tensor[]
  /** The cotangent of one argument in which the node is linear. */
  transpose(node: Tensor<P>, cotangent: Tensor, argument: number): Tensor
  /** The node applied along a new axis of the mapped inputs; the result carries the axis. */
  vectorize(node: Tensor<P>, lanes: Lanes): Tensor
  /** The node in terms of simpler primitives, for interpreters that do not know it. */
  expand?(node: Tensor<P>, vectorize: VectorizeBody): Tensor
}

/**
 * Applies a primitive. The only constructor of tensors.
 * @throws TypeError naming the primitive and the shapes, if they do not fit (a defect of the caller)
 */
export const apply = <P>(primitive: Primitive<P>, parameters: P, ...inputs: readonly Tensor[]): Tensor<P> => {
  const shapes = inputs.map(input => input.shape)
  const shape = primitive.shape(parameters, shapes)
  if (E.isLeft(shape)) return defect(`${primitive.name} of ${shapes.map(showShape).join(', ')}: ${shape.left}`)
  return Object.freeze({ primitive, parameters, inputs, shape: shape.right })
}

/** Whether a tensor is an application of the primitive; narrows its parameters. */
export const isA = <P>(primitive: Primitive<P>, tensor: Tensor): tensor is Tensor<P> =>
  tensor.primitive.name === primitive.name

export const rankOf = (tensor: Tensor): number => tensor.shape.length
