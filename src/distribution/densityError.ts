import type { Machine } from '../interpret/runningError/machine.js'
import { roundingErrors } from '../interpret/runningError/runningError.js'
import { vjp } from '../rewrite/derivatives.js'
import { vectorizeOver } from '../rewrite/vectorize.js'
import type { RootReport } from '../solve/report.js'
import { isRoot, type RootNode } from '../solve/root.js'
import { norm } from '../solve/safeguard.js'
import { fold, rebuilt } from '../tensor/graph.js'
import { add } from '../tensor/primitives/add.js'
import { constantOf, zerosLike } from '../tensor/primitives/constant.js'
import { mul } from '../tensor/primitives/mul.js'
import { sum } from '../tensor/primitives/sum.js'
import type { Tensor } from '../tensor/tensor.js'

/** The output with every root moved by a little. */
const moved = (output: Tensor, roots: readonly RootNode[], by: readonly Tensor[]): Tensor => {
  const offset = new Map<Tensor, Tensor>(roots.map((node, i) => [node, by[i] as Tensor]))
  return fold([output], (tensor, inputs: readonly Tensor[]) => {
    const now = rebuilt(tensor, inputs)
    const shift = isRoot(tensor) ? offset.get(tensor) : undefined
    return shift === undefined ? now : add(now, shift)
  })[0] as Tensor
}

/**
 * A first-order estimate of the error of a log-density, row by row: for every root, the slope in it times the bound of
 * its error, and the rounding errors of the rest with the roots taken as they are. Not a bound: second-order terms are
 * missing, and so is rounding in what enters a root.
 * @param logDensity [size], made of the roots, which are [d size]
 */
export const densityError = (
  machine: Machine,
  logDensity: Tensor,
  roots: readonly RootNode[],
  reports: readonly RootReport[]
): Tensor => {
  const exact = new Map<Tensor, Tensor>(roots.map(node => [node, constantOf(0, node.shape)]))
  const rounding = roundingErrors(machine, { known: exact })([logDensity])[0] as Tensor
  if (roots.length === 0) return rounding
  const [, pull] = vjp((by: readonly Tensor[]) => sum(moved(logDensity, roots, by)))(roots.map(zerosLike))
  const slopes = pull(constantOf(1))
  const lengths = slopes.map(
    slope => vectorizeOver(x => [norm(x as Tensor)], [slope], [true], slope.shape.at(-1) as number, 'last')[0] as Tensor
  )
  return lengths.reduce((total, length, i) => add(total, mul(length, (reports[i] as RootReport).errorBound)), rounding)
}
