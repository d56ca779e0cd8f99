import { type Agreement, agree as agrees, identical as same, withinBounds as within } from '../../src/laws/agreement.js'

export { numbersOfAll } from '../../src/laws/agreement.js'

/** An agreement as an assertion, so that it may stand among other conditions: true, or an error that says why not. */
const asserted =
  <A extends readonly unknown[]>(agreement: (...values: A) => Agreement) =>
  (...values: A): true => {
    const said = agreement(...values)
    if (said !== true) throw new Error(said)
    return said
  }

/** Numbers that stand for the same reals differ by no more than their bounds. */
export const withinBounds = asserted(within)

/** Tensors that stand for the same reals have equal shapes, and numbers that differ by no more than rounding allows. */
export const agree = asserted(agrees)

/** The same numbers, to the bit; signs of zeros included, unless told. */
export const identical = asserted(same)
