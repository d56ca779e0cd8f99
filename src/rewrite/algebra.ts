import { add, addPrimitive } from '../tensor/primitives/add.js'
import { broadcast, broadcastPrimitive } from '../tensor/primitives/broadcast.js'
import { concat, concatPrimitive } from '../tensor/primitives/concat.js'
import { constantOf, fillOf } from '../tensor/primitives/constant.js'
import { matmul, matmulPrimitive } from '../tensor/primitives/matmul.js'
import { mul } from '../tensor/primitives/mul.js'
import { neg, negPrimitive } from '../tensor/primitives/neg.js'
import { permute, permutePrimitive } from '../tensor/primitives/permute.js'
import { reshape, reshapePrimitive } from '../tensor/primitives/reshape.js'
import { slice, slicePrimitive } from '../tensor/primitives/slice.js'
import { sub, subPrimitive } from '../tensor/primitives/sub.js'
import { sizeOf } from '../tensor/shape.js'
import { isA, rankOf, type Tensor } from '../tensor/tensor.js'

/** A simpler tensor of the same value, or undefined if the rule does not apply. Inputs are simplified already. */
type Rule = (tensor: Tensor, first: Tensor, second: Tensor) => Tensor | undefined

const scalars: Readonly<Record<string, (a: number, b: number) => number>> = {
  add: (a, b) => a + b,
  sub: (a, b) => a - b,
  mul: (a, b) => a * b,
  div: (a, b) => a / b,
  neg: a => -a
}

const constants: Rule = ({ primitive, shape, inputs }) => {
  const compute = scalars[primitive.name]
  if (compute === undefined) return undefined
  const [a, b = 0] = inputs.map(fillOf)
  return a === undefined || b === undefined || inputs.some(x => fillOf(x) === undefined)
    ? undefined
    : constantOf(compute(a, b), shape)
}

const negated = (x: Tensor): Tensor | undefined => (isA(negPrimitive, x) ? x.inputs[0] : undefined)

const swapsLast = (x: Tensor): boolean =>
  isA(permutePrimitive, x) &&
  x.parameters.axes.every((axis, i) => axis === (i < rankOf(x) - 2 ? i : i === rankOf(x) - 2 ? i + 1 : i - 1))

/** A C + B C = (A + B) C, where the sum costs less than a product. */
const sumOfProducts = (a: Tensor, b: Tensor, combine: (a: Tensor, b: Tensor) => Tensor): Tensor | undefined => {
  if (a === b || !isA(matmulPrimitive, a) || !isA(matmulPrimitive, b)) return undefined
  const [right, left] = [a.inputs[1] as Tensor, a.inputs[0] as Tensor]
  const same =
    right === b.inputs[1] &&
    a.parameters.transposeA === b.parameters.transposeA &&
    a.parameters.transposeB === b.parameters.transposeB
  return same && sizeOf(left.shape) <= sizeOf(right.shape)
    ? matmul(combine(left, b.inputs[0] as Tensor), right, a.parameters)
    : undefined
}

/** (A C + X) + B C = (A + B) C + X, also with the terms of the first sum exchanged. */
const termIntoSum = (sum: Tensor, term: Tensor): Tensor | undefined => {
  if (!isA(addPrimitive, sum) || !isA(matmulPrimitive, term)) return undefined
  const [a, b] = sum.inputs as readonly [Tensor, Tensor]
  const withFirst = sumOfProducts(a, term, add)
  if (withFirst !== undefined) return add(withFirst, b)
  const withSecond = sumOfProducts(b, term, add)
  return withSecond === undefined ? undefined : add(a, withSecond)
}

/** The rules that can apply to a primitive, by its name. */
const rules: Readonly<Record<string, Rule>> = {
  add: (_, a, b) => {
    if (fillOf(a) === 0) return b
    if (fillOf(b) === 0) return a
    const [na, nb] = [negated(a), negated(b)]
    if (nb !== undefined) return sub(a, nb)
    if (na !== undefined) return sub(b, na)
    return sumOfProducts(a, b, add) ?? termIntoSum(a, b) ?? termIntoSum(b, a)
  },
  sub: (_, a, b) => {
    if (fillOf(b) === 0) return a
    if (fillOf(a) === 0) return neg(b)
    const nb = negated(b)
    return nb === undefined ? sumOfProducts(a, b, sub) : add(a, nb)
  },
  mul: (_, a, b) => {
    if (fillOf(a) === 1) return b
    if (fillOf(b) === 1) return a
    if (fillOf(a) === -1) return neg(b)
    if (fillOf(b) === -1) return neg(a)
    const [na, nb] = [negated(a), negated(b)]
    return na !== undefined ? neg(mul(na, b)) : nb !== undefined ? neg(mul(a, nb)) : undefined
  },
  div: (_, a, b) => (fillOf(b) === 1 ? a : undefined),
  neg: (_, a) => negated(a) ?? (isA(subPrimitive, a) ? sub(a.inputs[1] as Tensor, a.inputs[0] as Tensor) : undefined),
  reshape: ({ shape }, a) => {
    const fill = fillOf(a)
    if (fill !== undefined) return constantOf(fill, shape)
    return isA(reshapePrimitive, a) ? reshape(a.inputs[0] as Tensor, shape) : undefined
  },
  permute: (tensor, a) => {
    const fill = fillOf(a)
    if (fill !== undefined) return constantOf(fill, tensor.shape)
    if (!isA(permutePrimitive, tensor)) return undefined
    const { axes } = tensor.parameters
    if (isA(permutePrimitive, a))
      return permute(
        a.inputs[0] as Tensor,
        axes.map(axis => a.parameters.axes[axis] as number)
      )
    const long = axes.filter(axis => a.shape[axis] !== 1)
    if (long.every((axis, i) => i === 0 || axis > (long[i - 1] as number))) return reshape(a, tensor.shape)
    return isA(concatPrimitive, a)
      ? concat(
          a.inputs.map(x => permute(x, axes)),
          axes.indexOf(a.parameters.axis)
        )
      : undefined
  },
  slice: (tensor, a) => {
    if (!isA(slicePrimitive, tensor) || !isA(permutePrimitive, a)) return undefined
    const { start, shape } = tensor.parameters
    const { axes } = a.parameters
    const from = axes.map((_, axis) => axes.indexOf(axis))
    const window = slice(
      a.inputs[0] as Tensor,
      from.map(axis => start[axis] as number),
      from.map(axis => shape[axis] as number)
    )
    return permute(window, axes)
  },
  broadcast: (tensor, a) => {
    if (!isA(broadcastPrimitive, tensor) || !isA(broadcastPrimitive, a)) return undefined
    return broadcast(
      a.inputs[0] as Tensor,
      tensor.shape,
      a.parameters.axes.map(axis => tensor.parameters.axes[axis] as number)
    )
  },
  matmul: (tensor, a, b) => {
    if (!isA(matmulPrimitive, tensor) || !(swapsLast(a) || swapsLast(b))) return undefined
    const { transposeA, transposeB } = tensor.parameters
    return matmul(swapsLast(a) ? (a.inputs[0] as Tensor) : a, swapsLast(b) ? (b.inputs[0] as Tensor) : b, {
      transposeA: transposeA !== swapsLast(a),
      transposeB: transposeB !== swapsLast(b)
    })
  }
}

/** One algebraic step: a simpler tensor of the same value, or undefined. */
export const simpler = (tensor: Tensor): Tensor | undefined => {
  const [a, b] = tensor.inputs
  return constants(tensor, a as Tensor, b as Tensor) ?? rules[tensor.primitive.name]?.(tensor, a as Tensor, b as Tensor)
}
