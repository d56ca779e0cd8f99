import { rowMajor } from '../../../src/interpret/reference/arrays.js'
import { program } from '../../../src/interpret/reference/evaluate.js'
import { reference } from '../../../src/interpret/runningError/machine.js'
import { roundingErrors } from '../../../src/interpret/runningError/runningError.js'
import { simplify } from '../../../src/rewrite/simplify.js'
import { isRoot } from '../../../src/solve/root.js'
import { fromArray, scalar } from '../../../src/tensor/constructors.js'
import { topological } from '../../../src/tensor/graph.js'
import type { Tensor } from '../../../src/tensor/tensor.js'

/** Numbers of tensors without inputs, common parts computed once. */
export const numbers = (...outputs: readonly Tensor[]): readonly Float64Array[] =>
  program([], simplify(outputs))([]).map(values => Float64Array.from(rowMajor(values)))

/** The numbers of one tensor. */
export const valuesOf = (output: Tensor): Float64Array => numbers(output)[0] as Float64Array

/** A computed number and how far it may be from what it stands for. */
export interface Bounded {
  readonly value: number
  readonly error: number
}

const up = 1 + 2 ** -48

/** Euclidean length, with room for its own rounding. */
export const length = (v: ArrayLike<number>): number => Math.hypot(...Array.from(v))

export const distance = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  length(Array.from(a, (x, i) => x - (b[i] as number)))

/** Computed values with running bounds of their errors. */
export interface Values {
  readonly values: Float64Array
  readonly errors: Float64Array
}

/**
 * Computed values of tensors with the running bounds of their rounding errors.
 * @param off how far some tensors (roots, computed points) are from what they stand for; the others are exact
 */
export const boundedAll = (
  outputs: readonly Tensor[],
  off: ReadonlyMap<Tensor, number> = new Map()
): readonly Values[] => {
  const known = new Map([...off].map(([tensor, error]) => [tensor, scalar(error)]))
  const all = numbers(...outputs, ...roundingErrors(reference, { known })(outputs))
  return outputs.map((_, i) => ({
    values: all[i] as Float64Array,
    errors: all[outputs.length + i] as Float64Array
  }))
}

export const bounded = (output: Tensor, off?: ReadonlyMap<Tensor, number>): Values =>
  boundedAll([output], off)[0] as Values

/** Every root among what the tensors are made of, each as far off as told. */
export const rootsOff = (outputs: readonly Tensor[], error: number): ReadonlyMap<Tensor, number> =>
  new Map(
    topological(outputs)
      .filter(isRoot)
      .map(tensor => [tensor, error])
  )

/** Whether numbers that stand for the same are as near as their bounds say; bounds must be finite. */
export const near = (a: Values, b: Values): boolean =>
  a.values.length === b.values.length &&
  a.values.every((x, i) => {
    const bound = (a.errors[i] as number) + (b.errors[i] as number)
    return bound < Infinity && Math.abs(x - (b.values[i] as number)) <= bound
  })

/** Length of what a tensor stands for: it is within `error` of `value`. */
export const sizeOfExact = (output: Tensor): Bounded => {
  const { values, errors } = bounded(output)
  const value = length(values)
  return { value, error: (length(errors) + value * 2 ** -50) * up }
}

/** What is proved of a computed point: F there, and the distance to the root. */
export interface Certificate {
  readonly residual: Bounded
  /** At most this far from the root: (|F| + e) / (1 - c). */
  readonly radius: number
  /** At least this far from the root: (|F| - e) / (1 + c). */
  readonly inner: number
}

/** Certifies a point as an approximate root of F, whose difference from the identity has a constant of at most c < 1. */
export const certificate = (f: (z: Tensor) => Tensor, z: ArrayLike<number>, c: number): Certificate => {
  const residual = sizeOfExact(f(fromArray(z)))
  const { value, error } = residual
  return {
    residual,
    radius: ((value + error) / (1 - c)) * up,
    inner: Math.max(0, (value - error) / (1 + c) / up)
  }
}

/** Whether a point is as good as float64 allows: the rule of the evaluated flows. */
export const hasConverged = ({ residual }: Certificate, z: ArrayLike<number>, tolerance = 1e-13): boolean =>
  Number.isFinite(residual.value) && residual.value <= Math.max(tolerance * (1 + length(z)), 2 * residual.error)
