import { intervalProgram } from '../interpret/interval/evaluate.js'
import { meet, nothing } from '../interpret/interval/interval.js'
import {
  exactIntervals,
  type Intervals,
  intervalAt,
  intervalsAround,
  midpoints,
  tabulated
} from '../interpret/interval/intervals.js'
import { rowMajor, withShape } from '../interpret/reference/arrays.js'
import { program } from '../interpret/reference/evaluate.js'
import { broadcastTo } from '../tensor/primitives/broadcast.js'
import { div } from '../tensor/primitives/div.js'
import { input } from '../tensor/primitives/input.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { solve } from '../tensor/primitives/solve.js'
import { sub } from '../tensor/primitives/sub.js'
import { sizeOf } from '../tensor/shape.js'
import { apply, type Tensor } from '../tensor/tensor.js'
import { alongRows, type RootNode, residualOf, slopesOf, solved } from './root.js'
import { norm } from './safeguard.js'

/** How often the box around a root is tightened. */
const rounds = 2

/** What bounds a root near z, as expressions of z, a box Z that contains the root, and the node's inputs. */
const boundsOf = (node: RootNode, z: Tensor, box: Tensor): readonly [Tensor, Tensor] => {
  const { body } = node.parameters
  const sample = body.bound[0]?.shape ?? []
  const n = sizeOf(sample)
  const [radius] = alongRows(
    node,
    (at, _, contraction, ...free) => [broadcastTo(div(norm(residualOf(body, free)(at)), sub(1, contraction)), sample)],
    [z, z]
  )
  const [newton] = alongRows(
    node,
    (within, at, _, ...free) => {
      const right = reshape(residualOf(body, free)(at), [n, 1])
      const step = solve(slopesOf(body, free)(within), right, { kind: 'general', transpose: true })
      return [reshape(sub(at, reshape(step, [n])), sample)]
    },
    [box, z]
  )
  return [radius as Tensor, newton as Tensor]
}

/**
 * Encloses the exact roots of a node, whatever solver it names. The floats z that the solver finds at the middles of the
 * inputs are within |F(z)| / (1 - c) of the root, if c, the contraction, is at most what the node claims; then the
 * interval Newton operator z - J(Z)^-1 F(z) of the box Z around that ball has the root in it as well. Nothing is claimed
 * where the contraction is not below 1.
 * Source: Lu et al. 2021, Theorem 1; Neumaier 1990, Interval methods for systems of equations, 5.1.
 */
export const enclosedRoot = (inputs: readonly Intervals[], node: RootNode): Intervals => {
  const variables = inputs.map((x, i) => input(`r${i}`, x.shape))
  const stated = apply(node.primitive, node.parameters, ...variables)
  const contraction = inputs[1] as Intervals
  if (!contraction.hi.every(c => c < 1)) return tabulated(node.shape, () => nothing)
  const [found] = program(variables, [solved(stated).value])(inputs.map(x => withShape(midpoints(x), x.shape)))
  const centre = exactIntervals(found === undefined ? [] : rowMajor(found), node.shape)
  const [z, box] = [input('z', node.shape), input('box', node.shape)]
  const [radius, newton] = boundsOf(stated, z, box)
  const [radii] = intervalProgram([...variables, z], [radius])([...inputs, centre]) as [Intervals]
  const tighter = intervalProgram([...variables, z, box], [newton])
  let within = intervalsAround(centre.lo, radii.hi, node.shape)
  for (let round = 0; round < rounds; round++) {
    const [next] = tighter([...inputs, centre, within]) as [Intervals]
    const last = within
    within = tabulated(node.shape, i => meet(intervalAt(last, i), intervalAt(next, i)))
  }
  return within
}
