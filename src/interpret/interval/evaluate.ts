import { defect } from '../../prelude/defect.js'
import { expand } from '../../rewrite/expand.js'
import { fold, topological } from '../../tensor/graph.js'
import { numbersOf } from '../../tensor/primitives/constant.js'
import { componentPrimitive, iteratePrimitive, type Loop } from '../../tensor/primitives/iterate.js'
import { lineFor, primitives } from '../../tensor/primitives.js'
import { sameShape, showShape } from '../../tensor/shape.js'
import { isA, type Tensor } from '../../tensor/tensor.js'
import { rowMajor } from '../reference/arrays.js'
import { hull } from './interval.js'
import { exactIntervals, type Intervals, intervalAt, tabulated } from './intervals.js'
import { table } from './table.js'

/** Lines for primitives that are not to be expanded, by name: enclosures from those of the inputs. */
export type Lines = Readonly<Record<string, (inputs: readonly Intervals[], node: Tensor) => Intervals>>

/** The enclosure of a tensor, or of the states that an iteration ends with. */
type Value = Intervals | readonly Intervals[]

type Run = (inputs: readonly Intervals[]) => readonly Intervals[]

const hulls = (xs: readonly Intervals[], ys: readonly Intervals[]): readonly Intervals[] =>
  xs.map((x, k) => tabulated(x.shape, i => hull(intervalAt(x, i), intervalAt(ys[k] as Intervals, i))))

/**
 * All states that an iteration may end with: while it is not decided whether it goes on, both are followed. What is
 * enclosed is the loop in exact arithmetic, its number of steps included.
 */
const iterated = ({ states, limit }: Loop, inputs: readonly Intervals[], step: Run): readonly Intervals[] => {
  const count = states.length
  const free = inputs.slice(count + 1)
  let current = inputs.slice(0, count)
  let going = intervalAt(inputs[count] as Intervals, 0)
  let ends: readonly Intervals[] | undefined
  for (let taken = 0; taken < limit && !(going.hi <= 0); taken++) {
    if (!(going.lo > 0)) ends = ends === undefined ? current : hulls(ends, current)
    const next = step([...current, ...free])
    current = next.slice(0, count)
    going = intervalAt(next[count] as Intervals, 0)
  }
  return ends === undefined ? current : hulls(ends, current)
}

const evaluated = (
  outputs: readonly Tensor[],
  inputs: readonly Tensor[],
  values: readonly Intervals[],
  lines: Lines
): readonly Intervals[] => {
  const line = (tensor: Tensor, known: readonly Value[]): Value => {
    if (isA(componentPrimitive, tensor)) return (known[0] as readonly Intervals[])[tensor.parameters.index] as Intervals
    const constant = numbersOf(tensor)
    if (constant !== undefined) return exactIntervals(rowMajor(constant), tensor.shape)
    const xs = known as readonly Intervals[]
    if (isA(iteratePrimitive, tensor)) {
      const { body } = tensor.parameters
      return iterated(tensor.parameters, xs, x => evaluated(body.results, [...body.bound, ...body.free], x, lines))
    }
    const own = lines[tensor.primitive.name] ?? lineFor<Intervals>(table, tensor)
    return (own ?? defect(`there are no intervals of ${tensor.primitive.name}`))(xs, tensor)
  }
  return fold<Value>(outputs, line, new Map(inputs.map((x, i) => [x, values[i] as Value]))) as readonly Intervals[]
}

/**
 * Prepares the outputs for evaluation by intervals.
 * @param inputs the variables, in the order in which their enclosures will be given
 * @param lines further primitives, which are then not expanded
 * @throws TypeError if the outputs use an input that is not listed, or intervals have another shape than declared
 */
export const intervalProgram = (inputs: readonly Tensor[], outputs: readonly Tensor[], lines: Lines = {}): Run => {
  const expanded = expand(name => name in primitives || name in lines)(outputs)
  const given = new Set(inputs)
  const missing = topological(expanded).find(x => x.primitive.name === 'input' && !given.has(x))
  if (missing !== undefined)
    return defect(`the input ${(missing.parameters as { name: string }).name} has no intervals`)
  return values => {
    inputs.forEach((x, i) => {
      const { shape } = values[i] ?? defect(`${inputs.length} inputs were given ${values.length} arrays`)
      if (!sameShape(shape, x.shape)) defect(`an input of shape ${showShape(x.shape)} was given ${showShape(shape)}`)
    })
    return evaluated(expanded, inputs, values, lines)
  }
}
