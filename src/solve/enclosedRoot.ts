import { intervalProgram } from '../interpret/interval/evaluate.js'
import { hull, meet, nothing } from '../interpret/interval/interval.js'
import {
  exactIntervals,
  type Intervals,
  intervalAt,
  intervalsAround,
  midpoints,
  tabulated
} from '../interpret/interval/intervals.js'
import { type Numbers, rowMajor, withShape } from '../interpret/reference/arrays.js'
import { program } from '../interpret/reference/evaluate.js'
import { dependents } from '../tensor/graph.js'
import { broadcastTo } from '../tensor/primitives/broadcast.js'
import { div } from '../tensor/primitives/div.js'
import { input } from '../tensor/primitives/input.js'
import { reshape } from '../tensor/primitives/reshape.js'
import { solve } from '../tensor/primitives/solve.js'
import { stopGradientPrimitive } from '../tensor/primitives/stopGradient.js'
import { sub } from '../tensor/primitives/sub.js'
import { sizeOf } from '../tensor/shape.js'
import { apply, isA, type Tensor } from '../tensor/tensor.js'
import { alongRows, type RootNode, residualOf, slopesOf, solved, unknownOf } from './root.js'
import { norm } from './safeguard.js'

/** How often the box around a root is tightened. */
const rounds = 2

/** What bounds a root near z, as expressions of z, a box Z that contains the root, and the node's inputs. */
const boundsOf = (node: RootNode, z: Tensor, box: Tensor): readonly [Tensor, Tensor] => {
  const { body } = node.parameters
  const sample = unknownOf(body).shape
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

/** Whether F has a part whose derivative is not to be seen: then J is not its Jacobian. */
const holdsBack = ({ parameters: { body } }: RootNode): boolean =>
  [...dependents(body.results, body.bound)].some(x => isA(stopGradientPrimitive, x))

/**
 * Encloses the exact roots of a node, whatever solver it names. The floats z that the solver finds at the middles of the
 * inputs are within |F(z)| / (1 - c) of the root, if c, the contraction, is at most what the node claims; then the
 * interval Newton operator z - J(Z)^-1 F(z) of a box Z with z and the root in it has the root in it as well, by the mean
 * value theorem; at kinks of F the comparisons are undecided, and J(Z) has all slopes. Nothing is claimed where the
 * contraction is not below 1.
 * Source: Lu et al. 2021, Theorem 1; Neumaier 1990, Interval methods for systems of equations, 5.1.
 */
export const enclosedRoot = (inputs: readonly Intervals[], node: RootNode): Intervals => {
  const variables = inputs.map((x, i) => input(`r${i}`, x.shape))
  const stated = apply(node.primitive, node.parameters, ...variables)
  const contraction = inputs[1] as Intervals
  if (!contraction.hi.every(c => c < 1)) return tabulated(node.shape, () => nothing)
  const [found] = program(variables, [solved(stated).value])(inputs.map(x => withShape(midpoints(x), x.shape)))
  const centre = exactIntervals(rowMajor(found as Numbers), node.shape)
  const [z, box] = [input('z', node.shape), input('box', node.shape)]
  const [radius, newton] = boundsOf(stated, z, box)
  const [radii] = intervalProgram([...variables, z], [radius])([...inputs, centre]) as [Intervals]
  const tighter = intervalProgram([...variables, z, box], [newton])
  let within = intervalsAround(centre.lo, radii.hi, node.shape)
  if (holdsBack(node)) return within
  for (let round = 0; round < rounds; round++) {
    const last = within
    const segments = tabulated(node.shape, i => hull(intervalAt(last, i), intervalAt(centre, i)))
    const [next] = tighter([...inputs, centre, segments]) as [Intervals]
    within = tabulated(node.shape, i => meet(intervalAt(last, i), intervalAt(next, i)))
  }
  return within
}
