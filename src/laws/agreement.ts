import fc from 'fast-check'
import { rowMajor } from '../interpret/reference/arrays.js'
import { program } from '../interpret/reference/evaluate.js'
import { reference } from '../interpret/runningError/machine.js'
import { roundingErrors } from '../interpret/runningError/runningError.js'
import { sameShape, showShape } from '../tensor/shape.js'
import type { Tensor } from '../tensor/tensor.js'

/** Numbers of tensors without inputs, by `reference`, each in a new array. */
export const numbersOfAll = (outputs: readonly Tensor[]): readonly Float64Array[] =>
  program([], outputs)([]).map(values => Float64Array.from(rowMajor(values)))

/** Numbers with bounds of their errors. */
export interface Measured {
  readonly values: ArrayLike<number>
  readonly bounds: ArrayLike<number>
}

/** True, or why not. */
export type Agreement = true | string

/**
 * Whether numbers that stand for the same reals differ by no more than their bounds. Where no bound is finite, there is
 * nothing to check: fast-check counts that as no case.
 */
export const withinBounds = (left: readonly Measured[], right: readonly Measured[]): Agreement => {
  let checked = 0
  let entries = 0
  for (const [k, a] of left.entries()) {
    const b = right[k] as Measured
    if (a.values.length !== b.values.length) return `${a.values.length} numbers against ${b.values.length}`
    for (let i = 0; i < a.values.length; i++) {
      const [x, y] = [a.values[i] as number, b.values[i] as number]
      const bound = (a.bounds[i] as number) + (b.bounds[i] as number)
      entries++
      if (bound < Infinity) checked++
      if (!(Math.abs(x - y) <= bound) && bound < Infinity)
        return `output ${k}, entry ${i}: ${x} against ${y}, ${Math.abs(x - y)} apart, bound ${bound}`
      if (Number.isNaN(bound)) return `output ${k}, entry ${i}: the bound is NaN`
    }
  }
  fc.pre(entries === 0 || checked > 0)
  return true
}

/** Tensors that stand for the same reals have equal shapes, and numbers that differ by no more than rounding allows. */
export const agree = (left: readonly Tensor[], right: readonly Tensor[]): Agreement => {
  for (const [k, a] of left.entries()) {
    const b = right[k]
    if (b === undefined || !sameShape(a.shape, b.shape))
      return `shapes ${showShape(a.shape)} and ${b === undefined ? 'none' : showShape(b.shape)}`
  }
  const both = [...left, ...right]
  const all = numbersOfAll([...both, ...roundingErrors(reference)(both)])
  const measured = both.map((_, k) => ({
    values: all[k] as Float64Array,
    bounds: all[both.length + k] as Float64Array
  }))
  return withinBounds(measured.slice(0, left.length), measured.slice(left.length))
}

/** The same numbers, to the bit; signs of zeros included, unless told. */
export const identical = (
  left: readonly ArrayLike<number>[],
  right: readonly ArrayLike<number>[],
  { signs = true }: { readonly signs?: boolean } = {}
): Agreement => {
  for (const [k, a] of left.entries()) {
    const b = right[k] as ArrayLike<number>
    if (a.length !== b.length) return `${a.length} numbers against ${b.length}`
    for (let i = 0; i < a.length; i++)
      if (!Object.is(a[i], b[i]) && !(!signs && a[i] === b[i])) return `output ${k}, entry ${i}: ${a[i]} is not ${b[i]}`
  }
  return true
}
