import { either as E } from 'fp-ts'
import { defect } from '../prelude/defect.js'
import { type Shape, sameShape, showShape } from './shape.js'
import { apply, type Domain, type Lanes, type Primitive, type Tensor } from './tensor.js'

/** Primitives without parameters. */
export type None = Record<string, never>
export const none: None = Object.freeze({})

/** The rule of a primitive that is not linear in the argument asked for. */
export const notLinear = (node: Tensor): never =>
  defect(`${node.primitive.name} is not linear: linearize before you transpose`)

const equalShapes = (inputs: readonly Shape[]): E.Either<string, Shape> => {
  const [first = [], ...rest] = inputs
  return rest.every(shape => sameShape(shape, first))
    ? E.right(first)
    : E.left(`shapes ${inputs.map(showShape).join(' and ')} must be equal`)
}

/** Partial derivative in one argument: tangent, arguments, result -> tangent of the result; null where it is zero. */
export type Partial = ((dx: Tensor, xs: readonly Tensor[], y: Tensor) => Tensor) | null

/** How a cotangent flows to an argument in which an elementwise primitive is linear; null where it is not linear. */
export type Pull = ((ct: Tensor, xs: readonly Tensor[]) => Tensor) | null

/**
 * An elementwise primitive: shapes are equal, rows never meet.
 * @param partials one a argument; an argument that is linear gives its pull as well
 */
export const elementwise = (
  name: string,
  domain: readonly Domain[],
  partials: readonly Partial[],
  pulls: readonly Pull[] = []
): Primitive<None> => {
  const primitive: Primitive<None> = {
    name,
    domain,
    shape: (_, inputs) => equalShapes(inputs),
    jvp: (node, tangents) =>
      tangents.flatMap((dx, i) => (dx === undefined ? [] : (partials[i]?.(dx, node.inputs, node) ?? []))),
    transpose: (node, ct, i) => pulls[i]?.(ct, node.inputs) ?? notLinear(node),
    vectorize: (_, lanes) => apply(primitive, none, ...lanes.all())
  }
  return primitive
}

/** What a primitive that is linear in its only argument must say; its tangent rule is itself. */
export interface Linear<P> {
  readonly name: string
  readonly shape: (parameters: P, input: Shape) => E.Either<string, Shape>
  readonly transpose: (parameters: P, ct: Tensor, input: Shape) => Tensor
  readonly vectorize: (parameters: P, x: Tensor, lanes: Lanes) => Tensor
}

/** A primitive that is linear in its only argument. */
export const linear = <P>({ name, shape, transpose, vectorize }: Linear<P>): Primitive<P> => {
  const primitive: Primitive<P> = {
    name,
    domain: ['real'],
    shape: (parameters, [x = []]) => shape(parameters, x),
    jvp: (node, [dx]) => (dx === undefined ? [] : [apply(primitive, node.parameters, dx)]),
    transpose: (node, ct) => transpose(node.parameters, ct, node.inputs[0]?.shape ?? []),
    vectorize: (node, lanes) => vectorize(node.parameters, lanes.inputs[0] as Tensor, lanes)
  }
  return primitive
}

/** A primitive that is linear in each of two arguments while the other is held. */
export const bilinear = <P>(
  primitive: Omit<Primitive<P>, 'jvp' | 'domain'> & { readonly domain?: readonly Domain[] }
): Primitive<P> => {
  const whole: Primitive<P> = {
    domain: ['real', 'real'],
    ...primitive,
    jvp: (node, tangents) =>
      tangents.flatMap((dx, i) =>
        dx === undefined ? [] : [apply(whole, node.parameters, ...node.inputs.map((x, j) => (i === j ? dx : x)))]
      )
  }
  return whole
}
