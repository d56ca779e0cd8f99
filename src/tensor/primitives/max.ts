import { either as E } from 'fp-ts'
import { notLinear } from '../rules.js'
import { range, showShape } from '../shape.js'
import { apply, type Primitive, rankOf, type Tensor } from '../tensor.js'
import { broadcast } from './broadcast.js'
import { div } from './div.js'
import { equal } from './equal.js'
import { mul } from './mul.js'
import { sum } from './sum.js'

export const maxPrimitive: Primitive<{ readonly axes: readonly number[] }> = {
  name: 'max',
  domain: ['real'],
  shape: ({ axes }, [x = []]) =>
    axes.every(axis => axis >= 0 && axis < x.length && (x[axis] as number) > 0)
      ? E.right(x.filter((_, axis) => !axes.includes(axis)))
      : E.left(`there is no maximum over axes ${showShape(axes)}`),
  jvp: (node, [dx]) => {
    if (dx === undefined) return []
    const { axes } = node.parameters
    const x = node.inputs[0] as Tensor
    const kept = range(rankOf(x)).filter(axis => !axes.includes(axis))
    const attained = equal(x, broadcast(node, x.shape, kept))
    return [div(sum(mul(dx, attained), axes), sum(attained, axes))]
  },
  transpose: node => notLinear(node),
  vectorize: ({ parameters: { axes } }, { inputs: [x], axis }) => max(x as Tensor, axes.map(axis))
}

/**
 * Largest entry over the axes (all of them unless told), which vanish and may not be empty; NaN if there is one.
 * tangent  that of the largest entry; at a tie the mean of theirs
 */
export const max = (x: Tensor, axes: readonly number[] = range(rankOf(x))): Tensor =>
  axes.length === 0 ? x : apply(maxPrimitive, { axes: [...axes].sort((a, b) => a - b) }, x)
