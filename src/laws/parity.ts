import fc from 'fast-check'
import { type Machine, reference } from '../interpret/runningError/machine.js'
import { roundingErrors } from '../interpret/runningError/runningError.js'
import { simplify } from '../rewrite/simplify.js'
import type { Tensor } from '../tensor/tensor.js'
import { type Agreement, type Measured, numbersOfAll, withinBounds } from './agreement.js'
import { type Application, applicable, applications, argumentsOf, functionOf } from './applications.js'
import { composed, compositions } from './compositions.js'
import { type Law, lawOf } from './law.js'
import { tensorOf } from './samples.js'

/** Numbers of tensors without inputs, in row-major order. */
export type Interpreter = (outputs: readonly Tensor[]) => Promise<readonly ArrayLike<number>[]>

/** What an interpreter is compared on. */
export interface ParityOptions {
  /** Applications that the interpreter knows; all unless told. */
  readonly knows?: (application: Application) => boolean
  /** How many applications are evaluated together, in one program: those of a law are at least 100 in all. */
  readonly together?: number
}

const measured = (numbers: readonly ArrayLike<number>[], count: number): readonly Measured[] =>
  numbers.slice(0, count).map((values, i) => ({ values, bounds: numbers[count + i] as ArrayLike<number> }))

/**
 * Whether an interpreter and `reference` agree on tensors within the bounds of both; the interpreter evaluates its own
 * bounds, beside the values. What is compared is simplified beforehand, because bounds are those of the operations done.
 */
const sameAsReference = async (
  interpret: Interpreter,
  machine: Machine,
  expressions: readonly Tensor[]
): Promise<Agreement> => {
  const outputs = simplify(expressions)
  const theirs = await interpret([...outputs, ...roundingErrors(machine)(outputs)])
  const ours = numbersOfAll([...outputs, ...roundingErrors(reference)(outputs)])
  return withinBounds(measured(theirs, outputs.length), measured(ours, outputs.length))
}

/**
 * The laws of an interpreter of expressions: each primitive, and random compositions, as `reference` computes them, within
 * the rounding errors of both.
 * @param interpret numbers of tensors that have no inputs
 * @param machine what is assumed of the interpreter's arithmetic
 */
export const parity = (
  name: string,
  interpret: Interpreter,
  machine: Machine,
  { knows = () => true, together = 10 }: ParityOptions = {}
): readonly Law[] => {
  const several = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
    fc.array(one, { minLength: together, maxLength: together })
  const share = 1 / together
  const each = applicable.flatMap(primitive =>
    (['ordinary', 'wild'] as const).map(mood =>
      lawOf(
        `${name} computes what reference computes: ${primitive} of ${mood} numbers`,
        [several(applications(primitive, mood).filter(knows))],
        chosen =>
          sameAsReference(
            interpret,
            machine,
            chosen.map(x => functionOf(x)(...argumentsOf(x)))
          ),
        { share }
      )
    )
  )
  const random = [true, false].map(smoothly =>
    lawOf(
      `${name} computes what reference computes: random compositions of ${smoothly ? 'smooth' : 'all'} primitives`,
      [several(compositions({ smoothly }))],
      chosen =>
        sameAsReference(
          interpret,
          machine,
          chosen.map(x => composed(x)(x.arguments.map(tensorOf)))
        ),
      { share }
    )
  )
  return [...each, ...random]
}
