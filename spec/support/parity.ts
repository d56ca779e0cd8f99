import fc from 'fast-check'
import { describe } from 'vitest'
import { type Machine, reference } from '../../src/interpret/runningError/machine.js'
import { roundingErrors } from '../../src/interpret/runningError/runningError.js'
import { simplify } from '../../src/rewrite/simplify.js'
import type { Tensor } from '../../src/tensor/tensor.js'
import { type Measured, numbersOfAll, withinBounds } from './agreement.js'
import { type Application, applicable, applications, argumentsOf, functionOf } from './applications.js'
import { tensorOf } from './arbitraries.js'
import { composed, compositions } from './compositions.js'
import { law } from './law.js'

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
): Promise<boolean> => {
  const outputs = simplify(expressions)
  const theirs = await interpret([...outputs, ...roundingErrors(machine)(outputs)])
  const ours = numbersOfAll([...outputs, ...roundingErrors(reference)(outputs)])
  return withinBounds(measured(theirs, outputs.length), measured(ours, outputs.length))
}

/** The suite that every interpreter passes: each primitive, and random compositions, against `reference` within bounds. */
export const parity = (
  name: string,
  interpret: Interpreter,
  machine: Machine,
  { knows = () => true, together = 10 }: ParityOptions = {}
): void => {
  describe(`${name} computes what reference computes, within the rounding errors of both`, () => {
    const cases = Math.ceil(100 / together)
    const several = <T>(one: fc.Arbitrary<T>): fc.Arbitrary<readonly T[]> =>
      fc.array(one, { minLength: together, maxLength: together })
    for (const primitive of applicable)
      for (const mood of ['ordinary', 'wild'] as const)
        law(
          `${primitive} of ${mood} numbers`,
          [several(applications(primitive, mood).filter(knows))],
          chosen =>
            sameAsReference(
              interpret,
              machine,
              chosen.map(x => functionOf(x)(...argumentsOf(x)))
            ),
          { cases }
        )
    for (const smoothly of [true, false])
      law(
        `random compositions of ${smoothly ? 'smooth' : 'all'} primitives`,
        [several(compositions({ smoothly }))],
        chosen =>
          sameAsReference(
            interpret,
            machine,
            chosen.map(x => composed(x)(x.arguments.map(tensorOf)))
          ),
        { cases }
      )
  })
}
