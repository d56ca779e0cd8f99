/**
 * Running error analysis: an upper bound of the absolute rounding error of every entry, as an expression beside the
 * values. Lines are written in terms of the computed values, |computed - exact| <= bound, so a bound holds when it is
 * evaluated by the interpreter whose errors it bounds. Source: Higham, Accuracy and Stability 2002, section 3.3.
 */
import { topological } from '../../tensor/graph.js'
import { broadcastTo } from '../../tensor/primitives/broadcast.js'
import { constantOf, numbersOf } from '../../tensor/primitives/constant.js'
import { lineFor } from '../../tensor/primitives.js'
import { sizeOf } from '../../tensor/shape.js'
import type { Tensor } from '../../tensor/tensor.js'
import { rowMajor } from '../reference/arrays.js'
import { program } from '../reference/evaluate.js'
import { constantError, inputError } from './leaves.js'
import { type Machine, reference } from './machine.js'
import { certain, isZero, scaled } from './magnitudes.js'
import { tableFor } from './table.js'

/** A bound, and through how many roundings at most it was computed itself. */
interface Counted {
  readonly bound: Tensor
  readonly roundings: number
}

/** Roundings of one line of the table, more than any has, but for its sums. */
const roundingsOfLine = 32

/** Beyond this relative error of a bound, it is not trusted; the margin in the lines covers up to it. */
const distrusted = 1 / 20

const terms = ({ primitive, inputs, shape }: Tensor): number => {
  const sizes = inputs.map(x => sizeOf(x.shape))
  if (primitive.name === 'sum') return (sizes[0] as number) / Math.max(1, sizeOf(shape))
  return primitive.name === 'matmul' || primitive.name === 'solve' || primitive.name === 'logAbsDet'
    ? 4 * Math.max(...(inputs[0] as Tensor).shape.slice(-2))
    : 0
}

const finished = ({ bound, roundings }: Counted, { unitRoundoff }: Machine): Tensor => {
  if (isZero(bound)) return bound
  const error = roundings * unitRoundoff
  return error > distrusted ? constantOf(Infinity, bound.shape) : certain(scaled(bound, 1 + 2 * error))
}

/** What is known beforehand of errors. */
export interface KnownErrors {
  /** Bounds of some tensors (inputs, roots, anything), of their shapes. */
  readonly known?: ReadonlyMap<Tensor, Tensor>
}

/**
 * Upper bounds of |computed - exact| for every entry of the outputs, as expressions of the same shapes.
 *
 * Inputs and constants are off by their storage only, unless told. Comparisons that may flip have bound 1, signs 2, and
 * the choice between a and b by one |a - b| more, so that the bounds stay valid; conditions are taken for indicators. The
 * result of an iteration, and so of a root, is what the interpreter found: its bound is Infinity, unless told. What may
 * be NaN has bound Infinity. The operations analysed are those of the outputs: what is to be simplified must be simplified
 * before, because `simplify` may join operations. Rigorous but for the factor 2 in `logAbsDet`; quadratic terms are included.
 * @throws TypeError if a known bound does not broadcast to the shape of its tensor
 * @example toArray(roundingErrors(referenceBackend.machine)([add(scalar(1), scalar(2))])[0])[0] >= 3 * 2 ** -53 // => true
 */
export const roundingErrors =
  (machine: Machine, { known = new Map() }: KnownErrors = {}) =>
  (outputs: readonly Tensor[]): readonly Tensor[] => {
    const table = tableFor(machine)
    const results = new Map<Tensor, Counted>()
    for (const [tensor, bound] of known) results.set(tensor, { bound: broadcastTo(bound, tensor.shape), roundings: 0 })
    const boundOf = (tensor: Tensor, inputs: readonly Counted[]): Tensor => {
      if (numbersOf(tensor) !== undefined) return constantError(machine, tensor)
      if (tensor.primitive.name === 'input') return inputError(machine, tensor)
      const line = lineFor<Tensor>(table, tensor)
      const bounds = inputs.map(x => x.bound)
      return line === undefined ? constantOf(Infinity, tensor.shape) : broadcastTo(line(bounds, tensor), tensor.shape)
    }
    for (const tensor of topological(outputs, x => !results.has(x))) {
      if (results.has(tensor)) continue
      const inputs = tensor.inputs.map(x => results.get(x) as Counted)
      const before = inputs.reduce((most, x) => Math.max(most, x.roundings), 0)
      results.set(tensor, {
        bound: boundOf(tensor, inputs),
        roundings: before + roundingsOfLine + terms(tensor)
      })
    }
    return outputs.map(output => finished(results.get(output) as Counted, machine))
  }

/**
 * The bounds of outputs without inputs, evaluated by `reference`, in row-major order. Bounds of another machine than
 * `reference` are then computed from values that the machine does not have: valid to first order only.
 */
export const boundsOf =
  (machine: Machine = reference, options: KnownErrors = {}) =>
  (outputs: readonly Tensor[]): readonly Float64Array[] =>
    program([], roundingErrors(machine, options)(outputs))([]).map(values => Float64Array.from(rowMajor(values)))
