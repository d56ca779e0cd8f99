import { either as E } from 'fp-ts'
import { linear } from '../rules.js'
import { range, showShape } from '../shape.js'
import { apply, type Lanes, rankOf, type Tensor } from '../tensor.js'

export const permutePrimitive = linear<{ readonly axes: readonly number[] }>({
  name: 'permute',
  shape: ({ axes }, x) =>
    axes.length === x.length && range(x.length).every(axis => axes.includes(axis))
      ? E.right(axes.map(axis => x[axis] as number))
      : E.left(`${showShape(axes)} is no permutation of its axes`),
  transpose: ({ axes }, ct) =>
    permute(
      ct,
      axes.map((_, axis) => axes.indexOf(axis))
    ),
  vectorize: ({ axes }, x, { insert, axis, side }) =>
    permute(x, insert(axes.map(axis), side === 'first' ? 0 : axes.length))
})

/** The axes in another order: axis i of the result is axis `axes[i]` of x. */
export const permute = (x: Tensor, axes: readonly number[]): Tensor =>
  axes.length === rankOf(x) && axes.every((axis, i) => axis === i) ? x : apply(permutePrimitive, { axes }, x)

/** The last two axes exchanged. */
export const transposed = (x: Tensor): Tensor => {
  const lead = range(rankOf(x) - 2)
  return permute(x, [...lead, lead.length + 1, lead.length])
}

/** A vectorize rule for primitives that index independent problems by their first axes, wherever the rows lie. */
export const alongFirst = ({ all, side }: Lanes, f: (xs: readonly Tensor[]) => Tensor): Tensor => {
  if (side === 'first') return f(all())
  const cycled = (x: Tensor): Tensor => permute(x, [rankOf(x) - 1, ...range(rankOf(x) - 1)])
  const result = f(all().map(cycled))
  return permute(result, [...range(rankOf(result)).slice(1), 0])
}
