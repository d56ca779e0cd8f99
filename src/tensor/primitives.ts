import { absPrimitive } from './primitives/abs.js'
import { addPrimitive } from './primitives/add.js'
import { broadcastPrimitive } from './primitives/broadcast.js'
import { concatPrimitive } from './primitives/concat.js'
import { constantPrimitive } from './primitives/constant.js'
import { cosPrimitive } from './primitives/cos.js'
import { divPrimitive } from './primitives/div.js'
import { equalPrimitive } from './primitives/equal.js'
import { expPrimitive } from './primitives/exp.js'
import { expm1Primitive } from './primitives/expm1.js'
import { greaterPrimitive } from './primitives/greater.js'
import { greaterEqualPrimitive } from './primitives/greaterEqual.js'
import { inputPrimitive } from './primitives/input.js'
import { componentPrimitive, iteratePrimitive } from './primitives/iterate.js'
import { logPrimitive } from './primitives/log.js'
import { log1pPrimitive } from './primitives/log1p.js'
import { logAbsDetPrimitive } from './primitives/logAbsDet.js'
import { matmulPrimitive } from './primitives/matmul.js'
import { maxPrimitive } from './primitives/max.js'
import { maximumPrimitive } from './primitives/maximum.js'
import { minimumPrimitive } from './primitives/minimum.js'
import { mulPrimitive } from './primitives/mul.js'
import { negPrimitive } from './primitives/neg.js'
import { padPrimitive } from './primitives/pad.js'
import { permutePrimitive } from './primitives/permute.js'
import { powerPrimitive } from './primitives/power.js'
import { reshapePrimitive } from './primitives/reshape.js'
import { selectPrimitive } from './primitives/select.js'
import { sigmoidPrimitive } from './primitives/sigmoid.js'
import { signPrimitive } from './primitives/sign.js'
import { sinPrimitive } from './primitives/sin.js'
import { slicePrimitive } from './primitives/slice.js'
import { softplusPrimitive } from './primitives/softplus.js'
import { solvePrimitive } from './primitives/solve.js'
import { sqrtPrimitive } from './primitives/sqrt.js'
import { stopGradientPrimitive } from './primitives/stopGradient.js'
import { subPrimitive } from './primitives/sub.js'
import { sumPrimitive } from './primitives/sum.js'
import { tanhPrimitive } from './primitives/tanh.js'
import type { Primitive, Tensor } from './tensor.js'

/**
 * Every primitive that interpreters meet, by name: their tables are exhaustive over this one, and the laws run over it.
 * A `root` is not among them: it expands into an iteration.
 */
export const primitives = {
  abs: absPrimitive,
  add: addPrimitive,
  broadcast: broadcastPrimitive,
  component: componentPrimitive,
  concat: concatPrimitive,
  constant: constantPrimitive,
  cos: cosPrimitive,
  div: divPrimitive,
  equal: equalPrimitive,
  exp: expPrimitive,
  expm1: expm1Primitive,
  greater: greaterPrimitive,
  greaterEqual: greaterEqualPrimitive,
  input: inputPrimitive,
  iterate: iteratePrimitive,
  log: logPrimitive,
  log1p: log1pPrimitive,
  logAbsDet: logAbsDetPrimitive,
  matmul: matmulPrimitive,
  max: maxPrimitive,
  maximum: maximumPrimitive,
  minimum: minimumPrimitive,
  mul: mulPrimitive,
  neg: negPrimitive,
  pad: padPrimitive,
  permute: permutePrimitive,
  power: powerPrimitive,
  reshape: reshapePrimitive,
  select: selectPrimitive,
  sigmoid: sigmoidPrimitive,
  sign: signPrimitive,
  sin: sinPrimitive,
  slice: slicePrimitive,
  softplus: softplusPrimitive,
  solve: solvePrimitive,
  sqrt: sqrtPrimitive,
  stopGradient: stopGradientPrimitive,
  sub: subPrimitive,
  sum: sumPrimitive,
  tanh: tanhPrimitive
} as const

export type PrimitiveName = keyof typeof primitives

/** The parameters of a primitive. */
export type ParametersOf<N extends PrimitiveName> = (typeof primitives)[N] extends Primitive<infer P> ? P : never

/** Primitives that bind variables or select what a binder returns: interpreters handle them themselves. */
export type Structural = 'input' | 'constant' | 'iterate' | 'component'

/** An interpreter's line for each primitive, from a tensor and the interpretations of its inputs. */
export type Table<A, Excluded extends PrimitiveName = Structural> = {
  readonly [N in Exclude<PrimitiveName, Excluded>]: (inputs: readonly A[], node: Tensor<ParametersOf<N>>) => A
}

/** Looks up a table's line for a tensor; undefined where the table has none. */
export const lineFor = <A>(table: object, tensor: Tensor): ((inputs: readonly A[], node: Tensor) => A) | undefined =>
  (table as Readonly<Record<string, (inputs: readonly A[], node: Tensor) => A>>)[tensor.primitive.name]
